"""A case at the desk: all that staff may see of it, and each action open to them as a form."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from chalicelib.cases.views import ActionView, CaseView, EventView
from chalicelib.desk.errors import BadInput, Conflict, NotAllowed, NotFound, NotOpen
from chalicelib.desk.forms import schema
from chalicelib.desk.people import Organisation
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import condition_in_words, name_of, yes_and_no
from chalicelib.desk.words import said
from chalicelib.web.acting import acted
from chalicelib.web.form_fields import Input, answers, inputs
from chalicelib.web.page import Page, Visit, in_words, moved
from chalicelib.web.pages import reader_time
from chalicelib.web.phrases import translated, words
from chalicelib.web.staff_page import staff_page
from chalicelib.web.worklist_page import due_mark


class Told(Struct, kw_only=True):
    """What is said above a case, and what somebody typed in the form of an action that was not done."""

    action: str = ""
    typed: Mapping[str, str] | None = None
    problems: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what went wrong
    good: list[str] = field(default_factory=list)  # what was done, and what the procedure says of it
    since: int = 0  # the version that was seen: what happened after it is shown
    status: int = 200


class Form(Struct, frozen=True, kw_only=True):
    """An action with its fields."""

    action: ActionView
    inputs: list[Input]
    open: bool


@staff_page("GET", "/desk/cases/{number}")
def show(visit: Visit) -> Page:
    """The whole case. `done`: the action that was just done; `do`: the one whose form is to stand open."""
    told = Told(action=visit.query.get("do", ""))
    return _case(visit, told, done=visit.query.get("done", ""))


@staff_page("POST", "/desk/cases/{number}")
def act(visit: Visit) -> Page:
    """Do an action, by the use case that the API calls. What was typed stays until it is done."""
    staff, number, action = visit.staff, visit.path["number"], visit.form.get("action", "")
    version, (form, zone) = _version(visit.form.get("version", "")), _schema(visit, action)
    told, places = Told(action=action, typed=visit.form), set(form["properties"])
    try:
        done = acted(visit.world, staff, number, action, answers(form, zone, visit.form), version)
    except BadInput as bad:
        told.status = bad.status
        told.problems = {p.field: in_words(p, visit.language) for p in bad.problems if p.field in places}
        told.notes = [in_words(p, visit.language) for p in bad.problems if p.field not in places]
    except (Conflict, NotOpen) as faster:
        told.status, told.since = faster.status, version
        told.notes = [words("desk")["changed_meanwhile"][visit.language]]
    except NotAllowed as refused:
        told.status, told.notes = refused.status, [translated(refused.detail, visit.language)]
    else:
        view = visit.world.show.view(done.case, staff.person, visit.language)
        if view is None:  # it is no longer for them
            return moved(visit.public("desk"))
        if not done.warnings:
            return moved(visit.public(f"desk/cases/{number}", done=action))
        told = Told(good=[said(warning, visit.language) for warning in done.warnings])
    return _case(visit, told)


@staff_page("POST", "/desk/cases/{number}/identity")
def identity(visit: Visit) -> Page:
    """Who complains in confidence, for whoever may know; the look is recorded."""
    try:
        return _case(visit, Told(), identity=True)
    except NotAllowed as refused:
        return told_of(visit, refused.detail, refused.status)
    except Conflict as busy:
        return told_of(visit, words("pages")["try_again"][visit.language], busy.status)


def told_of(visit: Visit, refusal: str, status: int) -> Page:
    """The case, with why something else was refused."""
    return _case(visit, Told(notes=[translated(refusal, visit.language)], status=status))


def _case(visit: Visit, told: Told, *, done: str = "", identity: bool = False) -> Page:
    world, staff, number, language = visit.world, visit.staff, visit.path["number"], visit.language
    view = world.show(staff.org, number, staff.person, language, identity=identity)
    events = world.show.history(staff.org, number, staff.person, language)
    desk = world.desks.at(staff.org, view.site, view.procedure, view.procedure_version)
    zone = desk.calendar.zone
    if done and (title := next((e.title for e in reversed(events) if e.action == done), "")):
        told.good.append(words("desk")["was_done"][language].format(title))
    shows: dict[str, Any] = {
        "case": view,
        "forms": [_form(desk, action, view, told, language) for action in view.actions],
        "gone": told.typed if told.action not in {action.id for action in view.actions} else None,
        "told": told,
        "changed": [event for event in events if event.version > told.since] if told.since else [],
        "events": list(reversed(events)),
        "rules": lambda ids: [view.why[id] for id in ids if id in view.why],
        "papers": [(id, said(form.title, language)) for id, form in desk.procedure.forms.items()],
        "names": _names(events, desk.organisation),
        "at": reader_time(visit, zone),
        "until": reader_time(visit, zone, ends=True),
        "mark": lambda due: due_mark(due, world.clock(), zone),
    }
    return Page(template="desk_case", shows=shows, status=told.status)


def _form(desk: Desk, action: ActionView, view: CaseView, told: Told, language: str) -> Form:
    mine = told.action == action.id
    typed = told.typed if mine else None
    fields = inputs(action.form, desk.calendar.zone, typed, lambda test: condition_in_words(desk, test, language))
    tasks = {task.id: "; ".join([task.title, *(f"{s.title}: {s.text}" for s in task.shows)]) for task in view.tasks}
    for one in fields:
        if one.id == "task":
            one.choices = [(id, tasks.get(id, id)) for id, _ in one.choices]
            one.value = one.value or (one.choices[0][0] if len(one.choices) == 1 else "")
        elif one.draws == "file":
            one.choices = [(file.id, file.name or file.id) for file in view.attachments]
        else:
            one.choices = yes_and_no(one.choices, language)
    return Form(action=action, inputs=fields, open=mine or len(view.actions) == 1)


def _schema(visit: Visit, action: str) -> tuple[dict[str, Any], str]:
    """The form of an action, open or not (it may be sent twice), and the zone of the site. Raises NotFound."""
    case = visit.world.show.seen(visit.staff.org, visit.path["number"], visit.staff.person)
    desk = visit.world.desks.of(case)
    meant = desk.procedure.actions.get(action)
    if meant is None:
        raise NotFound(f"There is no action {action!r}.")
    return schema(desk.procedure, case, meant, desk.organisation, visit.language), desk.calendar.zone


def _names(events: list[EventView], organisation: Organisation) -> dict[str, str]:
    """The names of those who were told."""
    return {told.to: name_of(organisation, told.to) for event in events for told in event.told}


def _version(text: str) -> int:
    """The version that the form names. Raises NotFound for a form that is none of ours."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise NotFound("There is no such version.")
    return int(text)
