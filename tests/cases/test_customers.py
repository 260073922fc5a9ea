"""What the same customer gives again is found again, and nobody without the key can tell what it was."""

import pytest

from chalicelib.cases.customers import hasher, keys_of, links_of
from chalicelib.desk.complaint import Identity

HASHED = hasher(b"k")


def of(site: str = "main", **identity: str) -> list[tuple[str, str]]:
    return links_of(Identity(**identity), "o", site, HASHED)


@pytest.mark.parametrize("phone", ["138 0013 8000", "+86 138-0013-8000", "０１３８００１３８０００", "008613800138000"])
def test_a_phone_in_any_spelling_is_the_same(phone: str) -> None:
    assert of(phone=phone) == of(phone="13800138000")


@pytest.mark.parametrize("plate", ["京A·12345", "京a 12345", "京Ａ－１２３４５", "京A.12345"])
def test_a_plate_in_any_spelling_is_the_same(plate: str) -> None:
    assert of(plate=plate) == of(plate="京A12345")


@pytest.mark.parametrize("room", ["１－４０５", "1—405", " 1 - 405 "])
def test_a_room_in_any_width_and_dash_is_the_same(room: str) -> None:
    assert of(room=room) == of(room="1-405")


def test_what_people_call_a_room_is_not_guessed_at() -> None:
    assert of(room="1栋405") != of(room="1-405")


def test_two_sites_may_each_have_a_room_of_that_name_but_a_phone_is_one_everywhere() -> None:
    assert of("north", room="1-405") != of("south", room="1-405")
    assert of("north", phone="13800138000") == of("south", phone="13800138000")


def test_a_phone_is_no_room_and_another_key_hashes_otherwise() -> None:
    assert of(phone="内线12")[0][1] != of(room="内线12")[0][1]
    assert links_of(Identity(plate="京A12345"), "o", "main", hasher(b"other")) != of(plate="京A12345")


def test_the_key_on_the_head_is_short_and_says_of_which_kind_it_is() -> None:
    (key,) = keys_of(of(phone="13800138000"))
    assert key.startswith("phone:")
    assert len(key) == len("phone:") + 16
    assert "138001" not in key


def test_who_left_nothing_to_go_by_has_no_key() -> None:
    assert of(name="李女士", address="东街1号") == []
