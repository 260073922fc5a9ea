"""How much two texts have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.similar import pieces, similarity

TEXTS = st.text(st.sampled_from("一号楼电梯停了三天 lift No.2，。Ａａ电"), max_size=30) | st.text(max_size=20)


@given(TEXTS, TEXTS)
def test_it_is_the_same_both_ways_and_between_nothing_and_all(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1


@given(TEXTS)
def test_a_text_is_all_of_itself_whatever_its_width_and_case(text: str) -> None:
    assert similarity(text, text) == 1
    assert similarity("电梯Ａ " + text, "电梯a　" + text) == 1


@given(TEXTS, TEXTS)
def test_texts_of_nothing_in_common_are_nothing_alike(one: str, other: str) -> None:
    if (pieces(one) or pieces(other)) and not pieces(one) & pieces(other):
        assert similarity(one, other) == 0


@given(st.text(st.sampled_from("电梯停运坏了"), min_size=2, max_size=12), TEXTS)
def test_who_says_more_is_no_less_alike_for_saying_it_on_both_sides(common: str, rest: str) -> None:
    assert similarity(f"{common} {rest}", f"{common} {rest}") >= similarity(common, f"{common} {rest}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一号楼电梯停运三天，老人无法下楼。", "一号楼电梯又停了，老人下不了楼"),
        ("返修后仍有异响", "车修过之后还是有异响，返修没用"),
        ("The lift in block 1 is out of order", "lift of block 1 out of order again"),
    ],
)
def test_the_same_told_in_other_words_is_alike(one: str, other: str) -> None:
    assert similarity(one, other) >= 0.3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一号楼电梯停运三天，老人无法下楼。", "物业费多收了两个月，要求退还"),
        ("护士态度不好，等了一小时没人管", "收费清单与实际用药不符"),
        ("卫生间渗水，墙皮脱落", "保安半夜大声喧哗"),
    ],
)
def test_something_else_is_not(one: str, other: str) -> None:
    assert similarity(one, other) < 0.15
