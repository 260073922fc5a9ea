"""The first record of a complaint, in each procedure: what was said is kept, what was not said is noted as unknown."""

import pytest

from chalicelib.desk.errors import BadInput
from chalicelib.desk.facts import is_unknown
from tests.procedures.asked import rules
from tests.procedures.playing import Play, answer

FIRST = {
    "c-company": "c.li", "e-dongnan": "e.li", "h-hospital": "h.yin", "m-property": "m.ma", "n-notice": "n.cheng",
    "p-property": "p.li", "s-store": "s.fang", "t-telephone": "t.dong", "w-workshop": "w.lin",
}  # fmt: skip


def taken(org: str, **said: str) -> Play:
    return untold(org).open(received_at=answer("02 08:55"), **said)


def untold(org: str) -> Play:
    return Play(org, "02 09:00", FIRST[org])


@pytest.mark.parametrize(
    "org",
    [
        pytest.param("c-company", marks=rules("C-16", "C-17")),
        pytest.param("e-dongnan", marks=rules("E-12", "E-13")),
        pytest.param("h-hospital", marks=rules("H-11")),
        pytest.param("m-property", marks=rules("M-11", "M-20")),
        pytest.param("n-notice", marks=rules("N-05", "N-14")),
        pytest.param("p-property", marks=rules("P-60")),
        pytest.param("s-store", marks=rules("S-05", "S-17", "S-51", "S-55")),
        pytest.param("t-telephone", marks=rules("T-20", "T-23", "T-24")),
        pytest.param("w-workshop", marks=rules("W-44")),
    ],
)
def test_time_and_content_are_kept_as_told_no_content_is_refused_and_no_time_noted_as_unknown(org: str) -> None:
    play = taken(org, content="再三投诉无人处理")
    assert (play.case.values["content"], play.case.values["received_at"]) == (
        "再三投诉无人处理",
        "2026-11-02T00:55:00Z",
    )
    with pytest.raises(BadInput) as refusal:
        untold(org).open()
    assert [problem.field for problem in refusal.value.problems] == ["content"]
    assert is_unknown(untold(org).open(content="再三投诉无人处理").case.values["received_at"])


@pytest.mark.parametrize(
    ("org", "told"),
    [
        pytest.param("c-company", "demand place", marks=rules("C-17")),
        pytest.param("h-hospital", "event_place event_time demand", marks=rules("H-11")),
        pytest.param("n-notice", "demand", marks=rules("N-13", "N-14")),
        pytest.param("s-store", "fact_when fact_where fact_who fact_what fact_result",
                     marks=rules("S-34", "S-35", "S-36", "S-37", "S-38")),
        pytest.param("t-telephone", "place happened people_involved", marks=rules("T-23")),
        pytest.param("w-workshop", "event_time event_place event_people event_course event_result further_facts",
                     marks=rules("W-45", "W-46", "W-47", "W-48", "W-49")),
    ],
)  # fmt: skip
def test_whatever_else_was_told_has_its_place_in_the_first_record(org: str, told: str) -> None:
    said = {name: f"{name}的内容" for name in told.split()}
    values = taken(org, content="无人处理", **said).case.values
    assert {name: values[name] for name in said} == said


@pytest.mark.rules("M-01")
@pytest.mark.parametrize("subject", ["product", "management_service"])
def test_products_and_management_services_can_both_be_complained_of(subject: str) -> None:
    assert taken("m-property", content="开裂", subject=subject).case.values["subject"] == subject
    assert is_unknown(taken("m-property", content="开裂").case.values["subject"])


@pytest.mark.rules("W-44", "W-50", "W-58", "W-77")
def test_the_first_judgement_of_the_nature_and_the_apology_are_kept_with_the_first_record() -> None:
    values = taken("w-workshop", content="异响", nature="quality", apologised_at=answer("02 08:59")).case.values
    assert (values["nature"], values["apologised_at"]) == ("quality", "2026-11-02T00:59:00Z")
    assert is_unknown(taken("w-workshop", content="异响").case.values["nature"])
