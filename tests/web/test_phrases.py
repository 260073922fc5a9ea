"""The desk's sentences in the caller's language."""

import json
from pathlib import Path

import pytest

from chalicelib.desk.errors import BadInput
from chalicelib.desk.parsing import parsed
from chalicelib.desk.posting import Posting
from chalicelib.desk.procedure import FINISHED
from chalicelib.web.phrases import WORDS, translated
from tests.web.air import Air, complaint
from tests.web.sentences import sentences

LANGUAGES = ("zh-Hans", "zh-Hant")


@pytest.mark.parametrize(("text", "said_in"), sentences("desk", "cases", "web", "storage").items())
def test_every_sentence_that_callers_hear_is_translated(text: str, said_in: str) -> None:
    filled = text.replace("{}", "4711")
    for language in LANGUAGES:
        assert translated(filled, language) != filled, f"{said_in} says: {text}"


def test_what_the_parser_says_is_translated_too() -> None:
    body = {
        "org": "A B", "content": {"summary": "x" * 501, "details": 3}, "channel": "fax", "kind": 1, "customer": None,
        "received_at": "2026-01-01T00:00:00", "anonymous": "yes", "people_concerned": ["x"] * 21, "form": [],
    }  # fmt: skip
    with pytest.raises(BadInput) as refused:
        parsed(Posting, body)
    assert len(refused.value.problems) == 10
    for problem in refused.value.problems:
        assert isinstance(problem.problem, str)
        for language in LANGUAGES:
            assert translated(problem.problem, language) != problem.problem


@pytest.mark.parametrize("path", sorted(WORDS.glob("*.json")), ids=lambda path: path.stem)
def test_every_phrase_is_in_every_language(path: Path) -> None:
    needed = set(LANGUAGES) if path.stem == "problems" else {*LANGUAGES, "en"}  # there the key is the English text
    for words in json.loads(path.read_text("utf-8")).values():
        assert set(words) == needed
        assert all(text.strip() for text in words.values())


def test_what_comes_next_is_said_of_every_status() -> None:
    known = set(json.loads((WORDS / "next.json").read_text("utf-8")))
    assert known == {"received", "accepted", "handling", "answered", "revisit", "pending", *FINISHED}


def test_a_refusal_is_in_the_callers_language_and_simplified_chinese_by_default(air: Air) -> None:
    body = complaint(surprise=1)
    said = {
        language: air.post("/v1/complaints", body, headers={"Accept-Language": language}).json_body["errors"]
        for language in ("en-GB", "zh-CN", "zh-HK", "fr")
    }
    assert said["en-GB"] == [{"field": "surprise", "problem": "is not a known field"}]
    assert said["zh-CN"] == said["fr"] == [{"field": "surprise", "problem": "没有此项"}]
    assert said["zh-HK"] == [{"field": "surprise", "problem": "沒有此項"}]


def test_a_pattern_keeps_what_was_put_in() -> None:
    assert translated("is not one of: main, branch", "zh-Hans") == "不是以下之一：main, branch"


def test_of_two_patterns_that_fit_the_more_particular_one_holds() -> None:
    assert translated("must be at most 500 characters", "zh-Hans") == "最多500个字"
    assert translated("must be at most 20000000 bytes", "zh-Hans") == "最多20000000字节"


def test_braces_in_what_was_put_in_stay_braces() -> None:
    assert translated("is not one of: {0}{1}", "zh-Hans") == "不是以下之一：{0}{1}"
