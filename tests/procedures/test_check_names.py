"""Names that lead nowhere, answers that steer but may be unknown, words and letters that are missing."""

from typing import Any

import pytest

from chalicelib.desk.procedure import Procedure
from tests.procedures.broken.breaking import GONE, said, sound

WORDS = {"zh": "话", "en": "words"}

OFTEN = {"title": WORDS, "same": ["kind_of"], "at_least": "3", "within_days": "30", "tell": ["head"]}
DUTY = {"duties.day": {"title": WORDS, "every": "daily", "by": "clerk", "to": ["head"]}}


def kept() -> dict[str, Any]:
    """A task that a lateness opens and that outlives the case."""
    return {
        "tasks.kept": {"title": WORDS, "for": ["head"], "opened_by": ["late solve"], "stays": "true"},
        "clocks.kept": {"title": WORDS, "each": "kept", "limit": ""},
        "actions.keep": {"title": WORDS, "at": ["any"], "by": ["head"], "finishes": "kept"},
    }


NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "a stage in a way": ({"actions.tell.goes": "close"}, 'actions.tell.goes[0].to: There is no stage "close".'),
    "a stage in `at`": ({"actions.tell.at": ["tld"]}, 'actions.tell.at: There is no stage "tld".'),
    "a role in `by`": ({"actions.tell.by": ["clark"]}, 'actions.tell.by: There is no role "clark".'),
    "a role in charge": ({"stages.told.in_charge": "x"}, 'stages.told.in_charge: There is no role "x".'),
    "a role in a ladder": (
        {"clocks.visit.ladder": [{"at": "due", "tell": ["boss"]}]},
        'clocks.visit.ladder[0].tell: There is no role "boss".',
    ),
    "a field asked": ({"actions.tell.asks": ["replay"]}, 'actions.tell.asks: There is no field "replay".'),
    "a field put": ({"actions.tell.put": {"x": "1"}}, 'actions.tell.put: There is no field "x".'),
    "a choice put": (
        {"actions.tell.put": {"kind_of": "bad"}},
        'actions.tell.put.kind_of: "bad" is no choice of the field "kind_of".',
    ),
    "a field of the wrong type": (
        {"roles.department.staff_of": "content"},
        'roles.department.staff_of: The field "content" must be of type department.',
    ),
    "an action in a role": ({"roles.receiver.did": "x"}, 'roles.receiver.did: There is no action "x".'),
    "all of a role that is none": (
        {"actions.tell.sends": [{"letter": "result", "to": ["all_of clark"]}]},
        'actions.tell.sends[0].to: There is no role "clark".',
    ),
    "all of the customer": (
        {"actions.tell.sends": [{"letter": "result", "to": ["all_of customer"]}]},
        'actions.tell.sends[0].to: There is no role "customer".',
    ),
    "an action among those of a role": (
        {"roles.receiver.did": ["register", "x"]},
        'roles.receiver.did: There is no action "x".',
    ),
    "a cap counted from nothing": (
        {"fields.visit_at.not_after": {"limit": "3d", "from": "began"}},
        'fields.visit_at.not_after.from: There is no field "began".',
    ),
    "a cap on what is no time": (
        {"fields.reply.not_after": {"limit": "3d"}},
        "fields.reply.not_after: Only an instant can lie after another.",
    ),
    "a text that happened": (
        {"fields.reply.before": "now"},
        "fields.reply.before: Only an instant or a date can lie before now.",
    ),
    "a cap that would refuse a complaint": (
        {"fields.received_at.not_after": {"limit": "3d", "from": "now"}},
        "fields.received_at.not_after: The action that opens a case asks for it, and refuses nothing.",
    ),
    "a clock's cap counted from now": (
        {"clocks.transfer.limit": {"is": "24h", "not_after": {"limit": "3d", "from": "now"}}},
        "clocks.transfer.limit.not_after.from: A clock counts its cap from `received` or a field.",
    ),
    "a clock's cap at what is no time": (
        {"clocks.transfer.limit": {"is": "24h", "not_after": {"limit": {"until": "reply"}}}},
        'clocks.transfer.limit.not_after.limit: The field "reply" must be of type instant.',
    ),
    "a limit of opening of no length": (
        {"clocks.transfer.limit": {"of_opening": "soon"}},
        'clocks.transfer.limit.of_opening: "soon" is no limit; write one such as',
    ),
    "a duty for today that opens as the day begins": (
        {**DUTY, "duties.day.covers": "today"},
        "duties.day.opens_at: The day that it covers has only begun as it opens; say when.",
    ),
    "a duty that opens at no time": (
        {**DUTY, "duties.day.opens_at": "25:00"},
        'duties.day.opens_at: "25:00" is no time of day such as 17:30.',
    ),
    "a duty that opens when a setting of another type says": (
        {**DUTY, "duties.day.opens_at": {"setting": "accept"}, "settings.accept.default": "3d"},
        'duties.day.opens_at: The setting "accept" is a limit; here stands a "time" only.',
    ),
    "a signal that opens a task": (
        {"tasks.visit.opened_by": ["late tll"]},
        'tasks.visit.opened_by[0]: There is no clock "tll".',
    ),
    "a field that a task takes": ({"tasks.visit.takes": ["x"]}, 'tasks.visit.takes: There is no field "x".'),
    "a task that a watch opens": (
        {"watches.often": {**OFTEN, "opens": "look"}},
        'watches.often.opens: There is no task "look".',
    ),
    "when a watch tells": (
        {"watches.often": {**OFTEN, "when": {"our": "no"}}},
        'watches.often.when: There is no field "our".',
    ),
    "a number without a default": (
        {"settings.few": {"title": WORDS, "type": "number", "default": ""}},
        "settings.few: A setting of type number has a default.",
    ),
    "a default of another type": (
        {"settings.accept.default": {"setting": "counts_from"}},
        'settings.accept: "entered solving" is no limit',
    ),
    "a default of another type, empty": (
        {
            "settings.accept.default": {"setting": "how_often"},
            "settings.how_often": {"title": WORDS, "type": "recurrence", "default": ""},
        },
        'settings.accept.default: "how_often" is a recurrence, and this is a limit.',
    ),
    "a condition on a setting there is not": (
        {"clocks.solve.only_when": {"setting": {"strict": "yes"}}},
        'clocks.solve.only_when.setting.strict: There is no setting "strict".',
    ),
    "a task opened": ({"actions.arrange.opens": [{"task": "x"}]}, 'opens[0].task: There is no task "x".'),
    "a letter": (
        {"actions.tell.sends": [{"letter": "x", "to": ["customer"]}]},
        'actions.tell.sends[0].letter: There is no letter "x".',
    ),
    "a signal": ({"clocks.tell.stops": ["left tld"]}, 'clocks.tell.stops[0]: There is no stage "tld".'),
    "a field in a condition": (
        {"actions.solve.goes.0.when": {"our": "yes"}},
        'actions.solve.goes[0].when: There is no field "our".',
    ),
    "an answer in a condition": (
        {"actions.solve.goes.0.when": {"ours": "yep"}},
        'actions.solve.goes[0].when: There is no answer to "ours" of "yep".',
    ),
    "a number in a condition": (
        {"actions.solve.goes.0.when": {"content": {"at_least": "3"}}},
        'actions.solve.goes[0].when: The field "content" holds no number, so nothing in it is at least 3.',
    ),
    "another number in a condition": (
        {"actions.solve.goes.0.when": {"content": {"more_than": "3"}}},
        'actions.solve.goes[0].when: The field "content" holds no number, so nothing in it is more than 3.',
    ),
    "a clock in a condition": (
        {"stages.told.moves.0.when": {"late": "x"}},
        'stages.told.moves[0].when: There is no clock "x".',
    ),
    "a setting": ({"clocks.tell.limit": {"setting": "x"}}, 'clocks.tell.limit: There is no setting "x".'),
    "a setting nobody uses": (
        {"settings.spare": {"title": WORDS, "type": "limit"}},
        'settings.spare: Nothing uses the setting "spare".',
    ),
    "a setting of the wrong type": (
        {"clocks.tell.limit": {"setting": "counts_from"}},
        'clocks.tell.limit: "entered solving" is no limit; write one such as 45m, 24h, 3d, 0d or 8bh.',
    ),
    "a setting of the wrong type, empty": (
        {"settings.accept.type": "number"},
        'clocks.solve.limit[1].is: The setting "accept" is a number; here stands a "limit" only.',
    ),
    "a guide for the customer in the middle of a case": (
        {"guides.manner.for": ["customer"]},
        "guides.manner.at: A guide for the customer is shown on the public form: at: [new].",
    ),
    "an offer of another kind": (
        {"fields.cost.fill": "now"},
        'fields.cost.fill: "now" answers fields of type instant or date only.',
    ),
    "an offer that is no answer": (
        {"fields.kind_of.fill": "bad"},
        'fields.kind_of.fill: "bad" is no answer of this field.',
    ),
    "an offer that is no time": (
        {"fields.visit_at.fill": "soon"},
        'fields.visit_at.fill: "soon" is no limit; write one such as 45m, 24h, 3d, 0d or 8bh.',
    ),
    "an offer counted from another field": (
        {"fields.visit_at.fill": {"until": "received_at"}},
        "fields.visit_at.fill: A time to offer is counted from now, and from no other field.",
    ),
    "an offer by a setting of another type": (
        {"settings.city": {"title": WORDS, "type": "text"}, "fields.visit_at.fill": {"setting": "city"}},
        'fields.visit_at.fill: The setting "city" is a text; here stands a "limit" only.',
    ),
    "an entry of a library": (
        {"libraries": {"lessons": {"title": WORDS, "entry": "cost"}}},
        'libraries.lessons.entry: The field "cost" must be of type text or long.',
    ),
    "what a library goes by": (
        {"libraries": {"lessons": {"title": WORDS, "entry": "reply", "same": ["kind"]}}},
        'libraries.lessons.same: There is no field "kind".',
    ),
    "a library of what is not for everyone": (
        {"libraries": {"lessons": {"title": WORDS, "entry": "reply"}}, "fields.reply.seen_by": ["head"]},
        'libraries.lessons: "reply" is not for everyone who handles the next case.',
    ),
    "a notice that tells nothing": (
        {"notices": {"hotline": {"title": WORDS, "entries": {}}}},
        "notices.hotline.entries: A notice without entries tells nobody anything.",
    ),
    "an entry of a notice without words": (
        {"notices": {"hotline": {"title": WORDS, "entries": {"phone": {"title": {"en": "Phone"}}}}}},
        "notices.hotline.entries.phone.title: There are no words in zh-Hans and zh-Hant.",
    ),
    "a setting in words": (
        {"guides.manner.lines.B-04.en": "Call {setting.hotline}."},
        'guides.manner.lines.B-04.en: There is no setting "hotline".',
    ),
    "a setting in words that is no words": (
        {"guides.manner.lines.B-04.en": "Within {setting.accept}."},
        'guides.manner.lines.B-04.en: The setting "accept" is a limit; words take "text", "number", "time" only.',
    ),
    "a place in the posted complaint": (
        {"fields.content.intake": "content.detail"},
        'fields.content.intake: The posted complaint has no "content.detail".',
    ),
    "a channel": ({"channels.fax": {"title": WORDS}}, "channels.fax: A channel is one of:"),
    "a column": ({"registers.forms.columns": ["nr"]}, 'registers.forms.columns: There is no field "nr".'),
    "a stage in a promise": ({"promises.2.to": "x"}, 'promises[2].to: There is no stage "x".'),
    "a promise that lacks something": (
        {"promises.2": {"kind": "no_way", "from": "closed"}},
        'promises[2]: A promise of kind no_way needs "to".',
    ),
    "a role that means two things": (
        {"roles.clerk.did": "register", "roles.clerk.staff_of": "department"},
        'roles.clerk: A role is found in one way only, not by "did", "staff_of" at once.',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), NAMES.values(), ids=NAMES)
