"""Bytes as text, whatever their charset is said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.messaging.inbound.charsets import text_of

SIMPLIFIED = "三号楼电梯停运三天，老人无法下楼，请尽快派人修复。"
TRADITIONAL = "三號樓電梯停運三天，老人無法下樓，請儘快派人修復。"
DECLARED = [
    "",
    "gb2312",
    "GBK",
    "big5",
    "utf-8",
    "us-ascii",
    "iso-8859-1",
    "x-unknown",
    "no such thing",
    "unknown-8bit",
]


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(
    ("text", "charset"),
    [(SIMPLIFIED, "gb18030"), (SIMPLIFIED, "utf-8"), (TRADITIONAL, "big5"), (TRADITIONAL, "utf-8"),
     (SIMPLIFIED + " lift 3, +86 10", "gbk")],
)  # fmt: skip
def test_a_charset_is_found_whatever_is_declared(text: str, charset: str, declared: str) -> None:
    assert text_of(text.encode(charset), declared) == text


@pytest.mark.parametrize("short", ["电梯", "您好", "停水", "张三投诉", "联通"])
def test_a_few_characters_are_read_as_declared(short: str) -> None:
    assert text_of(short.encode("gb18030"), "gb2312") == text_of(short.encode(), "utf-8") == short


@pytest.mark.parametrize(
    ("text", "charset"),
    [("エレベーターの故障", "iso-2022-jp"), ("エレベーターの故障", "shift_jis"), ("엘리베이터 고장", "euc-kr"),
     ("лифт не работает", "koi8-r"),
     ("Aufzug für Gäste außer Betrieb", "iso-8859-1"), ("电梯停运", "hz"),
     ("电梯停运", "utf-16"), ("電梯停運", "big5-hkscs"), ("升降機壞咗，啲老人家落唔到樓，喺度等緊", "big5-hkscs")],
)  # fmt: skip
def test_what_is_declared_rightly_is_believed(text: str, charset: str) -> None:
    assert text_of(text.encode(charset), charset) == text


def test_a_text_that_was_cut_off_is_read_up_to_there() -> None:
    assert text_of(SIMPLIFIED.encode()[:-1], "utf-8").startswith(SIMPLIFIED[:-1])
    assert text_of(SIMPLIFIED.encode("gb18030")[:-1], "gb2312").startswith(SIMPLIFIED[:-1])


@given(st.binary(max_size=200), st.one_of(st.sampled_from(DECLARED), st.text(max_size=12)))
def test_any_bytes_are_text_that_can_be_written_down(data: bytes, declared: str) -> None:
    assert "\r" not in text_of(data, declared).encode().decode()
