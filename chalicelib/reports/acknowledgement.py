"""The acknowledgement that is handed or posted to whoever complained by letter or in person: what stands on it.

It carries the proof of the tracking link, as a link and as a QR code, so that a telephone opens the case.
"""

from msgspec import Struct

from chalicelib.reports.words import word

QUIET = 4
"""Modules of white around the code, which readers need (ISO/IEC 18004)."""


class Acknowledgement(Struct, kw_only=True):
    """What stands on it, times by the site's clock. `name` and `summary` are empty where no paper says who it is."""

    number: str
    organisation_name: str
    site_name: str
    address: str
    phone: str
    language: str
    name: str
    summary: str
    channel: str
    received: str
    promised: str  # empty: no time was promised
    printed: str
    next: str
    query_code: str
    tracking_url: str
    wants_phone: bool  # nothing is known to call the complainant by (S-46)


class Square(Struct, frozen=True):
    """A QR code as one SVG path: its size in modules, white margin included, and the dark ones row by row."""

    size: int
    path: str


def square(text: str) -> Square:
    """The QR code of a text, of correction level M: a fold or a stamp over it does no harm."""
    import segno  # noqa: PLC0415 # only a printed page needs it

    rows = [[bool(module) for module in row] for row in segno.make_qr(text, error="m").matrix]
    runs = [f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row)]
    return Square(len(rows) + 2 * QUIET, "".join(runs))


def said(name: str, language: str) -> str:
    """One of its own words."""
    return word("acknowledgement", name, language)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many stand in a row."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
