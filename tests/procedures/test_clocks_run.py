"""Work that lies with somebody is on a clock: due where the site has a time for it, measured and shown where not."""

from collections.abc import Callable

import pytest

from tests.procedures import test_h_hospital_forms as hospital
from tests.procedures import test_m_property_forms as gardens
from tests.procedures import test_n_notice_forms as notice
from tests.procedures import test_p_property_forms as estate
from tests.procedures import test_s_store_forms as store
from tests.procedures import test_t_telephone_forms as telephone
from tests.procedures import test_w_workshop_forms as workshop
from tests.procedures.asked import rules
from tests.procedures.playing import ZONE, Play


@pytest.mark.parametrize(
    ("way", "clock", "due"),
    [
        pytest.param(gardens.registered, "judge", "02 13:00", marks=rules("M-12")),
        pytest.param(gardens.to_be_reported, "report", "02 13:30", marks=rules("M-16", "M-17")),
        pytest.param(gardens.written_report_owed, "written_report@written_report-1", "03 13:00", marks=rules("M-17")),
        pytest.param(gardens.severe, "arrange_inspection@arrange_inspection-1", "03 09:30", marks=rules("M-45")),
        pytest.param(gardens.clarifying, "clarify", "03 10:00", marks=rules("M-27", "M-29")),
        pytest.param(gardens.approving, "approval", "03 14:00", marks=rules("M-37")),
        pytest.param(gardens.with_other_units, "negotiation", "10 00:00", marks=rules("M-49", "M-50")),
        pytest.param(gardens.settled, "filing", "09 00:00", marks=rules("M-18")),
        pytest.param(estate.handling, "handle", "06 00:00", marks=rules("P-77")),
        pytest.param(estate.investigating, "responsible_party", "03 10:00", marks=rules("P-38", "P-65")),
        pytest.param(estate.appointed, "appointment@appointment-1", "07 10:00", marks=rules("P-41", "P-42")),
        pytest.param(estate.approving, "approval@approval-1", "03 10:00", marks=rules("P-46")),
        pytest.param(estate.leave_asked, "leave@leave-1", "03 10:10", marks=rules("P-46")),
        pytest.param(estate.cooperating, "cooperation@cooperation-1", "04 18:00", marks=rules("P-49")),
        pytest.param(estate.satisfied, "form", "03 16:00", marks=rules("P-71", "P-72")),
        pytest.param(estate.skipping, "skip_approval", "03 16:00", marks=rules("P-86")),
        pytest.param(estate.alternative_offered, "alternative@alternative-1", "06 00:00", marks=rules("P-101")),
        pytest.param(store.called, "called@called-1", "02 13:05", marks=rules("S-03")),
        pytest.param(store.heard, "end_date", "06 18:00", marks=rules("S-59")),
        pytest.param(store.recurring, "root_cause@root_cause-1", "03 00:00", marks=rules("S-70", "S-71")),
    ],
)  # fmt: skip
def test_where_the_site_has_a_time_for_it_the_work_is_due_then(way: Callable[[], Play], clock: str, due: str) -> None:
    play = way()
    assert play.due(clock) == due
    instant = play.case.clocks[clock].due
    assert instant
    assert play.wait(f"{instant.astimezone(ZONE):%Y-%m-%d %H:%M}").letters, "nobody hears of it"
    assert clock.partition("@")[0] in play.late()


@pytest.mark.parametrize(
    ("way", "clock"),
    [
        pytest.param(hospital.assistance_asked, "assistance@assistance-1", marks=rules("H-08")),
        pytest.param(hospital.registered, "ask_instruction", marks=rules("H-14")),
        pytest.param(hospital.feeding_back, "feedback", marks=rules("H-17")),
        pytest.param(hospital.told, "archive", marks=rules("H-18")),
        pytest.param(notice.helping, "helping", marks=rules("N-13")),
        pytest.param(estate.asked_above, "approval_above@approval_above-1", marks=rules("P-46")),
        pytest.param(store.head_office_asked, "head_office@head_office-1", marks=rules("S-22")),
        pytest.param(store.acknowledged, "phone_answer@phone_answer-1", marks=rules("S-46")),
        pytest.param(store.settled, "archive", marks=rules("S-67")),
        pytest.param(store.reviewing, "review", marks=rules("S-28", "S-29")),
        pytest.param(telephone.listening, "call", marks=rules("T-10")),
        pytest.param(telephone.finding_facts, "finding_facts", marks=rules("T-12")),
        pytest.param(telephone.agreeing, "agreement", marks=rules("T-13")),
        pytest.param(telephone.agreeing, "agreeing", marks=rules("T-13")),
        pytest.param(telephone.refused_by_the_guest, "with_department_manager", marks=rules("T-28")),
        pytest.param(telephone.with_a_manager, "with_duty_manager", marks=rules("T-28")),
        pytest.param(telephone.agreeing, "known_result", marks=rules("T-31", "T-32", "T-42")),
        pytest.param(telephone.approving_unsolved, "approve_unsolved", marks=rules("T-32")),
        pytest.param(workshop.with_general_manager, "general_manager_opinion", marks=rules("W-69")),
        pytest.param(workshop.pending_asked, "general_manager_pending", marks=rules("W-79")),
        pytest.param(workshop.major, "instruction@instruction-1", marks=rules("W-82")),
    ],
)
def test_where_no_time_is_set_the_waiting_is_measured_and_never_late(way: Callable[[], Play], clock: str) -> None:
    play = way()
    run = play.case.clocks[clock]
    assert (run.state, run.due) == ("running", None)
    assert clock.partition("@")[0] not in play.wait("12-30 12:00").late()
