"""北区医院: who may know who told, who is kept out, and how an anonymous reporter hears of the result."""

import pytest

from chalicelib.cases.sight import may_know, may_see
from chalicelib.procedures.compile import compile_source, sources
from tests.procedures.hospital import (
    ANONYMOUS,
    NAMED,
    asked,
    feeding_back,
    instruction_asked,
    investigating,
    lines,
    registered,
)
from tests.procedures.playing import Play, at


@pytest.mark.rules("H-14", "H-16")
def test_a_report_against_the_leader_goes_to_another_leader_and_the_one_concerned_sees_nothing() -> None:
    play = asked(person_concerned=["h.gu", "h.dai"]).do("02 10:00", "h.luo", "register", **NAMED)
    play.do("02 11:00", "h.luo", "ask_instruction", question="拟核查")
    assert play.letters == [("instruction_wanted", "h.mo")]
    assert play.may("h.gu", "02 12:00") == []
    assert not may_see(play.desk, play.case, "h.gu", at("02 12:00"))
    play.do("02 14:00", "h.mo", "instruct", instruction="查明", lead="h.shi", team=["h.meng"])
    assert play.case.owner.person == "h.shi"


@pytest.mark.rules("H-16")
def test_a_unit_that_is_concerned_is_kept_out_and_the_discipline_office_takes_its_place() -> None:
    play = asked().do("02 10:00", "h.luo", "register", unit_concerned="price_office", **NAMED)
    assert play.case.owner.person == "h.shi"
    assert play.may("h.qiu", "02 11:00") == []


@pytest.mark.rules("H-16")
def test_who_complains_is_known_to_the_first_asked_the_receiver_and_the_lead_whom_the_leader_named() -> None:
    def knowing(play: Play, when: str) -> set[str]:
        return {who for who in play.desk.organisation.staff if may_know(play.desk, play.case, who, at(when))}

    assert knowing(asked(), "02 09:30") == {"h.yin"}
    assert knowing(registered(), "02 10:30") == {"h.yin", "h.luo"}
    assert knowing(instruction_asked(), "02 12:00") == {"h.yin", "h.luo"}
    assert knowing(investigating(), "02 15:00") == {"h.yin", "h.luo", "h.jin"}
    assert knowing(feeding_back(), "03 17:00") == {"h.yin", "h.luo", "h.jin"}


@pytest.mark.rules("H-16")
def test_no_letter_register_or_report_tells_what_was_said_or_by_whom() -> None:
    compiled = compile_source(sources()["h-hospital"])
    written = [text for texts in compiled.letters.values() for parts in texts.values() for text in parts.values()]
    assert not [text for text in written if "{summary}" in text or "{content}" in text]
    procedure = compiled.bind({})
    shown = {column for register in procedure.registers.values() for column in register.columns}
    shown |= {column for report in procedure.reports.values() for column in report.columns}
    assert not shown & {"summary", "content", "demand", "person_concerned"}


@pytest.mark.rules("H-17")
def test_an_anonymous_reporter_with_a_query_code_reads_the_result_by_it() -> None:
    play = feeding_back(**ANONYMOUS, query_code="handed")
    no_contact = {"feedback_outcome": "impossible", "no_feedback_why": "no_contact"}
    assert "query code" in play.refused("04 09:00", "h.luo", "feed_back", **no_contact)
    play.do("04 09:00", "h.luo", "feed_back", feedback_outcome="told", feedback="已处理", feedback_how="query_page")
    assert play.desk.procedure.fields["feedback"].seen_by == "customer"


@pytest.mark.rules("H-17")
def test_an_anonymous_reporter_without_any_way_of_contact_is_recorded_as_such() -> None:
    play = feeding_back(**ANONYMOUS, query_code="impossible")
    no_contact = {"feedback_outcome": "impossible", "no_feedback_why": "no_contact"}
    assert play.do("04 09:00", "h.luo", "feed_back", **no_contact).case.stage == "archiving"


@pytest.mark.rules("H-15", "H-16")
def test_the_investigators_are_shown_what_concerns_them() -> None:
    assert "H-15" in lines(investigating(), "h.hao", "02 15:00")
    assert "H-15" not in lines(investigating(), "h.luo", "02 15:00")
