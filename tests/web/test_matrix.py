"""Every route, for everybody, in every case: `matrix.txt` says who is let in, and the desk is held to each cell.

A status below 400, or one that finds fault with what was sent (409, 422), lets in; `sign` (sent to sign in), 401, 403
and 404 shut out, the last where somebody is not even told that there is such a case.
"""

import re
from collections.abc import Iterator

import pytest

from chalicelib.web.open311_calls import VERBS
from chalicelib.web.page import PAGES
from chalicelib.web.routes import TABLE
from tests.web.matrix import ACTORS, BODIES, CASES, Matrix, Row, matrix, rows

ROWS = rows()
SERVED = sorted({(one.method, one.path) for one in (*TABLE, *VERBS)} | set(PAGES))


@pytest.fixture(scope="module")
def desk() -> Iterator[Matrix]:
    """Built once; nothing here changes who may do what."""
    with matrix() as found:
        yield found


def serves(method: str, path: str, row: Row) -> bool:
    """Whether a row is about a route; `{number}` and its like stand for one part of an address."""
    pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path))
    return row.method == method and re.fullmatch(pattern, row.path.partition("?")[0]) is not None


@pytest.mark.parametrize(("method", "path"), SERVED, ids=[" ".join(one) for one in SERVED])
def test_every_route_has_a_row(method: str, path: str) -> None:
    found = [row for row in ROWS if serves(method, path, row)]
    assert found, f"{method} {path} has no row in tests/web/matrix.txt: say there who may call it, and in which case"
    if "{number}" in path:
        cases = {case for row in found for case in row.cases}
        assert set(CASES) <= cases, f"{method} {path} has no row for {set(CASES) - cases} in tests/web/matrix.txt"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.call} {row.case}")
def test_a_row_is_about_a_route_and_says_something_of_everybody(row: Row) -> None:
    assert any(serves(method, path, row) for method, path in SERVED), f"nothing is served at {row.call}"
    assert len(row.said) == len(ACTORS), row
    assert row.cases, f"{row.case} is no case"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.call} {row.case}")
def test_everybody_is_let_in_or_shut_out_as_the_table_says(desk: Matrix, row: Row) -> None:
    for case in row.cases:
        body = BODIES.get(row.call, {})
        found = [desk.status(actor, row.method, row.path, case, body) for actor in ACTORS]
        wrong = [f"{a}: {now}, not {said}" for a, now, said in zip(ACTORS, found, row.said, strict=True) if now != said]
        assert not wrong, f"{row.call}, {case}: {'; '.join(wrong)}"


def test_the_table_is_large_enough_to_be_worth_its_name() -> None:
    cells = sum(len(row.cases) * len(ACTORS) for row in ROWS)
    print(f"{cells} cells: {len(SERVED)} routes, {len(ACTORS)} actors, {len(CASES)} cases")  # noqa: T201 # shown by -s
    assert cells > 1500
