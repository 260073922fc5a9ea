"""A town for stories: the whole product in memory, a clock that the story turns, and a postman who reads.

Nothing is faked but the edges: stores in memory, providers that keep what they were given, a queue that hands over
at once. Intake, actions, sweep, deliver, duties and reports are the product's own, and every letter is really written.
After each step everything is looked through for what may have been lost (`tests/stories/lost.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from chalicelib.cases.desks import Desks
from chalicelib.desk.complaint import Message
from chalicelib.desk.duty_run import DutyRun
from chalicelib.desk.people import Absence
from chalicelib.desk.posting import Posting
from chalicelib.messaging.reference import Reference
from chalicelib.reports.report import Prepared
from chalicelib.settings import Settings
from tests.fakes.store import in_memory
from tests.stories.dates import at
from tests.stories.edges import KeptDirectory, Letter, Postman, StoryWorld, compiled, organisation
from tests.stories.lost import nothing_is_lost
from tests.stories.story import Case

MINUTE = timedelta(minutes=1)
MOST_SWEEPS = 2_000
"""More sweeps than this in one stretch of time are something that never comes to rest."""


class Town:
    """An organisation of the demo at work from an instant on. `settings` replace the site's own."""

    def __init__(self, org: str, start: str, *absences: Absence, **settings: str) -> None:
        self.org, self.now = org, at(start)
        self.letters: list[Letter] = []
        self.cases: list[Case] = []
        self._handed: list[Message] = []
        stores = in_memory()._replace(directory=KeptDirectory(organisation(org), absences, settings))
        self.memory = stores.cases.memory  # type: ignore[attr-defined]  # the stores in memory have it
        self.world = StoryWorld(
            Settings(public_url="https://desk.example"), stores=stores, queue=self, clock=lambda: self.now,
            randbelow=_one_after_the_other(), secret=b"of the stories",
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

    def sleeps(self, until: str) -> None:
        """Time passes, and the sweep does not run: an outage."""
        self.now = at(until)

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
        run = self.world.reports.issue(self.org, "main", duty, self.periods(duty)[0].period, person)
        self.settle()
        return run

    # what is found

    def periods(self, duty: str) -> list[DutyRun]:
        """The periods of a duty, newest first."""
        return self.world.stores.duties.periods(self.org, "main", duty)

    def report(self, duty: str) -> Prepared:
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


def _one_after_the_other() -> Callable[[int], int]:
    numbers = count(100_003, 7_919)
    return lambda most: next(numbers) % most
