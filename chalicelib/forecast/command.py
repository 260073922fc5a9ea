"""`python -m chalicelib.procedures simulate`: what would come of it, with one setting or with two side by side."""

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.desk.holidays import calendar_of, holidays
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.desk.words import said
from chalicelib.forecast import options
from chalicelib.forecast.complaints import Told, read
from chalicelib.forecast.course import Course
from chalicelib.forecast.durations import read_durations
from chalicelib.forecast.figures import Figures, figures_of
from chalicelib.forecast.generated import a_year
from chalicelib.forecast.incoming import Incoming
from chalicelib.forecast.journeys import plainly
from chalicelib.forecast.made_up import OTHER_UNITS, posts_of, staffed
from chalicelib.forecast.minutes import Minutes
from chalicelib.forecast.player import Manner
from chalicelib.forecast.shifts import Shifts, instant_of
from chalicelib.forecast.simulation import Simulation
from chalicelib.forecast.tables import LABELS, tables_of
from chalicelib.forecast.terminal import text_of
from chalicelib.forecast.wording import LANGUAGES, word
from chalicelib.procedures.compile import compile_source, source_of, sources
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Unsound

FOLLOWED = timedelta(days=60)
"""How long cases are followed after the last complaint came in."""

PENDING = 3 * 86400
"""Median seconds for which a case that is pending waits for somebody outside, unless `--wait` says otherwise."""


class Request(Struct, kw_only=True):
    """A forecast as asked for, all of it checked: one desk for each setting, what comes in, how it is worked on."""

    desks: list[Desk]
    said: list[dict[str, str]]
    complaints: list[Incoming]
    manner: Manner
    minutes: Minutes
    waits: dict[str, int]
    absent: float
    staff: str