def test_a_name_that_leads_nowhere_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(sentence in problem for problem in said(changes))


ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "a steering field that may be unknown": (
        {"fields.ours.never_unknown": GONE},
        'actions.solve.goes[0].when: The field "ours" steers the case here, so it must be `never_unknown`.',
    ),
    "a field nobody asks for": (
        {"fields.spare": {"title": WORDS, "type": "text"}},
        'fields.spare: No action asks for the field "spare", and nothing puts an answer there.',
    ),
    "an answer of intake that the opening form lacks": (
        {"fields.reply.intake": "content.outcome"},
        'fields.reply.intake: The action that opens a case does not ask for "reply".',
    ),
    "a task nobody opens": ({"actions.arrange.opens": GONE}, 'tasks.visit: No action opens the task "visit"'),
    "a task nobody finishes": ({"actions.visit.finishes": GONE}, 'tasks.visit: No action finishes the task "visit".'),
    "a task that opens itself": (
        {**kept(), "tasks.kept.opened_by": ["late transfer", "late kept"]},
        'tasks.kept.opened_by: The task "kept" opens itself again: it would never end.',
    ),
    "tasks that open each other": (
        {**kept(), "tasks.kept.opened_by": ["opened visit"], "tasks.visit.opened_by": ["opened kept"]},
        'tasks.kept.opened_by: The task "kept" opens itself again: it would never end.',
    ),
    "a task that opens by itself and has no clock": (
        {path: value for path, value in kept().items() if path != "clocks.kept"},
        'tasks.kept.opened_by: Nobody asks after the task "kept": no clock runs for each of it.',
    ),
    "a task that opens by itself and ends with the case": (
        {**kept(), "tasks.kept.stays": GONE},
        'tasks.kept.opened_by: The task "kept" would end with the case: let it stay (`stays`), or the case wait',
    ),
    "a task that outlives the case with nobody to finish it": (
        {**kept(), "actions.keep.at": ["open"]},
        'tasks.kept.stays: It outlives the case, but nobody can finish it at "closed", "withdrawn".',
    ),
    "a task that outlives the case and is left to whoever is in charge": (
        {**kept(), "actions.keep.by": ["in_charge"]},
        'tasks.kept.stays: It outlives the case, but nobody can finish it at "closed", "withdrawn".',
    ),
    "a watch that opens what ends with the case": (
        {**kept(), "tasks.kept.opened_by": GONE, "tasks.kept.stays": GONE, "watches.often": {**OFTEN, "opens": "kept"}},
        'watches.often.opens: The task "kept" would end with the case',
    ),
    "a task that does not take when it is due": (
        {"actions.arrange.opens": [{"task": "visit"}]},
        'actions.arrange.opens[0].takes: The task "visit" must take "visit_at", or the next one opened would change',
    ),
    "a task that does not take whose it is": (
        {"actions.transfer.opens": [{"task": "visit"}], "tasks.visit.for": ["department"]},
        'actions.transfer.opens[0].takes: The task "visit" must take "department", or the next one opened would',
    ),
    "a task that can't lapse": (
        {"clocks.visit": GONE, "tasks.visit.lapses": "true"},
        'tasks.visit.lapses: The task "visit" can\'t lapse: no clock runs for each of it.',
    ),
    "a gate that waits for what comes later": (
        {
            "actions.transfer.needs": [{"that": {"done": "tell"}, "say": WORDS}],
            "actions.tell.at": ["told"],
            "actions.solve.goes": "told",
        },
        'actions.transfer.needs[0].that: At the stage "received" this can never hold',
    ),
    "a gate that waits for an answer asked later": (
        {
            "actions.transfer.needs": [{"that": {"reply": "given"}, "say": WORDS}],
            "actions.solve.goes": "told",
        },
        'actions.transfer.needs[0].that: At the stage "received" this can never hold',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), ANSWERS.values(), ids=ANSWERS)
