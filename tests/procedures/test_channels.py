"""Every channel that a procedure offers is open at the door, and only those."""

import pytest

from chalicelib.desk.errors import BadInput
from chalicelib.procedures.compile import sources
from tests.procedures.asked import rules
from tests.stories.town import Town

ANYONE = {
    "c-company": "c.li", "e-dongnan": "e.li", "h-hospital": "h.luo", "m-property": "m.ma", "n-notice": "n.cheng",
    "p-property": "p.li", "s-store": "s.fang", "t-telephone": "t.dong", "w-workshop": "w.lin",
}  # fmt: skip


@pytest.mark.parametrize(
    ("org", "channels"),
    [
        pytest.param("c-company", "phone", marks=rules("C-04")),
        pytest.param("c-company", "web", marks=rules("C-05")),
        pytest.param("c-company", "visit", marks=rules("C-06")),
        pytest.param("c-company", "email letter referral other", marks=rules("C-07")),
        pytest.param("e-dongnan", "phone", marks=rules("E-01")),
        pytest.param("e-dongnan", "visit", marks=rules("E-15")),
        pytest.param("h-hospital", "phone visit", marks=rules("H-01", "H-09")),
        pytest.param("m-property", "phone visit web email letter other", marks=rules("M-01")),
        pytest.param("m-property", "referral", marks=rules("M-26")),
        pytest.param("n-notice", "phone", marks=rules("N-01", "N-02", "N-04")),
        pytest.param("n-notice", "email", marks=rules("N-03")),
        pytest.param("p-property", "visit", marks=rules("P-54")),
        pytest.param("p-property", "letter", marks=rules("P-55")),
        pytest.param("p-property", "phone", marks=rules("P-56")),
        pytest.param("p-property", "other web email referral", marks=rules("P-57")),
        pytest.param("s-store", "phone", marks=rules("S-31")),
        pytest.param("s-store", "letter", marks=rules("S-42")),
        pytest.param("s-store", "visit", marks=rules("S-47")),
        pytest.param("s-store", "referral", marks=rules("S-61")),
        pytest.param("t-telephone", "phone", marks=rules("T-03")),
        pytest.param("w-workshop", "phone visit", marks=rules("W-31")),
    ],
)
def test_a_complaint_is_taken_by_each_channel_that_the_rule_names(org: str, channels: str) -> None:
    for channel in channels.split():
        town = Town(org, "03-02 09:10")
        case = town.receives({"channel": channel, "content": {"details": "无人处理"}}, by=ANYONE[org])
        assert case.head.channel == channel
        assert case.owner


@pytest.mark.parametrize("org", sources())
def test_a_channel_that_is_not_offered_is_named_with_those_that_are(org: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Town(org, "03-02 09:10").receives({"channel": "report", "content": {"details": "无人处理"}}, by=ANYONE[org])
    found = {problem.field: str(problem.problem) for problem in refusal.value.problems}
    assert found["channel"].startswith("is not one of: ")
    assert "phone" in found["channel"]