def simulate(arguments: Sequence[str]) -> int:
    """Run the command; 1 when something asked for cannot be, with all that is wrong."""
    asked = _parser().parse_args(arguments)
    problems: list[Told] = []
    request = _request(asked, problems)
    if problems or request is None:
        print(word("problems", asked.language, count=len(problems)), file=sys.stderr)
        for name, about in problems:
            print("  " + word(name, asked.language, **about), file=sys.stderr)
        return 1
    runs = [_run(request, desk) for desk in request.desks]
    figures = [figures_of(run, settings) for run, settings in zip(runs, request.said, strict=True)]
    _tell(asked, request, runs, figures)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chalicelib.procedures simulate", description=__doc__)
    parser.add_argument("procedure", help="id of a procedure that ships, or the path of your own")
    come = parser.add_mutually_exclusive_group(required=True)
    come.add_argument("--complaints", type=Path, metavar="FILE", help="CSV or JSON lines, a complaint each")
    come.add_argument("--year", type=int, help="make up a year of complaints")
    parser.add_argument("--per-week", default="40", help="how many come in a week of that year (40)")
    for option, what in (
        ("set", "setting, or a clock's limit: transfer=24h"),
        ("versus", "the same for the second setting, which has all of --set that it does not change"),
        ("staff", "how many people hold a post: customer_service=3"),
        ("minutes", "median minutes that an action takes: classify=15"),
        ("wait", "median wait for somebody outside at a stage: pending=5d"),
        ("chance", "how often an action is done where it is open: withdraw=2%%"),
        ("answer", "how answers are spread: satisfied=yes:9,no:1"),
    ):
        parser.add_argument(f"--{option}", action="append", default=[], metavar="NAME=VALUE", help=what)
    parser.add_argument("--durations", type=Path, metavar="FILE", help="minutes observed: CSV action,minutes, or YAML")
    parser.add_argument("--organisation", type=Path, metavar="FILE", help="its people, hours and settings (YAML, JSON)")
    parser.add_argument("--absent", default="5%", help="share of days that each person is away (5%%)")
    parser.add_argument("--detour", default="10%", help="how often a case leaves the usual way (10%%)")
    parser.add_argument("--seed", default="1", help="the same seed is the same forecast")
    parser.add_argument("--language", choices=LANGUAGES, default="zh-Hans")
    parser.add_argument("--html", type=Path, metavar="FILE")
    parser.add_argument("--xlsx", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    return parser


def _request(asked: argparse.Namespace, problems: list[Told]) -> Request | None:
    source = source_of(asked.procedure)
    if source is None:
        problems.append(("no_procedure", {"name": asked.procedure, "known": ", ".join(sources())}))
        return None
    try:
        compiled = compile_source(source)
        procedure = compiled.bind({})
    except Unsound as unsound:
        problems += options.told_of(unsound.problems)
        return None
    desk, staff = _desk(asked, compiled, problems)
    changed = options.pairs("--set", asked.set, problems)
    other = options.pairs("--versus", asked.versus, problems)
    said_of = [changed, {**changed, **other}] if asked.versus else [changed]
    desks = [
        replace(desk, rulebook=Rulebook(options.bound(compiled, desk.site.settings, settings, option, problems)))
        for settings, option in zip(said_of, ("--set", "--versus"), strict=False)
    ]
    manner = _manner(asked, desk, problems)
    minutes = _minutes(asked, procedure, problems)
    waits = _waits(asked, procedure, problems)
    absent = options.share("--absent", asked.absent, problems)
    complaints = _complaints(asked, desk, problems)
    return Request(desks=desks, said=said_of, complaints=complaints, manner=manner, minutes=minutes, waits=waits,
                   absent=absent, staff=staff)  # fmt: skip


def _desk(asked: argparse.Namespace, compiled: Compiled, problems: list[Told]) -> tuple[Desk, str]:
    """The desk before anything is changed in the procedure, and who its staff are in a few words."""
    procedure = compiled.bind({})
    wanted = options.numbers("--staff", options.pairs("--staff", asked.staff, problems), 1, problems)
    people = {role: int(count) for role, count in wanted.items()}
    known = list(posts_of(procedure))
    options.among("--staff", people, known if asked.organisation else [*known, *OTHER_UNITS], problems)
    own = options.organisation_in(asked.organisation, procedure.id, problems) if asked.organisation else None
    if own is None:
        desk = staffed(procedure, people=people, usually=2)
        site = replace(desk.site, language=asked.language)
        said_staff = word("made_up", asked.language, count=2)
        more = ", ".join(f"{role} {count}" for role, count in people.items())
        return _endless(replace(desk, site=site)), f"{said_staff} ({more})" if more else said_staff
    organisation, site = options.staffed_with(*own, people)
    rulebook = Rulebook(compiled.bind(site.settings))
    desk = Desk(organisation=organisation, site=site, calendar=calendar_of(site), rulebook=rulebook)
    return _endless(desk), said(organisation.name, asked.language)


def _endless(desk: Desk) -> Desk:
    """The desk with a calendar that takes weeks beyond the published holidays for ordinary ones."""
    return replace(desk, calendar=replace(desk.calendar, horizon=""))


def _manner(asked: argparse.Namespace, desk: Desk, problems: list[Told]) -> Manner:
    procedure = desk.procedure
    chances = options.shares("--chance", options.pairs("--chance", asked.chance, problems), problems)
    options.among("--chance", chances, procedure.actions, problems)
    answers = options.pairs("--answer", asked.answer, problems)
    chosen = [name for name, entry in procedure.fields.items() if entry.type in ("choice", "choices", "yes_no")]
    options.among("--answer", answers, chosen, problems)
    known = {name: text for name, text in answers.items() if name in chosen}
    weights = options.weights("--answer", known, procedure, problems)
    detour = options.share("--detour", asked.detour, problems)
    habits = replace(plainly(desk), weights=weights)
    return Manner(
        course=Course(procedure), habits=habits, seed=asked.seed, detour=detour, aside=detour, chances=chances
    )


def _minutes(asked: argparse.Namespace, procedure: Procedure, problems: list[Told]) -> Minutes:
    given = options.numbers("--minutes", options.pairs("--minutes", asked.minutes, problems), 0.1, problems)
    options.among("--minutes", given, procedure.actions, problems)
    observed = read_durations(asked.durations, problems) if asked.durations else {}
    options.among("--durations", observed, procedure.actions, problems)
    return Minutes(procedure, given, observed)


def _waits(asked: argparse.Namespace, procedure: Procedure, problems: list[Told]) -> dict[str, int]:
    given = options.spans("--wait", options.pairs("--wait", asked.wait, problems), problems)
    options.among("--wait", given, procedure.stages, problems)
    pending = {stage: PENDING for stage, entry in procedure.stages.items() if entry.status == "pending"}
    return {**pending, **{stage: int(seconds) for stage, seconds in given.items()}}


def _complaints(asked: argparse.Namespace, desk: Desk, problems: list[Told]) -> list[Incoming]:
    if asked.complaints:
        found, wrong = read(asked.complaints, desk)
        problems += wrong
        return found
    if not 2000 <= asked.year <= 2100:
        problems.append(("bad_year", {"year": asked.year}))
        return []
    per_week = options.numbers("--per-week", {asked.per_week: asked.per_week}, 0.1, problems).get(asked.per_week)
    return a_year(desk, asked.year, per_week, asked.seed) if per_week else []


def _run(request: Request, desk: Desk) -> Simulation:
    first, last = request.complaints[0].received_at, request.complaints[-1].received_at + FOLLOWED
    day = timedelta(days=1)
    shifts = Shifts(desk.calendar, (first - day).date(), (last + day).date(), absences=desk.organisation.absences,
                    absent=request.absent, seed=request.manner.seed)  # fmt: skip
    until = int(last.timestamp())
    return Simulation(desk, request.manner, request.minutes, shifts, until=until, waits=request.waits).run(
        request.complaints
    )


def _tell(asked: argparse.Namespace, request: Request, runs: list[Simulation], figures: list[Figures]) -> None:
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(figures), indent=1).decode())
        return
    language, name = asked.language, said(runs[0].desk.procedure.title, asked.language)
    title = word("title", language, procedure=name, count=len(request.complaints))
    notes, tables = _notes(asked, request, runs, figures), tables_of(figures, language)
    print("\n".join([title, *notes, "", text_of(tables)]))
    if asked.html:
        from chalicelib.forecast.page import page_of  # noqa: PLC0415 # only for those who want a page

        asked.html.write_text(page_of(title, notes, tables, language), "utf-8")
    if asked.xlsx:
        from chalicelib.forecast.book import book_of  # noqa: PLC0415 # only for those who want a workbook

        asked.xlsx.write_bytes(book_of(title, notes, tables))
    for file in filter(None, (asked.html, asked.xlsx)):
        print(word("saved", language, file=file))


