"""What the complainant may see, and the proofs of it."""

from collections.abc import Iterator

import pytest

from chalicelib.cases.track import NO_SUCH, Links
from chalicelib.desk.errors import NotFound
from tests.web.air import ORG, Air, on_air

NUMBER = "261123-0000017"


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


def wrongly(air: Air, times: int, *, token: str = "", tail: str = "0000") -> None:
    for _ in range(times):
        with pytest.raises(NotFound):
            air.world.track.proved(NUMBER, phone_tail="" if token else tail, token=token)


@pytest.mark.parametrize("token", ["", "0" * 32])
def test_after_ten_wrong_proofs_the_right_tail_is_refused_like_a_wrong_one(air: Air, token: str) -> None:
    wrongly(air, 9, token=token)
    assert air.world.track.proved(NUMBER, phone_tail="8000", token="").number == NUMBER
    wrongly(air, 1, token=token)
    said = []
    for tail in ("8000", "0000"):
        with pytest.raises(NotFound) as refused:
            air.world.track.proved(NUMBER, phone_tail=tail, token="")
        said.append(str(refused.value))
    assert said == [NO_SUCH, NO_SUCH]


def test_meanwhile_the_link_still_works_and_other_numbers_do(air: Air) -> None:
    other = air.registered()
    wrongly(air, 12)
    assert air.world.track.proved(NUMBER, phone_tail="", token=air.world.links.token(NUMBER)).number == NUMBER
    assert air.world.track.proved(other, phone_tail="8000", token="").number == other


def test_with_the_next_hour_the_tail_is_a_proof_again(air: Air) -> None:
    wrongly(air, 10)
    air.wait(minutes=59, seconds=59)
    wrongly(air, 1, tail="8000")
    air.wait(seconds=1)
    assert air.world.track.proved(NUMBER, phone_tail="8000", token="").number == NUMBER


def test_right_proofs_are_not_counted_nor_tries_once_it_was_too_often(air: Air) -> None:
    for _ in range(20):
        air.world.track.proved(NUMBER, phone_tail="8000", token="")
    assert not air.stores.cases.memory.wrong_proofs.total()
    wrongly(air, 30)
    assert air.stores.wrong_proofs.in_hour(NUMBER, air.now) == 10


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
