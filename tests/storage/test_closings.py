"""What every ClosingStore does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.errors import Conflict
from chalicelib.ports import Closing
from chalicelib.storage.stores import Stores
from chalicelib.storage.table import Table
from tests.storage.conftest import Stand

AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
PLACE = ("c-company", "main", "summary")
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def closing(**changes: Any) -> Closing:
    org, site, register = PLACE
    first, last = NOVEMBER
    whole = Closing(
        org=org, site=site, register=register, first=first, last=last, sha256="ab" * 32, lines=3, at=AT, by="shen"
    )
    return replace(whole, **changes)


def test_a_period_is_open_until_it_is_closed(stores: Stores) -> None:
    assert stores.closings.load(*PLACE, *NOVEMBER) is None
    assert stores.closings.close(closing()) == closing()
    assert stores.closings.load(*PLACE, *NOVEMBER) == closing()


def test_the_same_content_again_finds_the_first_closing(stores: Stores) -> None:
    stores.closings.close(closing())
    again = closing(at=AT + timedelta(minutes=5), by="song")
    assert stores.closings.close(again) == closing()
    assert stores.closings.load(*PLACE, *NOVEMBER) == closing()


def test_other_content_is_refused_and_changes_nothing(stores: Stores) -> None:
    stores.closings.close(closing())
    with pytest.raises(Conflict):
        stores.closings.close(closing(sha256="cd" * 32, lines=4))
    assert stores.closings.load(*PLACE, *NOVEMBER) == closing()


def test_every_register_site_and_period_is_closed_for_itself(stores: Stores) -> None:
    others = [
        closing(register="afterwards"), closing(site="north"), closing(org="e-dongnan"),
        closing(first=date(2026, 11, 2)), closing(register="summary#main"),
    ]  # fmt: skip
    for number, other in enumerate([closing(), *others]):
        assert stores.closings.close(replace(other, sha256=f"{number:064d}")).sha256 == f"{number:064d}"


def test_closed_periods_come_the_latest_first(stores: Stores) -> None:
    months = [closing(first=date(2026, month, 1), last=date(2026, month, 28)) for month in (2, 11, 3, 10)]
    for one in [*months, closing(register="other")]:
        stores.closings.close(one)
    assert [found.first.month for found in stores.closings.closed(*PLACE)] == [11, 10, 3, 2]
    assert [found.first.month for found in stores.closings.closed(*PLACE, limit=2)] == [11, 10]


def test_closing_is_one_write_with_a_condition(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name in ("save", "get"):
        real = getattr(Table, name)
        monkeypatch.setattr(Table, name, lambda *a, real=real, name=name, **k: calls.append(name) or real(*a, **k))
    stand.stores.closings.close(closing())
    assert calls == ["save"]
    stand.stores.closings.close(closing())
    assert calls == ["save", "save", "get"]
