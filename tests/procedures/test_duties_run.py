"""A duty at an interval of the site's opens when the site says, is told of when late, and goes to whom it is owed."""

import pytest

from chalicelib.desk.duties import issued, next_time, opened, ticked
from chalicelib.desk.rulebook import Desk
from tests.procedures.asked import rules
from tests.procedures.playing import Play, at


def desk_of(org: str, **settings: str) -> Desk:
    return Play(org, "02 09:00", "nobody", "phone", **settings).desk


@pytest.mark.parametrize(
    ("org", "duty", "interval", "opens", "by", "late", "to"),
    [
        pytest.param("c-company", "trend", "trend_interval", "12-01 00:00", "c.wang", "c.zhou", {"c.zhou", "c.zheng"},
                     marks=rules("C-33")),
        pytest.param("h-hospital", "publish_hotline", "publication", "2027-01-01 00:00", "h.jin", "h.gu", {"h.gu"},
                     marks=rules("H-02")),
        pytest.param("n-notice", "experience", "experience_report", "12-01 00:00", "n.cheng", "n.du", {"n.du", "n.wan"},
                     marks=rules("N-11")),
        pytest.param("n-notice", "publish_notice", "notice_review", "2027-01-01 00:00", "n.cheng", "n.du", {"n.du"},
                     marks=rules("N-02", "N-15")),
        pytest.param("p-property", "broken_promises", "broken_promises", "12-01 00:00", "p.qin", "p.luo", {"p.luo"},
                     marks=rules("P-41")),
        pytest.param("p-property", "causes", "causes", "2027-01-01 00:00", "p.qin", "p.luo", {"p.luo"},
                     marks=rules("P-12", "P-19")),
        pytest.param("t-telephone", "study", "study", "10 00:00", "t.su", "t.jiang", {"t.jiang"}, marks=rules("T-41")),
    ],
)  # fmt: skip
def test_it_comes_at_the_sites_interval_and_is_flagged_when_it_was_not_issued_that_day(
    org: str, duty: str, interval: str, opens: str, by: str, late: str, to: set[str]
) -> None:
    desk = desk_of(org)
    assert next_time(desk, duty, at("02 09:00")) == at(opens)
    assert next_time(desk_of(org, **{interval: ""}), duty, at("02 09:00")) is None
    step = opened(desk, duty, at(opens), None, at(opens))
    assert [(m.letter, m.to) for m in step.messages] == [("summary_due", by)]
    assert step.run.due
    missed = ticked(desk, step.run, step.run.due)
    assert missed
    assert (missed.run.late_at, [m.to for m in missed.messages if m.letter == "summary_late"]) == (step.run.due, [late])
    assert (step.run.due - at(opens)).days == 1
    sent = issued(desk, step.run, by, at(opens)).messages
    assert {m.to for m in sent if m.letter == "summary_issued"} == to
