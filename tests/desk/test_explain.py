"""Why a clock is due when it is, in three languages; every phrase in traditional Chinese is that of the simplified."""

import json
from pathlib import Path

import pytest

import chalicelib.desk
from chalicelib.desk.explain import clocks, explain
from chalicelib.procedures.traditional import traditional
from tests.desk.build import Case, at, desk, stamp

PHRASES = json.loads((Path(chalicelib.desk.__file__).parent / "data" / "phrases.json").read_text("utf-8"))

EVERY = """
fields:
  agreed: {type: instant}
stages:
  pending: {title: {zh: 未了, en: Pending}, status: pending, in_charge: agent}
actions:
  wait: {at: [working], by: [agent], may_ask: [agreed], goes: pending}
  resume: {at: [pending], by: [agent], goes: working}
  finish: {at: [working], by: [agent], goes: closed}
clocks:
  elapsed: {title: {zh: 处理时限, en: Solve}, starts: [done register], pauses_in: [pending], limit: 24h, rules: [T-1],
            ladder: [{before: 4h, tell: [agent]}, {at: due, tell: [head]}]}
  business: {title: {zh: 首次联系, en: First contact}, starts: [done register], pauses_in: [pending], limit: 8bh}
  days: {title: {zh: 答复, en: Reply}, starts: [done register], pauses_in: [pending], limit: 3d}
  until: {title: {zh: 回访, en: Revisit}, starts: [done register], pauses_in: [pending], limit: {until: agreed}}
  monthly: {title: {zh: 联系, en: Contact}, starts: [done register], pauses_in: [pending],
            limit: {day_of_month: 4, of: next_month}}
  none: {title: {zh: 等候, en: Waiting}, starts: [done register], limit: }
"""

BOUNDED = """
clocks:
  opening: {title: {zh: 回电, en: Call back}, starts: [done register], limit: {of_opening: 24h}}
  capped: {title: {zh: 答复, en: Answer}, starts: [done register],
           limit: {is: 3d, not_after: {limit: 48h, from: received}}}
"""


def said(case: Case, clock: str, language: str = "en") -> str:
    return explain(case.desk, case.state, case.run(clock), language)


def test_a_limit_from_the_next_opening_says_so_where_it_was_closed():
    case = Case(desk(BOUNDED), "03-02 20:00")
    in_words = "回电：自03月03日09:00起24小时，应于03月04日09:00前完成。（自下一服务时间起算）"
    assert said(case, "opening", "zh-Hans") == in_words
    assert said(Case(desk(BOUNDED)), "opening") == "Call back: 24 hours from 02 Mar 09:00, due before 03 Mar 09:00."


def test_a_limit_that_its_cap_brings_forward_is_explained_by_the_cap():
    case = Case(desk(BOUNDED))
    assert said(case, "capped") == "Answer: at the latest before 04 Mar 09:00."
    assert said(case, "capped", "zh-Hans") == "答复：最迟应于03月04日09:00前完成。"


@pytest.mark.parametrize(
    ("clock", "zh", "hant", "en"),
    [
        ("elapsed", "处理时限：自03月02日09:00起24小时，应于03月03日09:00前完成。",
         "處理時限：自03月02日09:00起24小時，應於03月03日09:00前完成。",
         "Solve: 24 hours from 02 Mar 09:00, due before 03 Mar 09:00."),
        ("business", "首次联系：自03月02日09:00起8小时（只计服务时间），应于03月03日09:30前完成。",
         "首次聯繫：自03月02日09:00起8小時（只計服務時間），應於03月03日09:30前完成。",
         "First contact: 8 hours of opening hours from 02 Mar 09:00, due before 03 Mar 09:30."),
        ("days", "答复：自03月02日09:00起3日（起始日不计），至03月06日00:00届满。",
         "答覆：自03月02日09:00起3日（起始日不計），至03月06日00:00屆滿。",
         "Reply: 3 calendar days after 02 Mar 09:00, the first not counted, until 06 Mar 00:00."),
        ("monthly", "联系：应于次月4日结束（04月05日00:00）前完成。", "聯繫：應於次月4日結束（04月05日00:00）前完成。",
         "Contact: by the end of day 4 of the month after (05 Apr 00:00)."),
        ("none", "等候：自03月02日09:00起计时，未设时限。", "等候：自03月02日09:00起計時，未設時限。",
         "Waiting: running since 02 Mar 09:00; no limit is set."),
    ],
)  # fmt: skip
def test_each_limit_has_its_sentence(clock: str, zh: str, hant: str, en: str):
    case = Case(desk(EVERY))
    assert [said(case, clock, tag) for tag in ("zh-Hans", "zh-Hant", "en")] == [zh, hant, en]