def _notes(
    asked: argparse.Namespace, request: Request, runs: list[Simulation], figures: list[Figures]
) -> list[str]:  # fmt: skip
    language, zone = asked.language, runs[0].crew.shifts.zone
    first, last = (request.complaints[n].received_at.astimezone(zone).date() for n in (0, -1))
    until = instant_of(runs[0].until).astimezone(zone).date()
    notes = [word("period", language, first=first, last=last, seed=asked.seed, until=until)]
    if len(runs) > 1 or request.said[0]:
        notes += [
            word("setting", language, label=label, said=" ".join(f"{k}={v}" for k, v in settings.items())
                 or word("as_it_is", language))
            for label, settings in zip(LABELS, request.said, strict=False)
        ]  # fmt: skip
    notes.append(word("how", language, staff=request.staff))
    if until.isoformat() > holidays().horizon:
        notes.append(word("beyond", language, date=holidays().horizon))
    stages = runs[0].desk.procedure.stages
    notes += [
        word("standing_at", language, stage=said(stages[stage].title, language), count=count)
        for stage, count in figures[-1].totals.standing_at.items()
    ]
    if unplayed := runs[-1].unplayed:
        number, action = unplayed[0]
        notes.append(word("not_played", language, count=len(unplayed), number=number, action=action))
    return notes
