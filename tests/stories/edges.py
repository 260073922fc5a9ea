"""The edges of a town: providers that keep what they were given and read it, files, and a directory, all in memory."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from chalicelib.cases.deliver import deliver
from chalicelib.cases.post_office import PostOffice
from chalicelib.cases.reports import Reports
from chalicelib.messaging.reference import Reference
from chalicelib.ports import Sent
from chalicelib.procedures.compile import compile_source, sources
from chalicelib.procedures.load import Compiled
from chalicelib.wiring import World
from infra.seed import organisations
from tests.fakes.store import Memory, MemoryDirectory
from tests.stories.dates import local

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.desk.people import Absence, Organisation
    from tests.stories.town import Town


class Letter(NamedTuple):
    """A letter as it went out: when (on the site's clock), to whom, which, by what channel, for which clock."""

    when: str
    to: str
    letter: str
    channel: str
    clock: str
    rung: int
    number: str
    duty: str
    text: str

    def __str__(self) -> str:
        return f"{self.when} {self.to}"


class Postman:
    """A provider that takes everything, and reads what it takes."""

    def __init__(self, channel: str, town: Town) -> None:
        self.channel, self.town = channel, town

    def send(self, to: str, subject: str, text: str, _html: str, reference: str) -> Sent:
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
            local(town.now), about.to, about.letter, self.channel, about.clock, about.rung, about.number,
            about.duty, f"{subject}\n{text}",
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
            enclosed=self.enclosed, undelivered=self.stores.undelivered, secret_of=self.signing_secret,
            public_url=self.settings.public_url,
        )  # fmt: skip

    def deliver(self, reference: str) -> None:
        """Send a message; nothing may be undeliverable here."""
        outcome = deliver(Reference.decode(reference), office=self.post_office, now=self.clock())
        assert outcome in ("sent", "merged", "waiting", "skipped"), outcome

    @cached_property
    def reports(self) -> Reports:
        """Reports, kept in memory."""
        return Reports(
            cases=self.stores.cases, desks=self.desks, files=MemoryFiles(), runs=self.stores.duties,
            duties=self.duties, clock=self.clock,
        )  # fmt: skip


class MemoryFiles:
    """Files in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, name: str, content: bytes, _kind: str) -> None:
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

    def put_absence(self, _org: str, absence: Absence) -> None:
        """See DirectoryStore."""
        self._kept = replace(self._kept, absences=[*self._kept.absences, absence])


@cache
def compiled(procedure: str) -> Compiled:
    """A procedure as its source says today."""
    return compile_source(sources()[procedure])


@cache
def organisation(org: str) -> Organisation:
    return next(found for found in organisations() if found.id == org)
