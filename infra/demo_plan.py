"""What the demo's past holds: for each organisation who complained of what, when, and how far it came.

Every stage has a case that came there today or lately, every other one a case that has lain there for days besides;
and there are months of finished ones, three alike within two days, and customers who come again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle, pairwise
from pathlib import Path
from random import Random
from typing import Any

import yaml
from msgspec import Struct, convert, field
from msgspec.structs import replace

from chalicelib.cases.intake import answers_in
from chalicelib.desk.calendar import next_opening
from chalicelib.desk.complaint import ChannelOfIntake, Kind
from chalicelib.desk.engine import decide, open_case, tick
from chalicelib.desk.errors import Refusal
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.journeys import NoWay, blank, journey_to
from chalicelib.forecast.player import Move

WRITTEN = Path(__file__).parent / "demo" / "complaints"

SPAN = timedelta(days=64)
"""How far back the past goes: a month and the one before it are over, whatever day it is."""

FINISHED, CUSTOMERS = 14, 17
LONG = (3, 4, 6, 9, 13)
"""For how many days, in turn, cases have lain where they are."""

LATELY = (2, 5, 7, 9, 12, 15, 20, 28, 44, 52, 70, 94, 120, 150, 200, 260, 340)
"""How many hours ago a case may have come in that has just got where it is, tried in turn."""

CHANNELS: list[ChannelOfIntake] = ["phone", "phone", "web", "visit"]
PLAIN = "已如实记录，详见登记表。"
"""What is written into a free field that has no phrase."""

SAME_DAY, HASTE, A_STEP = timedelta(hours=4), 30, timedelta(minutes=4)
"""Whoever loses no time does in a thirtieth of the time what a journey does the same day."""

SURNAMES = "陈刘黄周吴赵孙何徐马朱胡林郭罗梁宋"
RING = "ABCDEFGHJKLMNPQRS"


class Written(Struct, frozen=True, kw_only=True):
    """A complaint of a file. `found` and `done` are what staff find out and do; `form`: answers it goes with."""

    summary: str
    details: str
    found: str
    done: str
    demand: str = ""
    where: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    kind: Kind = "complaint"
    confidential: bool = False


class Book(Struct, frozen=True):
    """The complaints of an organisation; those `alike` are about one thing."""

    complaints: list[Written]
    alike: list[Written]


class Planned(Struct, frozen=True, kw_only=True):
    """A case of the demo: how it comes in, what is done in it, and where it is to be."""

    key: str
    posting: Posting
    moves: list[Move]
    stage: str
    alike: bool = False


@cache
def written(org: str) -> Book:
    """The complaints of an organisation's file."""
    return convert(yaml.safe_load((WRITTEN / f"{org}.yaml").read_text("utf-8")), Book)


@cache
def phrases() -> dict[str, Any]:
    """Field to what staff write there, with the complaint's own words in braces."""
    found: dict[str, Any] = yaml.safe_load((WRITTEN / "phrases" / "phrases.yaml").read_text("utf-8"))
    return found


def plans(desk: Desk, until: datetime) -> list[Planned]:
    """Every case of the demo of one desk, in the order in which they came in. The same for one desk and instant."""
    return sorted(_Planner(desk, until).all(), key=lambda plan: plan.moves[0].at)