def test_a_fault_in_answers_and_tasks_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in said(changes))


def test_what_opens_by_itself_and_stays_is_sound() -> None:
    assert said(kept()) == []
    assert said({**kept(), "tasks.kept.opened_by": GONE, "watches.often": {**OFTEN, "opens": "kept"}}) == []


def test_the_clock_of_a_stage_may_be_started_by_a_task_that_a_lateness_opens() -> None:
    assert said({**kept(), "clocks.solve.stops": ["opened kept", "left solving"]}) == [
        'stages.solving: No clock runs in the stage "solving" after "register", "transfer", "solve" is late; '
        "an empty limit counts."
    ]


def test_a_steering_field_may_be_unknown_where_a_way_is_meant_for_that() -> None:
    ways = [
        {"when": {"ours": "unknown"}, "to": "received"},
        {"when": {"ours": "yes"}, "to": "told"},
        {"to": "received"},
    ]

    assert said({"fields.ours.never_unknown": GONE, "actions.solve.goes": ways}) == []


WORDING: dict[str, tuple[dict[str, Any], str]] = {
    "words in one language": ({"stages.told.title": {"zh": "已告知"}}, "stages.told.title: There are no words in en."),
    "words of a choice": (
        {"fields.kind_of.choices.other": {"en": "Other"}},
        "fields.kind_of.choices.other: There are no words in zh-Hans and zh-Hant.",
    ),
    "no words at all": ({"channels.phone": {}}, "channels.phone.title: Its words are missing: write {zh: …, en: …}."),
    "empty words": ({"tasks.visit.title.en": ""}, "tasks.visit.title: There are no words in en."),
    "a rule id": ({"actions.transfer.rules": ["B3"]}, 'actions.transfer: "B3" is no rule id such as C-18.'),
    "rules of two procedures": (
        {"actions.transfer.rules": ["C-03"]},
        "Rules of several written procedures are named: B, C.",
    ),
    "an id": ({"stages.Lost": {"title": WORDS, "status": "closed"}}, "stages.Lost: A name has small letters"),
}


