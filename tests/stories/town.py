"""A town for stories: the whole product in memory, a clock that the story turns, and a postman who reads.

Nothing is faked but the edges: stores in memory, providers that keep what they were given, a queue that hands over
at once. Intake, actions, sweep, deliver, duties and reports are the product's own, and every letter is really written.
After each step everything is looked through for what may have been lost (`tests/stories/lost.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, cached_property
from random import Random
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.cases.deliver import deliver
from chalicelib.cases.desks import Desks
from chalicelib.cases.ports import Sent
from chalicelib.cases.post_office import PostOffice
from chalicelib.cases.reports import Report, Reports
from chalicelib.desk.complaint import Message
from chalicelib.desk.duties import DutyRun
from chalicelib.desk.people import Absence, Organisation
from chalicelib.desk.posting import Posting
from chalicelib.messaging.reference import Reference
from chalicelib.procedures.compile import compile_source, sources
from chalicelib.procedures.load import Compiled
from chalicelib.settings import Settings
from chalicelib.wiring import World
from infra.seed import organisations
from tests.fakes.store import Memory, MemoryDirectory, in_memory
from tests.stories.dates import at, local
from tests.stories.lost import nothing_is_lost
from tests.stories.story import Case

MINUTE = timedelta(minutes=1)
MOST_SWEEPS = 2_000
"""More sweeps than this in one stretch of time are something that never comes to rest."""


class Letter(NamedTuple):
    """A letter as it went out: when (on the site's clock), to whom, which, by what channel, for which clock."""

    when: str
    to: str
    letter: str
    channel: str
    clock: str
    number: str
    duty: str
    text: str

    def __str__(self) -> str:
        return f"{self.when} {self.to}"


class Town:
    """An organisation of the demo at work from an instant on. `settings` replace the site's own."""

    def __init__(self, org: str, start: str, *absences: Absence, **settings: str) -> None:
        self.org, self.now = org, at(start)
        self.letters: list[Letter] = []
        self.cases: list[Case] = []
        self._handed: list[Message] = []
        stores = in_memory()._replace(directory=KeptDirectory(_organisation(org), absences, settings))
        self.memory = stores.cases.memory  # type: ignore[attr-defined]  # the stores in memory have it
        self.world = StoryWorld(
            Settings(public_url="https://desk.example"), stores=stores, queue=self, clock=lambda: self.now,
            randbelow=Random(f"{org} {start}").randrange, secret=b"of the stories",
            desks=Desks(stores.directory, lambda procedure, _version=None: compiled(procedure)),
        )  # fmt: skip
        self.world.mail = Postman("email", self)
        self.world.sms = Postman("sms", self)

    # what happens

    def receives(self, body: Mapping[str, Any], by: str = "", key: str = "") -> "Case":
        """A complaint is posted as the body says, recorded by a member of staff or, empty, sent in by the customer."""
        posting = msgspec.json.decode(msgspec.json.encode({"org": self.org, **body}), type=Posting)
        receipt = self.world.register(posting, key=key or f"key-{len(self.cases)}", source=by or "web", actor=by)
        case = Case(self, receipt.case.number)
        if not receipt.replayed:
            self.cases.append(case)
        self.settle()
        return case

    def until(self, when: str | datetime) -> None:
        """Time passes. The sweep runs each minute in which something is due; in all others it would find nothing."""
        goal = at(when) if isinstance(when, str) else when
        assert goal >= self.now, "time does not run backwards"
        for _ in range(MOST_SWEEPS):
            due = min((due for due in self.memory.armed.values() if due <= goal), default=None)
            if due is None:
                break
            whole = due.replace(second=0, microsecond=0)
            self.now = max(self.now, whole if whole == due else whole + MINUTE)
            swept = self.world.sweep.run(lambda: 900.0)
            assert (swept.poison, swept.handed_on) == (0, 0), "the sweep could not handle something"
            self.settle()
        else:
            raise AssertionError("the sweep never comes to rest")
        self.now = max(self.now, goal)

    def settle(self) -> None:
        """The postman takes what the queue holds; then nothing may be missing."""
        while self._handed:
            handed, self._handed = self._handed, []
            for message in handed:
                self.world.deliver(Reference.of(message).encode())
        nothing_is_lost(self)

    def begin_duties(self) -> None:
        """Arm what recurs, as saving the directory does."""
        self.world.duties.begin(self.org, "main")

    def issue(self, duty: str, person: str) -> DutyRun:
        """Somebody issues the latest period of a duty."""
        run = self.world.duties.issue(self.org, "main", duty, self.periods(duty)[0].period, person)
        self.settle()
        return run

    # what is found

    def periods(self, duty: str) -> list[DutyRun]:
        """The periods of a duty, newest first."""
        return self.world.stores.duties.periods(self.org, "main", duty)

    def report(self, duty: str) -> Report:
        """The report that was prepared for the latest period of a duty."""
        return self.world.reports.read(self.org, "main", duty, self.periods(duty)[0].period)

    def sent(
        self, letter: str = "", *, clock: str = "", to: str = "", number: str = "", duty: str = "", channel: str = ""
    ) -> list[str]:
        """Who got such letters and when, in the order in which they went out: `02-14 18:00 c.wang`."""
        wanted = {"letter": letter, "clock": clock, "to": to, "number": number, "duty": duty, "channel": channel}
        return [str(one) for one in self.letters if all(not v or getattr(one, k) == v for k, v in wanted.items())]

    # the queue

    def deliver(self, messages: Sequence[Message]) -> None:
        """See Queue."""
        self._handed += messages

    def sweep_shards(self, shards: Sequence[int]) -> None:
        """See Queue."""
        raise AssertionError(f"shards {shards} were handed on")

    def build_report(self, org: str, site: str, duty: str, period: str) -> None:
        """See Queue: prepared at once."""
        self.world.reports.prepare(org, site, duty, period)


class Postman:
    """A provider that takes everything, and reads what it takes."""

    def __init__(self, channel: str, town: Town) -> None:
        self.channel, self.town = channel, town

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:
        """See Sender. Nothing may be left unfilled in a letter."""
        town, of = self.town, Reference.decode(reference)
        posted = town.world.stores.outbox.load(of.org, of.number, of.message, of.site, of.duty, of.period)
        assert posted is not None
        assert posted.message.channel == self.channel
        assert to
        for part in (subject, text):
            assert "{" not in part, f"{posted.message.letter}: a word was left unfilled: {part}"
        about = posted.message
        letter = Letter(
            local(town.now), about.to, about.letter, self.channel, about.clock, about.number, about.duty,
            f"{subject}\n{text}",
        )  # fmt: skip
        town.letters.append(letter)
        return Sent(f"provider-{len(town.letters)}")


class StoryWorld(World):
    """The product's world with providers and files in memory."""

    mail: Postman
    sms: Postman

    @cached_property
    def post_office(self) -> PostOffice:
        """What letters need."""
        return PostOffice(
            outbox=self.stores.outbox, cases=self.stores.cases, desks=self.desks, suppressions=self.stores.suppressions,
            senders={"email": self.mail, "sms": self.sms}, links=self.links, hashed=str, measure=lambda *_: None,
        )  # fmt: skip

    def deliver(self, reference: str) -> None:
        """Send a message; nothing may be undeliverable here."""
        outcome = deliver(Reference.decode(reference), office=self.post_office, now=self.clock())
        assert outcome in ("sent", "merged", "waiting", "skipped"), outcome

    @cached_property
    def reports(self) -> Reports:
        """Reports, kept in memory."""
        return Reports(cases=self.stores.cases, desks=self.desks, files=MemoryFiles(), clock=self.clock)


class MemoryFiles:
    """Files in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, name: str, content: bytes, kind: str) -> None:
        """See Files."""
        self.kept[name] = content

    def get(self, name: str) -> bytes | None:
        """See Files."""
        return self.kept.get(name)


class KeptDirectory(MemoryDirectory):
    """A directory that is read once, as a container keeps it for a while; changes are seen at once."""

    def __init__(self, demo: Organisation, absences: Sequence[Absence], settings: Mapping[str, str]) -> None:
        super().__init__(Memory())
        site = demo.sites["main"]
        changed = replace(site, settings={**site.settings, **settings})
        self._kept = replace(demo, sites={"main": changed}, absences=list(absences))

    def organisation(self, org: str) -> Organisation | None:
        """See DirectoryStore."""
        return self._kept if org == self._kept.id else None

    def put_absence(self, org: str, absence: Absence) -> None:
        """See DirectoryStore."""
        self._kept = replace(self._kept, absences=[*self._kept.absences, absence])


@cache
def compiled(procedure: str) -> Compiled:
    """A procedure as its source says today."""
    return compile_source(sources()[procedure])


@cache
def _organisation(org: str) -> Organisation:
    return next(found for found in organisations() if found.id == org)
