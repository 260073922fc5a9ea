"""Why must I do this? The rule, in the words of its document and in the reader's language."""

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.cases.picture import Picture
from chalicelib.cases.why import why
from tests.procedures.playing import Play, answer, at


@pytest.fixture(scope="module")
def play() -> Play:
    return Play("c-company", "02 09:00", "customer", "web").open(content="电梯停运", received_at=answer("02 09:00"))


def view(play: Play, language: str) -> Any:
    return Picture(play.desk, play.case, "c.li", at("02 09:10"), language, knows=True).case()


def test_a_rule_is_shown_with_its_document_its_words_there_and_its_sense(play: Play) -> None:
    assert (
        why(view(play, "en"), play.desk.procedure, "en")["C-18"].says
        == "The form reaches customer service within 24 hours"
    )
    shown = why(view(play, "zh-Hant"), play.desk.procedure, "zh-Hant")["C-18"]
    assert (shown.document, shown.clause, shown.says) == (
        "客户投诉管理办法", "自接到起24小時內反饋至客戶服務部", "接到後24小時內反饋至客戶服務部",
    )  # fmt: skip


def test_every_rule_named_at_a_clock_an_action_a_question_of_its_form_or_a_guide_is_there(play: Play) -> None:
    seen = view(play, "zh-Hans")
    action = next(action for action in seen.actions if action.id == "send_form")
    questions = [rule for asked in action.form["properties"].values() for rule in asked.get("x-rules", [])]
    guides = [line.rule for guide in seen.guides for line in guide.lines]
    clocks = [rule for clock in seen.clocks for rule in clock.rules]

    assert all([questions, guides, clocks])
    assert {*action.rules, *questions, *guides, *clocks} <= set(why(seen, play.desk.procedure, "zh-Hans"))


def test_a_rule_that_nothing_shown_carries_out_is_left_away(play: Play) -> None:
    assert "C-31" not in why(view(play, "zh-Hans"), play.desk.procedure, "zh-Hans")


def test_of_a_companys_own_procedure_the_desk_holds_no_document(play: Play) -> None:
    assert why(view(play, "zh-Hans"), replace(play.desk.procedure, id="our-own"), "zh-Hans") == {}