@pytest.mark.parametrize(("changes", "sentence"), WORDING.values(), ids=WORDING)
def test_missing_words_are_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in said(changes))


def _letter(**parts: str) -> dict[str, dict[str, str]]:
    text = {"subject": "{number}", "sms": "{number}", "body": "{number}\n", **parts}
    return {"zh-Hans": text, "zh-Hant": text, "en": text}


LETTERS: dict[str, tuple[dict[str, dict[str, str]], str]] = {
    "a language": (
        {"zh-Hans": _letter()["en"], "en": _letter()["en"]},
        'letters.result.zh-Hant: The letter "result" is not written in zh-Hant.',
    ),
    "a text message": (_letter(sms=""), 'letters.result.en: The letter "result" has no sms.'),
    "a word": (_letter(body="{nummer}"), "letters.result.en: {nummer} is no word that the desk or a field can fill."),
    "what staff alone may see": (
        _letter(body="{facts}"),
        "letters.result.en: {facts} is for staff alone: the field is not `seen_by: customer`",
    ),
    "a clock that is not there": (_letter(body="{due}"), "letters.result.en: {due} is empty here: an action sends"),
    "a period that is not there": (_letter(body="{period}"), "letters.result.en: {period} is empty here: a duty alone"),
    "room": (
        _letter(sms="投" * 100 + "{reply}{number}"),
        "letters.result.en.sms: With everything filled in it takes 134",
    ),
}


