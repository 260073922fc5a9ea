"""Clear away what an erasure left where it was kept: the rows of the history, links, groups, files. A job, so that it
is done whatever is cut off; a second time it changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field, json

from chalicelib.desk.complaint import Complaint
from chalicelib.ports import CaseStore, Files, Job

OWN = ("attachments/", "mail/")
"""Where the desk keeps files of cases. A recording lies with the hotline's platform, which has its own rules."""


class Clearing(Struct, kw_only=True, omit_defaults=True):
    """What is to be cleared besides the history."""

    links: list[tuple[str, str]] = field(default_factory=list)  # (kind, keyed hash)
    groups: list[tuple[str, str]] = field(default_factory=list)  # (link, group)
    files: list[str] = field(default_factory=list)  # places


def clearing(case: Complaint, what: str, now: datetime) -> Job:
    """The job that clears this away after the event that `case` is at; `what` is a Clearing, encoded."""
    id = f"clear-{case.number}@{case.version}"
    return Job(org=case.org, id=id, kind="clear", site=case.site, cursor=what, version=1, due=now)


def ours(place: str) -> bool:
    """Whether a file lies with the desk."""
    return place.startswith(OWN)


class Clear:
    """Clearing, with what it needs of the world. `files` is called when there is one to drop."""

    def __init__(self, *, cases: CaseStore, files: Callable[[], Files]) -> None:
        self._cases, self._files = cases, files

    def __call__(self, job: Job) -> None:
        """Do all of it, but for what the case has learned anew meanwhile."""
        number = job.id.removeprefix("clear-").partition("@")[0]
        case, what = self._cases.load(job.org, number), json.decode(job.cursor, type=Clearing)
        if case is None:
            return
        self._cases.clear_history(job.org, number)
        links = [(kind, hashed) for kind, hashed in what.links if f"{kind}:{hashed}" not in case.customer_keys]
        self._cases.unlink(case, links, what.groups)
        for place in what.files:
            if not any(file.place == place for file in case.attachments):
                self._files().drop(place)
