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
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.journeys import NoWay, journey_to
from chalicelib.forecast.player import Move

WRITTEN = Path(__file__).parent / "demo" / "complaints"

SPAN = timedelta(days=64)
"""How far back the past goes: a month and the one before it are over, whatever day it is."""

FINISHED, CUSTOMERS = 14, 17
LONG = (3, 4, 6, 9, 13)
"""For how many days, in turn, cases have lain where they are."""

LATELY = (2, 5, 20, 28, 44, 52, 70, 94, 120, 150, 200, 260, 340)
"""How many hours ago a case may have come in that has just got where it is, tried in turn."""

CHANNELS: list[ChannelOfIntake] = ["phone", "phone", "web", "visit"]
SAME_DAY, HASTE = timedelta(hours=4), 30
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
            yield self.sent_to(ends[n % len(ends)], [timedelta(days=days, hours=self.dice.randrange(12))])
        for n, stage in enumerate(stages):
            yield self.sent_to(stage, [timedelta(hours=hours) for hours in LATELY[n % 3 :]])
            if stages[stage].in_charge is not None and n % 2 == 0:
                yield self.sent_to(stage, [timedelta(days=LONG[n // 2 % len(LONG)], hours=self.dice.randrange(9))])
        first = next(iter(stages))
        for n, complaint in enumerate(self.book.alike):
            yield self.sent_to(first, [timedelta(hours=30 - 11 * n)], complaint)

    def sent_to(self, stage: str, agos: list[timedelta], complaint: Written | None = None) -> Planned:
        """A case on its way to a stage, received so long ago as the way there takes at most."""
        alike, complaint, customer = complaint is not None, complaint or next(self.next), next(self.customers)
        self.count += 1
        key = f"demo-{self.count:03d}"
        for ago in agos:
            received = self._at_work(self.until - ago)
            posting, known = self._posting(complaint, customer, received)
            fixed = {**self._said(complaint, customer), **complaint.form, **known}
            try:
                moves = journey_to(
                    self.desk, stage, received, seed=f"{self.desk.organisation.id}/{key}", fixed=fixed,
                    channel=posting.channel,
                )  # fmt: skip
            except NoWay:
                continue
            if moves[-1].at <= self.until:
                form = {name: answer for name, answer in moves[0].answers.items() if name not in known}
                posting.form.update({n: a for n, a in form.items() if not self._apart(n)})
                if self.count % 4:
                    moves = prompt(self.desk, moves)
                return Planned(key=key, posting=posting, moves=moves, stage=stage, alike=alike)
        raise NoWay(f"{self.desk.procedure.id}: {stage!r} cannot be reached by now")

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
        said = {name: filled(phrases()[name], about) for name, entry in fields if name in phrases() and _free(entry)}
        of_customer = {"phone": customer.phone, "plate": customer.plate}
        return said | {name: of_customer[entry.type] for name, entry in fields if entry.type in of_customer}


def prompt(desk: Desk, moves: list[Move]) -> list[Move]:
    """The same, done by people who lose no time: what was done the same day follows within minutes."""
    found = moves[:1]
    for before, move in pairwise(moves):
        gap = move.at - before.at
        at = found[-1].at + gap / HASTE if gap < SAME_DAY else move.at
        claims = desk.procedure.actions[move.action].happened_at if move.action else None
        claimed = {claims: at.isoformat()} if claims in move.answers else {}
        found.append(replace(move, at=at, answers={**move.answers, **claimed}))
    return found


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


def _free(entry: Field) -> bool:
    return entry.type in ("text", "long", "table", "file") and not entry.intake