def test_an_agreed_instant_is_named_once_it_is_agreed():
    case = Case(desk(EVERY))
    assert said(case, "until") == "Revisit: running since 02 Mar 09:00; no limit is set."
    case.act("wait", agreed=stamp("03-05 15:00"))
    case.act("resume")
    assert said(case, "until") == "Revisit: agreed for 05 Mar 15:00."
    assert said(case, "until", "zh-Hans") == "回访：按约定应于03月05日15:00前完成。"


def test_a_pause_is_told_while_it_lasts_and_after():
    case = Case(desk(EVERY))
    case.act("wait", "03-02 10:00")
    assert said(case, "elapsed").endswith("due before 03 Mar 09:00. (paused at present)")
    case.act("resume", "03-02 11:30")
    assert said(case, "elapsed").endswith("due before 03 Mar 10:30, moved by a pause of 90 minutes.")
    assert said(case, "elapsed", "zh-Hans").endswith("应于03月03日10:30前完成，已顺延暂停的90分钟。")


def test_lateness_is_told_also_after_the_work_is_done():
    case = Case(desk(EVERY))
    case.tick("03-03 09:00")
    assert said(case, "elapsed").endswith(" Late since 03 Mar 09:00.")
    case.act("finish", "03-03 10:00")
    assert said(case, "elapsed") == "Solve: from 02 Mar 09:00, done at 03 Mar 10:00. Late since 03 Mar 09:00."


def test_staff_see_running_clocks_first_by_due_instant_with_the_next_warning():
    case = Case(desk(EVERY))
    views = clocks(case.desk, case.state, "en")
    assert [v.clock for v in views] == ["elapsed", "business", "days", "monthly", "none", "until"]
    assert (views[0].title, views[0].state, views[0].warning, views[0].rules) == (
        "Solve", "running", at("03-03 05:00"), ["T-1"],
    )  # fmt: skip
    case.tick("03-03 05:00")
    assert clocks(case.desk, case.state, "en")[0].warning is None
    case.tick("03-03 09:00")
    case.act("finish", "03-03 09:20")
    assert {v.clock: v.state for v in clocks(case.desk, case.state, "en")} == {
        "elapsed": "stopped_late", "business": "stopped", "days": "stopped", "monthly": "stopped", "none": "stopped",
        "until": "stopped",
    }  # fmt: skip


def test_a_late_clock_says_so():
    case = Case(desk(EVERY))
    case.tick("03-03 09:00")
    assert clocks(case.desk, case.state, "en")[0].state == "late"


def test_a_language_that_nobody_wrote_is_answered_in_simplified_chinese():
    case = Case(desk(EVERY))
    assert said(case, "none", "fr") == said(case, "none", "zh-Hans")


@pytest.mark.parametrize("phrase", PHRASES["zh-Hans"])
def test_traditional_phrases_are_those_in_simplified(phrase: str):
    assert PHRASES["zh-Hant"][phrase] == traditional(PHRASES["zh-Hans"][phrase])


def test_every_language_has_every_phrase():
    assert {tuple(sorted(phrases)) for phrases in PHRASES.values()} == {tuple(sorted(PHRASES["en"]))}
