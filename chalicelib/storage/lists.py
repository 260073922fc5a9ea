"""Lists of cases, page by page, straight from their indexes: no case is loaded for a line of a list."""

import base64
import binascii
from collections.abc import Callable

from chalicelib.desk.errors import BadInput, Problem
from chalicelib.ports import Page, Row
from chalicelib.storage import keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.rows import HeadRow
from chalicelib.storage.table import Table

SEEN_AT_MOST = 1000
"""Lines read for one page: a filter that nothing fits must not read a whole department."""

LONGEST_CURSOR = 400

INDEXES = {
    "DEPARTMENT": (HeadRow.dep_pk, HeadRow.dep_sk),
    "OWNER": (HeadRow.own_pk, HeadRow.own_sk),
    "LEDGER": (HeadRow.led_pk, HeadRow.led_sk),
}

_line = Decoder(Row)


def page(
    table: Table, index: str, pk: str, org: str, cursor: str, limit: int,
    until: str = "", wanted: Callable[[Row], bool] = lambda _: True, seen_at_most: int = SEEN_AT_MOST,
    forward: bool = True,
) -> Page:  # fmt: skip
    """At most `limit` wanted lines whose sort key is less than `until`, after the one that `cursor` names.

    A page may hold fewer, even none, and still have a next one. Raises BadInput for a cursor that is none.
    """
    pk_name, sk_name = INDEXES[index]
    last = opened(cursor)
    if until and last >= until:
        return Page([], "")
    after = None
    if last:
        head = keys.head(org, last.partition("#")[2])
        after = {"PK": head.pk, "SK": head.sk, pk_name.attr_name: pk, sk_name.attr_name: last}
    lines: list[Row] = []
    below = sk_name < until if until else None
    items = table.query(pk, below, index=index, after=after, forward=forward, page=limit + 1)
    for seen, item in enumerate(items):
        if len(lines) == limit or seen == seen_at_most:
            return Page(lines, closed(last))
        line = _line.decode(item["row"])
        if wanted(line):
            lines.append(line)
        last = item[sk_name.attr_name]
    return Page(lines, "")


def closed(place: str) -> str:
    """A place in a list as an opaque cursor.

    >>> opened(closed("2026-11-21T00:00:00Z#1"))
    '2026-11-21T00:00:00Z#1'
    """
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """The place that a cursor names. A cursor is the caller's word, so it may be anything.

    >>> opened("")
    ''
    """
    if not cursor:
        return ""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        place = ""
    if not place.partition("#")[2] or len(cursor) > LONGEST_CURSOR:
        raise BadInput("", [Problem("cursor", "This is not a cursor that a list gave out.")])
    return place
