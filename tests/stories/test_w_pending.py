"""W: matters whose responsibility cannot be settled at once, and customers who cannot be reached."""

import pytest

from chalicelib.desk.errors import NotFound
from tests.stories.dates import answer
from tests.stories.workshop import heard, noise, numbered, pending

UNCLEAR = {"responsibility": "unclear"}


@pytest.mark.rules("W-57", "W-77", "W-78", "W-79", "W-80")
def test_unclear_responsibility_waits_for_the_general_manager_and_becomes_a_pending_matter_once_approved() -> None:
    case = heard(numbered()).until("03-02 16:00").do("determine", **UNCLEAR)
    assert (case.stage, case.owner, case.due("determination")) == ("pending_requested", "w.fan", "")
    assert case.sent("come_when_convenient") == ["03-02 16:00 customer"]
    assert case.sent("pending_requested") == ["03-02 16:00 w.fan"]
    assert case.refused("decide_pending", by="w.xie") == "not allowed"
    case.until("03-05 09:00")
    assert case.late == []  # nobody is late while the general manager thinks
    case.do("decide_pending")
    assert (case.stage, case.head.status, case.owner) == ("pending", "pending", "w.xie")
    assert case.sent("pending_approved") == ["03-05 09:00 w.xie", "03-05 09:00 w.pan"]
    assert "revisit" not in case.head.clocks


@pytest.mark.rules("W-57", "W-77")
@pytest.mark.parametrize(
    "reason", ["quality_unclear", "parts_delay", "customer_absent", "customer_no_time", "not_reached", "other"]
)
def test_any_kind_with_unclear_responsibility_may_become_a_pending_matter(reason: str) -> None:
    assert pending(reason).head.values["pending_reason"] == reason


@pytest.mark.rules("W-59", "W-79")
def test_refused_it_goes_back_to_the_customer_manager_with_what_was_left_of_the_24_hours() -> None:
    case = heard(numbered()).until("03-02 16:00").do("determine", **UNCLEAR).until("03-02 18:00")
    case.do("decide_pending", pending_approved="no", pending_words="先查清楚再报。")
    assert (case.stage, case.owner, case.due("determination")) == ("determining", "w.xie", "03-03 11:50")
    assert case.sent("pending_refused") == ["03-02 18:00 w.xie"]
    assert case.do("determine").stage == "reviewing"


@pytest.mark.rules("W-64", "W-77", "W-78")
def test_a_customer_not_reached_is_asked_to_come_when_convenient_but_only_after_attempts_on_record() -> None:
    case = numbered()
    assert "No attempt to contact" in case.refused("request_pending", pending_reason="not_reached")
    case.do("log_failed_attempt").until("03-04 09:00").do("request_pending", pending_reason="not_reached")
    assert (case.stage, case.sent("come_when_convenient")) == ("pending_requested", ["03-04 09:00 customer"])
    assert case.until("03-06 09:00").do("decide_pending").late == ["reach_customer 03-03 09:50"]


@pytest.mark.rules("W-83", "W-84", "W-85")
def test_each_writes_a_ledger_of_his_own_the_vehicle_is_marked_and_what_is_missing_is_told_to_the_other() -> None:
    case = heard(numbered()).do("determine", **UNCLEAR).until("03-02 18:00").do("decide_pending")
    assert case.refused("write_manager_ledger", by="w.pan") == "not allowed"
    assert case.refused("write_centre_ledger", by="w.xie") == "not allowed"
    assert "marked_on_vehicle: is required" in case.refused("write_centre_ledger", marked_on_vehicle=None)
    case.until("03-03 19:00")
    assert sorted(case.told("manager_ledger")) == ["03-03 18:00 w.fan late", "03-03 18:00 w.pan late"]
    assert sorted(case.told("centre_ledger")) == ["03-03 18:00 w.fan late", "03-03 18:00 w.xie late"]
    case.do("write_manager_ledger").do("write_centre_ledger")
    assert case.head.values["marked_on_vehicle"] == "marked"


@pytest.mark.rules("W-86", "W-87", "W-88")
def test_by_the_fourth_of_each_month_the_pending_customer_is_called_and_each_month_missed_is_told_of() -> None:
    case = pending()
    assert case.due("monthly_contact") == "04-05 00:00"
    case.until("04-02 10:00").do("contact_pending")
    assert case.sent("come_back") == ["04-02 10:00 customer"]
    assert case.due("monthly_contact") == "05-05 00:00"
    case.until("05-06 09:00")
    assert case.told("monthly_contact") == ["05-04 00:00 w.xie contact_due", "05-05 07:00 w.fan late"]
    case.do("contact_pending", contact_answer="车主出差，六月回来。")
    assert case.due("monthly_contact") == "06-05 00:00"
    case.until("06-05 08:00").do("contact_pending").until("07-03 12:00").do("contact_pending")
    assert case.late == ["monthly_contact 05-05 00:00", "monthly_contact 06-05 00:00"]
    assert case.due("monthly_contact") == "08-05 00:00"
    answers = [event.answers["contact_answer"] for event in case.history if event.action == "contact_pending"]
    assert len(answers) == 4
    assert answers[1] == "车主出差，六月回来。"


@pytest.mark.rules("W-86")
def test_what_became_pending_on_the_last_of_the_month_is_called_by_the_fourth_a_few_days_later() -> None:
    case = noise("03-31 16:50").do("report").do("open_form").do("number_form").do("read_history").do("find_facts")
    case.do("talk").do("determine", **UNCLEAR).until("03-31 23:30").do("decide_pending")
    assert case.due("monthly_contact") == "04-05 00:00"


@pytest.mark.rules("W-57", "W-88", "W-84")
def test_when_the_customer_has_come_it_takes_the_main_track_with_24_hours_anew_and_both_ledgers_are_settled() -> None:
    case = pending().until("03-20 10:00").do("note_change").do("resume")
    assert (case.stage, case.owner, case.due("determination")) == ("determining", "w.xie", "03-21 10:00")
    assert case.sent("resumed") == ["03-20 10:00 w.pan", "03-20 10:00 w.ding"]
    assert case.due("monthly_contact") == ""
    case.do("write_manager_ledger", manager_ledger="settled")
    case.do("write_centre_ledger", centre_ledger="settled", marked_on_vehicle="cleared")
    assert case.do("determine", rework_at=answer("03-22 09:00")).stage == "reviewing"
    assert case.until("05-10 00:00").told("monthly_contact") == []


@pytest.mark.rules("W-57")
def test_a_matter_may_become_pending_again_and_each_time_needs_its_own_approval() -> None:
    case = pending().until("03-20 10:00").do("resume").do("write_manager_ledger").do("write_centre_ledger")
    case.do("determine", **UNCLEAR)
    assert case.stage == "pending_requested"
    case.do("decide_pending")
    assert case.due("monthly_contact") == "04-05 00:00"
    assert len([t for t in case.head.tasks.values() if t.task == "manager_ledger"]) == 3


@pytest.mark.rules("W-91")
def test_a_pending_matter_is_not_revisited() -> None:
    case = pending().until("06-30 00:00")
    assert "revisit" not in case.head.clocks
    assert case.refused("revisit", by="w.pan") == "not open at this stage"


def test_a_wrong_number_is_nobodys_case() -> None:
    case = pending()
    with pytest.raises(NotFound):
        case.town.world.act.act(case.town.org, "260302-0000000", "resume", {}, actor="w.xie", version=1)
