"""Public notices: what a procedure wants published, and what a site has published of it."""

import re
from datetime import datetime

from msgspec.structs import replace

from chalicelib.desk.answers import EMAIL, PHONE
from chalicelib.desk.errors import Problem
from chalicelib.desk.people import Published, Site
from chalicelib.desk.procedure import Notice

KEPT = 20
"""How many publications of a notice are remembered."""

LIKE = {
    "phone": (PHONE, "must be a phone number"),
    "email": (EMAIL, "is not an e-mail address"),
}


def problems(notice: Notice, entries: dict[str, str]) -> list[Problem]:
    """Everything that keeps a notice from being published: each entry that is blank, unknown or of another kind."""
    found = [Problem(f"entries.{name}", "is no entry of this notice") for name in entries if name not in notice.entries]
    for name, entry in notice.entries.items():
        value = entries.get(name, "").strip()
        pattern, wrong = LIKE.get(entry.type, ("", ""))
        if not value:
            found.append(Problem(f"entries.{name}", "is blank: nothing is published"))
        elif pattern and not re.search(pattern, value):
            found.append(Problem(f"entries.{name}", wrong))
    return found


def published(site: Site, notice_id: str, entries: dict[str, str], by: str, now: datetime) -> Site:
    """The site once the notice is published; the same entries again are the same publication."""
    before = site.notices.get(notice_id, [])
    said = {name: value.strip() for name, value in entries.items()}
    if before and before[-1].entries == said:
        return site
    new = Published(entries=said, at=now, by=by)
    return replace(site, notices={**site.notices, notice_id: [*before, new][-KEPT:]})