class _Planner:
    def __init__(self, desk: Desk, until: datetime) -> None:
        self.desk, self.until, self.book = desk, until, written(desk.organisation.id)
        self.dice = Random(desk.organisation.id)  # noqa: S311 # dice
        self.next = cycle(self.book.complaints)
        self.customers = cycle(customers(self.dice))
        self.count = 0

    def all(self) -> Iterator[Planned]:
        stages = self.desk.procedure.stages
        ends = [stage for stage, entry in stages.items() if entry.in_charge is None and entry.status != "withdrawn"]
        for n in range(FINISHED):
            days = SPAN.days - 1 - n * (SPAN.days - 6) / FINISHED
            end = ends[n // 4 % len(ends)] if n % 4 == 0 else ends[0]
            yield self.sent_to(end, [timedelta(days=days, hours=self.dice.randrange(12))])
        for n, stage in enumerate(stages):
            yield self.sent_to(stage, [timedelta(hours=hours) for hours in LATELY])
            if stages[stage].in_charge is not None and n % 2 == 0:
                yield self.sent_to(stage, [timedelta(days=LONG[n // 2 % len(LONG)], hours=self.dice.randrange(9))])
        first = next(iter(stages))
        for n, complaint in enumerate(self.book.alike):
            yield self.sent_to(first, [timedelta(hours=30 - 11 * n)], complaint)

    def sent_to(self, stage: str, agos: list[timedelta], complaint: Written | None = None) -> Planned:
        """A case on its way to a stage, received so long ago as the way there takes; of several times the first."""
        self.count += 1
        alike, complaint, customer = complaint is not None, complaint or next(self.next), next(self.customers)
        found, takes = None, timedelta()
        for ago in agos:
            if ago < takes or not (found := self._way(complaint, customer, stage, self._at_work(self.until - ago))):
                continue
            posting, moves = found
            takes = (moves[-1].at - moves[0].at) * 0.7  # what took a night less may be there
            if moves[-1].at > self.until:
                continue
            for way in [prompt(self.desk, moves), moves] if self.count % 4 else [moves]:
                if len(agos) == 1 or self._stays(way, posting, stage):
                    return Planned(key=self._key, posting=posting, moves=way, stage=stage, alike=alike)
        if not found:
            raise NoWay(f"{self.desk.procedure.id}: no way to {stage!r} was found")
        posting, moves = found
        moves = just_now(self.desk, moves, self.until)
        posting = replace(posting, received_at=moves[0].at)
        return Planned(key=self._key, posting=posting, moves=moves, stage=stage, alike=alike)

    @property
    def _key(self) -> str:
        return f"demo-{self.count:03d}"

    def _way(
        self, complaint: Written, customer: Customer, stage: str, received: datetime
    ) -> tuple[Posting, list[Move]] | None:
        """A complaint received then as it is posted, and what is done until it comes to the stage."""
        posting, known = self._posting(complaint, customer, received)
        said = {**self._said(complaint, customer), **known}
        try:
            moves = journey_to(
                self.desk, stage, received, seed=f"{self.desk.organisation.id}/{self._key}",
                fixed={**said, **complaint.form}, channel=posting.channel,
            )  # fmt: skip
        except NoWay:
            return None
        moves = [replace(move, answers=in_words(move.answers, said, self.desk)) for move in moves]
        form = {name: answer for name, answer in moves[0].answers.items() if name not in known}
        posting.form.update({name: answer for name, answer in form.items() if not self._apart(name)})
        return posting, moves

    def _stays(self, moves: list[Move], posting: Posting, stage: str) -> bool:
        """Whether a case is still at the stage where it came: one that waits too long there may have been sent on."""
        desk, first = self.desk, moves[0]
        case = blank(desk, "plan", first.at, posting.channel)
        case = open_case(desk, case, first.answers, first.actor, first.at).complaint
        try:
            for move in moves[1:]:
                case = passed.complaint if (passed := tick(desk, case, move.at)) else case
                if move.action:
                    case = decide(desk, case, move.action, move.answers, move.actor, move.at, move.task).complaint
        except Refusal:
            return False
        return (passed.complaint if (passed := tick(desk, case, self.until)) else case).stage == stage

    def _at_work(self, moment: datetime) -> datetime:
        """Some minutes after the site is open next, or the moment itself where that would be in the future."""
        opens = next_opening(self.desk.calendar, moment) + timedelta(minutes=self.dice.randrange(20))
        return (opens if opens < self.until else moment).replace(second=0, microsecond=0)

    def _apart(self, name: str) -> bool:
        entry = self.desk.procedure.fields[name]
        return bool(entry.apart) or (entry.intake or "").startswith("customer.")

    def _posting(self, complaint: Written, customer: Customer, received: datetime) -> tuple[Posting, dict[str, Any]]:
        """The body, and the answers of the opening form that stand in it."""
        posting = Posting(
            org=self.desk.organisation.id, site=self.desk.site.id,
            content=Content(summary=complaint.summary, details=complaint.details, where=complaint.where),
            channel=self.dice.choice(CHANNELS),
            received_at=received, customer=customer, kind=complaint.kind, demand=complaint.demand,
            confidential=complaint.confidential,
        )  # fmt: skip
        return posting, answers_in(posting, self.desk, received)

    def _said(self, complaint: Written, customer: Customer) -> dict[str, Any]:
        """What is written into the fields of the procedure about this complaint."""
        about = {
            "summary": complaint.summary, "details": complaint.details, "found": complaint.found,
            "done": complaint.done, "wish": complaint.demand or "希望尽快处理", "where": complaint.where or "现场",
        }  # fmt: skip
        fields = self.desk.procedure.fields.items()
        said = {name: filled(phrases().get(name, PLAIN), about) for name, entry in fields if _has_words(name, entry)}
        of_customer = {"phone": customer.phone, "plate": customer.plate}
        return said | {name: of_customer[entry.type] for name, entry in fields if entry.type in of_customer}


def prompt(desk: Desk, moves: list[Move]) -> list[Move]:
    """The same, done by people who lose no time: what was done the same day follows within minutes."""
    times = [moves[0].at]
    for before, move in pairwise(moves):
        gap = move.at - before.at
        times.append(times[-1] + gap / HASTE if gap < SAME_DAY else move.at)
    return moves[:1] + _retimed(desk, moves[1:], times[1:])


def just_now(desk: Desk, moves: list[Move], until: datetime) -> list[Move]:
    """The same within the last minutes, whatever the hour: for stages where no case stays while the site is shut."""
    todo = [move for move in moves if move.action]
    return _retimed(desk, todo, [until - n * A_STEP for n in range(len(todo), 0, -1)])


def _retimed(desk: Desk, moves: list[Move], times: list[datetime]) -> list[Move]:
    """Done at other times, where it says when it happened too."""
    found = []
    for move, at in zip(moves, times, strict=True):
        claims = desk.procedure.actions[move.action].happened_at if move.action else None
        claimed = {name: at.isoformat() for name in move.answers if name == claims or _happened(desk, name)}
        found.append(replace(move, at=at, answers={**move.answers, **claimed}))
    return found


def _happened(desk: Desk, name: str) -> bool:
    entry = desk.procedure.fields.get(name)
    return bool(entry and entry.before and entry.type == "instant")


def customers(dice: Random) -> list[Customer]:
    """Made-up people; nobody has these numbers."""
    found = []
    for n, surname in enumerate(SURNAMES[:CUSTOMERS]):
        phone = f"1390000{dice.randrange(10_000):04d}"
        room = f"{dice.randint(1, 9)}-{dice.randint(1, 3)}-{dice.randint(2, 28)}{dice.randint(1, 4):02d}"
        plate = f"粤{RING[n]}{dice.randint(10_000, 99_999)}"
        email = f"{RING[n].lower()}{dice.randint(100, 999)}@customer.example" if n % 3 else ""
        found.append(
            Customer(
                name=surname + dice.choice(["先生", "女士"]), phone=phone, email=email, room=room, plate=plate,
                address=f"示例市示例路{dice.randint(1, 200)}号",
            )
        )  # fmt: skip
    return found


def filled(phrase: Any, about: dict[str, str]) -> Any:
    """A phrase, or the rows of a table, with the complaint's own words.

    >>> filled([{"what": "{done}"}], {"done": "已修复"})
    [{'what': '已修复'}]
    """
    if isinstance(phrase, str):
        return phrase.format_map(about)
    return [{column: cell.format_map(about) for column, cell in row.items()} for row in phrase]


def in_words(answers: dict[str, Any], said: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """The answers with what is said in the free fields; the way does not depend on their words."""
    free = [name for name in answers if name in said and in_free_words(desk.procedure.fields[name])]
    return {**answers, **{name: said[name] for name in free}}


def _has_words(name: str, entry: Field) -> bool:
    return in_free_words(entry) and (entry.type != "table" or name in phrases())


def in_free_words(entry: Field) -> bool:
    """Whether somebody writes words of their own there."""
    of_customer = entry.apart or (entry.intake or "").startswith("customer.")
    return (entry.type in ("text", "long") and not of_customer) or (
        entry.type in ("table", "file") and not entry.intake
    )