@pytest.mark.parametrize(("letter", "sentence"), list(LETTERS.values())[:-1], ids=list(LETTERS)[:-1])
def test_a_letter_that_lacks_something_is_found(letter: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in said({}, result=letter))


def test_a_text_message_holds_134_characters_with_everything_filled_in() -> None:
    fits, too_long = (_letter(sms="投" * length + "{reply}{number}") for length in (100, 101))  # 20 and 14 more

    assert said({}, result=fits) == []
    assert (
        "letters.result.en.sms: With everything filled in it takes 135 characters; two text messages hold 134. "
        "Counted are {reply} 20, {number} 14."
    ) in said({}, result=too_long)


def test_a_plain_latin_text_message_holds_306() -> None:
    fits, too_long = (_letter(sms="x" * length + "{number}") for length in (292, 293))

    assert said({}, result=fits) == []
    assert any("two text messages hold 306" in problem for problem in said({}, result=too_long))


def test_a_letter_to_a_customer_may_use_what_the_customer_may_see() -> None:
    assert said({}, result=_letter(body="{reply}")) == []


def test_a_setting_may_stand_in_words_and_letters() -> None:
    hotline = {"settings.hotline": {"title": WORDS, "type": "text", "default": "12345"}}
    changes = {**hotline, "guides.manner.lines.B-04.en": "Call {setting.hotline}."}

    assert said(changes, result=_letter(body="{setting.hotline}")) == []
    assert 'letters.result.en: There is no setting "hotlin".' in said(hotline, result=_letter(body="{setting.hotlin}"))


def test_every_field_of_the_language_is_bound() -> None:
    assert isinstance(sound().bind({}), Procedure)
