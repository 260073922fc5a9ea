"""Why must I do this? The rule, in the words of its document and in the reader's language."""

from typing import Any

import pytest

from chalicelib.cases.picture import Picture
from chalicelib.cases.why import why
from chalicelib.procedures.load import Compiled
from tests.procedures.playing import Play, answer, at
from tests.web.air import compiled as shipped


@pytest.fixture(scope="module")
def play() -> Play:
    return Play("c-company", "02 09:00", "customer", "web").open(content="电梯停运", received_at=answer("02 09:00"))


def compiled(play: Play) -> Compiled:
    return shipped(play.desk.procedure.id)


def view(play: Play, language: str) -> Any:
    return Picture(play.desk, play.case, "c.li", at("02 09:10"), language, knows=True).case()


def test_a_rule_is_shown_with_its_document_its_words_there_and_its_sense(play: Play) -> None:
    assert (
        why(view(play, "en"), compiled(play), "en")["C-18"].says == "The form reaches customer service within 24 hours"
    )
    shown = why(view(play, "zh-Hant"), compiled(play), "zh-Hant")["C-18"]
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
    assert {*action.rules, *questions, *guides, *clocks} <= set(why(seen, compiled(play), "zh-Hans"))


def test_a_rule_that_nothing_shown_carries_out_is_left_away(play: Play) -> None:
    assert "C-31" not in why(view(play, "zh-Hans"), compiled(play), "zh-Hans")


def test_of_a_companys_own_procedure_the_rules_are_those_that_it_brings_along(play: Play) -> None:
    of_ours = {"kind": "enforce", "clause": {"zh-Hans": "一日内报送"}, "says": {"en": "Within a day"}}
    tree = {**compiled(play).tree, "procedure": "our-own"}
    own = Compiled.from_tree(tree, {}, {"C-18": of_ours})
    assert {id: shown.says for id, shown in why(view(play, "en"), own, "en").items()} == {"C-18": "Within a day"}
    assert why(view(play, "en"), Compiled.from_tree(tree, {}), "en") == {}
