"""How often the public may call."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.cases.limits import LIMITS, Limits, place_of
from chalicelib.desk.bucket import Bucket
from chalicelib.desk.errors import TooMany
from chalicelib.ports import Unavailable
from tests.fakes.store import Memory, MemoryBuckets
from tests.web.air import START
from tests.web.conftest import logged as logged  # noqa: PLC0414 # a fixture

ONE, OTHER = "203.0.113.9", "203.0.113.10"


class Asked(MemoryBuckets):
    """Buckets that remember who asked, and fail when told to."""

    def __init__(self) -> None:
        super().__init__(Memory())
        self.asked: list[tuple[str, str]] = []
        self.failing: Exception | None = None

    def take(self, limit: str, of: str, bucket: Bucket, now: datetime) -> bool:
        self.asked.append((limit, of))
        if self.failing:
            raise self.failing
        return super().take(limit, of, bucket, now)


class Containers:
    """Limits in several containers over the same buckets, at one time."""

    def __init__(self) -> None:
        self.now = START
        self.buckets = Asked()
        self.keys = 0

    def new(self) -> Limits:
        return Limits(buckets=self.buckets, key=self._key, clock=lambda: self.now)

    def _key(self) -> bytes:
        self.keys += 1
        return b"key"

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def containers() -> Containers:
    return Containers()


def got(limits: Limits, times: int, source: str = ONE) -> int:
    """How many of these complaints were let through."""
    through = 0
    for _ in range(times):
        try:
            limits.by_source("intake", source)
        except TooMany:
            continue
        through += 1
    return through


def test_whoever_calls_now_and_then_costs_no_call_of_the_table(containers: Containers) -> None:
    one = containers.new()
    assert got(one, LIMITS["intake"].free) == LIMITS["intake"].free
    for _ in range(10):
        containers.wait(20)
        assert got(one, 1) == 1
    assert not containers.buckets.asked


def test_whoever_is_busy_has_what_the_table_holds_besides_and_then_waits(containers: Containers) -> None:
    one = containers.new()
    assert got(one, 100) == 5 + 30
    with pytest.raises(TooMany) as refused:
        one.by_source("intake", ONE)
    assert refused.value.seconds == 20
    containers.wait(20)
    assert got(one, 10) == 2  # one back here, one there


def test_of_many_containers_each_gives_a_few_and_the_table_the_same_as_before(containers: Containers) -> None:
    assert sum(got(containers.new(), 50) for _ in range(4)) == 4 * 5 + 30


def test_one_place_does_not_hold_up_another(containers: Containers) -> None:
    one = containers.new()
    got(one, 100)
    assert got(one, 5, OTHER) == 5


def test_an_address_is_kept_by_its_keyed_hash_alone(containers: Containers) -> None:
    one = containers.new()
    got(one, 10)
    [(limit, of)] = set(containers.buckets.asked)
    assert (limit, len(of)) == ("intake", 32)
    assert ONE not in json.dumps([[*met] for met in one._met])
    other_key = Limits(buckets=containers.buckets, key=lambda: b"other", clock=lambda: containers.now)
    got(other_key, 10)
    assert len(set(containers.buckets.asked)) == 2


@pytest.mark.parametrize("error", [Unavailable("busy"), RuntimeError("denied to 13800138000")])
def test_where_the_table_cannot_be_asked_the_call_goes_through_and_is_measured(
    containers: Containers, error: Exception, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    containers.buckets.failing = error
    assert got(containers.new(), 50) == 50
    lines = logged()
    assert {(line["limit"], line["error"]) for line in lines} == {("intake", type(error).__name__)}
    assert "13800138000" not in json.dumps(lines)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "test-invoke-source-ip", "203.0.113.9, 10.0.0.1"])
def test_what_says_nothing_of_where_it_comes_from_is_not_limited(containers: Containers, address: str) -> None:
    assert got(containers.new(), 100, address) == 100
    assert not containers.keys


def test_a_household_of_ipv6_is_one_place_and_its_neighbour_another() -> None:
    assert place_of("2001:db8:1:2::1") == place_of("2001:db8:1:2:ffff::9") != place_of("2001:db8:1:3::1")


def test_a_case_has_limits_of_its_own(containers: Containers) -> None:
    one = containers.new()
    for _ in range(5 + 20):
        one.by_number("adding", "261123-0000017")
    with pytest.raises(TooMany):
        one.by_number("adding", "261123-0000017")
    one.by_number("reading", "261123-0000017")
    one.by_number("adding", "261123-0000025")
    assert set(containers.buckets.asked) == {("adding", "261123-0000017")}


def test_a_container_counts_only_so_many_places_and_asks_for_the_others(
    containers: Containers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.cases.limits.MOST_MET", 3)
    one = containers.new()
    for last in range(6):
        assert got(one, 1, f"203.0.113.{last}") == 1
    assert len(containers.buckets.asked) == 3
    containers.wait(20)
    assert got(one, 1, "203.0.113.5") == 1
    assert len(one._met) == 1
