"""What the complainant may see, and the proofs of it."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from chalicelib.cases.track import NO_SUCH, Links, Track, until
from chalicelib.desk.errors import NotFound, TooMany
from chalicelib.ports import Unavailable
from tests.fakes.store import MemoryWrongProofs
from tests.web.air import ORG, Air, on_air

NUMBER, NOBODYS = "261123-0000017", "261123-0000025"
ELSEWHERE = "203.0.113.9"


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        assert found.registered() == NUMBER
        yield found


def test_a_token_is_of_its_number_and_of_its_key() -> None:
    links = Links("https://desk.example/", b"key")
    assert links.is_token(NUMBER, links.token(NUMBER))
    assert not links.is_token("261123-0000025", links.token(NUMBER))
    assert not Links("https://desk.example/", b"other").is_token(NUMBER, links.token(NUMBER))
    assert not links.is_token(NUMBER, "")


def test_links_lead_to_the_public_address() -> None:
    links = Links("https://desk.example/", b"key")
    assert links.tracking(ORG, NUMBER) == f"https://desk.example/track?number={NUMBER}&token={links.token(NUMBER)}"
    assert links.desk(ORG, NUMBER) == f"https://desk.example/desk/cases/{NUMBER}"
    assert links.desk(ORG, "") == "https://desk.example/desk"


def test_a_number_is_understood_as_it_is_said(air: Air) -> None:
    assert air.world.track.proved("2611 2300 00017", phone_tail="8000", token="").number == NUMBER


def test_a_wrong_token_is_refused_before_anything_is_read(air: Air) -> None:
    air.cases.calls.clear()
    with pytest.raises(NotFound):
        air.world.track.proved(NUMBER, phone_tail="", token="0" * 32)
    assert not air.cases.calls


def test_a_query_code_is_eight_digits_of_its_number_and_proves_it_however_it_is_spaced(air: Air) -> None:
    code = air.world.links.code(NUMBER)
    assert (len(code), code.isdigit()) == (8, True)
    assert code != air.world.links.code("261123-0000025")
    assert air.world.track.proved(NUMBER, phone_tail="", token="", code=f"{code[:4]} {code[4:]}").number == NUMBER


@pytest.mark.parametrize("token", ["", "0" * 32])
def test_a_query_code_cannot_be_guessed_because_wrong_ones_are_counted(air: Air, token: str) -> None:
    right = air.world.links.code(NUMBER)
    for guess in range(10):
        with pytest.raises(NotFound):
            air.world.track.proved(NUMBER, phone_tail="", token=token, code=f"{(int(right) + guess + 1) % 10**8:08d}")
    with pytest.raises(NotFound):
        air.world.track.proved(NUMBER, phone_tail="", token=token, code=right)
    assert air.world.track.proved(NUMBER, phone_tail="", token=air.world.links.token(NUMBER)).number == NUMBER


def wrongly(air: Air, times: int, tail: str = "0000", number: str = NUMBER) -> None:
    for _ in range(times):
        with pytest.raises(NotFound):
            air.world.track.proved(number, phone_tail=tail, token="")


def counted(air: Air) -> int:
    """How many wrong proofs are counted at present."""
    return air.stores.cases.memory.wrong_proofs.total()


def test_after_ten_wrong_proofs_the_right_tail_is_refused_like_a_wrong_one(air: Air) -> None:
    wrongly(air, 9)
    assert air.world.track.proved(NUMBER, phone_tail="8000", token="").number == NUMBER
    wrongly(air, 1)
    said = []
    for tail in ("8000", "0000"):
        with pytest.raises(NotFound) as refused:
            air.world.track.proved(NUMBER, phone_tail=tail, token="")
        said.append(str(refused.value))
    assert said == [NO_SUCH, NO_SUCH]


@pytest.mark.parametrize("code", ["", "00000000"])
def test_meanwhile_the_link_still_works_whatever_comes_with_it_and_other_numbers_do(air: Air, code: str) -> None:
    other = air.registered()
    wrongly(air, 12)
    right = air.world.links.token(NUMBER)
    assert air.world.track.proved(NUMBER, phone_tail="0000", token=right, code=code).number == NUMBER
    assert air.world.track.proved(other, phone_tail="8000", token="").number == other


def test_wrong_links_cannot_be_guessed_and_therefore_lock_nobody_out(air: Air) -> None:
    for _ in range(30):
        with pytest.raises(NotFound):
            air.world.track.proved(NUMBER, phone_tail="8000", token="0" * 32)
    assert not counted(air)
    assert air.world.track.proved(NUMBER, phone_tail="8000", token="").number == NUMBER


def test_with_the_next_hour_the_tail_is_a_proof_again(air: Air) -> None:
    wrongly(air, 10)
    air.wait(minutes=59, seconds=59)
    wrongly(air, 1, tail="8000")
    air.wait(seconds=1)
    assert air.world.track.proved(NUMBER, phone_tail="8000", token="").number == NUMBER


def test_right_proofs_are_not_counted_nor_tries_once_it_was_too_often(air: Air) -> None:
    for _ in range(20):
        air.world.track.proved(NUMBER, phone_tail="8000", token="")
    assert not counted(air)
    wrongly(air, 30)
    assert counted(air) == 10


def test_a_guess_counts_before_anything_is_looked_at_so_that_those_at_once_are_no_more(air: Air) -> None:
    wrongly(air, 10)
    air.cases.calls.clear()
    wrongly(air, 1, tail="8000")
    assert not air.cases.calls


def test_of_a_number_that_there_is_not_as_much_is_read_as_of_one_that_there_is(air: Air) -> None:
    read = []
    for number in (NUMBER, NOBODYS):
        air.cases.calls.clear()
        wrongly(air, 1, number=number)
        read.append(dict(air.cases.calls))
    assert read == [{"org_of": 1, "identity": 1}] * 2
    assert air.stores.cases.memory.wrong_proofs.keys() == {(NUMBER, "2026-11-23T01"), (NOBODYS, "2026-11-23T01")}


def test_a_wrong_guess_takes_as_long_as_any_and_a_right_one_no_longer_than_it_must(air: Air) -> None:
    waits: list[str] = []
    track = Track(
        cases=air.stores.cases, desks=air.world.desks, links=air.world.links, wrong_proofs=air.stores.wrong_proofs,
        limits=air.world.limits, clock=lambda: air.now, even=lambda: lambda: waits.append("waited"),
    )  # fmt: skip
    track.proved(NUMBER, phone_tail="8000", token="")
    assert not waits
    for number, given in ((NUMBER, "0000"), (NOBODYS, "8000")):
        with pytest.raises(NotFound):
            track.proved(number, phone_tail=given, token="")
    assert len(waits) == 2


def test_what_is_left_of_the_time_is_waited_for() -> None:
    times, slept = iter([10.0, 10.1, 20.0, 20.3]), list[float]()
    for _ in range(2):
        until(0.25, lambda: next(times), slept.append)()
    assert slept == [pytest.approx(0.15)]


def test_a_place_that_tries_many_numbers_is_held_up_but_never_somebody_with_the_link(air: Air) -> None:
    numbers = [air.registered() for _ in range(8)]
    refused = 0
    for number in numbers:
        for _ in range(9):
            try:
                air.world.track.proved(number, phone_tail="0000", token="", source=ELSEWHERE)
            except TooMany as busy:
                refused += busy.seconds == 10
            except NotFound:
                pass
    assert refused == 72 - 5 - 30
    link = air.world.links.token(numbers[0])
    assert air.world.track.proved(numbers[0], phone_tail="", token=link, source=ELSEWHERE).number == numbers[0]
    assert air.world.track.proved(numbers[0], phone_tail="8000", token="", source="203.0.113.10")
    air.wait(seconds=10)
    assert air.world.track.proved(numbers[0], phone_tail="8000", token="", source=ELSEWHERE)


def test_one_case_is_looked_at_only_so_often_also_by_its_own_complainant(air: Air) -> None:
    link = air.world.links.token(NUMBER)
    for _ in range(20 + 60):
        air.world.track.proved(NUMBER, phone_tail="", token=link)
    with pytest.raises(TooMany):
        air.world.track.proved(NUMBER, phone_tail="", token=link)
    air.wait(seconds=5)
    assert air.world.track.proved(NUMBER, phone_tail="", token=link)


def test_a_proof_that_was_right_counts_until_the_hour_is_over_where_that_cannot_be_undone(air: Air) -> None:
    class Stuck(MemoryWrongProofs):
        def was_right(self, number: str, at: datetime) -> None:  # noqa: ARG002 # the port's
            raise Unavailable("busy")

    stuck = Stuck(air.stores.cases.memory)
    track = Track(
        cases=air.stores.cases, desks=air.world.desks, links=air.world.links, wrong_proofs=stuck,
        limits=air.world.limits, clock=lambda: air.now, even=lambda: lambda: None,
    )  # fmt: skip
    assert track.proved(NUMBER, phone_tail="8000", token="").number == NUMBER
    assert counted(air) == 1


@pytest.mark.parametrize("phone", ["", "110", "内线12"])
def test_without_a_real_phone_no_tail_is_a_proof(air: Air, phone: str) -> None:
    number = air.registered(customer={"phone": phone})
    for tail in ("", "0110", "110", "1212"):
        with pytest.raises(NotFound):
            air.world.track.proved(number, phone_tail=tail, token="")


def test_an_agreed_time_is_a_promise_and_choices_are_said_in_words(air: Air) -> None:
    case = air.stores.cases.load(ORG, NUMBER)
    assert case is not None
    case.values["new_time"] = "2026-12-01T02:00:00Z"
    case.values["explained"] = "材料已订"
    seen = air.world.track(case, "en")
    assert [(promise.title, promise.at.day) for promise in seen.promises] == [("New time agreed with the customer", 1)]
    assert ("What was explained to the customer", "材料已订") in [(shown.title, shown.value) for shown in seen.shown]


def test_what_is_unknown_is_not_shown(air: Air) -> None:
    case = air.stores.cases.load(ORG, NUMBER)
    assert case is not None
    case.values["demand"] = {"unknown": "客户未说明"}
    assert "客户未说明" not in repr(air.world.track(case, "zh-Hans"))
