"""What few may see is withheld from everybody else, on every page and sheet; who complains in confidence, too."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from chalicelib.cases.may import hides
from chalicelib.cases.picture import Picture
from chalicelib.cases.sight import may_know
from chalicelib.desk.history import replay
from chalicelib.reports.cells import Cells
from tests.desk.build import Case, at, desk
from tests.web.air import ORG, Air, on_air, organisation

TEXT = """
fields:
  result: {type: text}
  conduct: {type: text, seen_by: [head]}
confidential: {channel: web}
known_to: [agent]
actions:
  note: {at: [working], by: [agent, head], asks: [conduct], may_ask: [result]}
"""
NOW = at("03-02 10:00")


def noted() -> Case:
    case = Case(desk(TEXT))
    case.act("note", conduct="was rude", result="sorry")
    return case


def pictured(case: Case, who: str) -> Picture:
    return Picture(case.desk, case.state, who, NOW, "en", knows=True)


def test_a_field_for_some_roles_is_withheld_on_the_page_in_the_history_and_in_forms():
    case = noted()
    for who, read in (("hua", "was rude"), ("ben", "")):
        picture = pictured(case, who)
        page, told = picture.case(), picture.history(case.events)[-1].answers
        for shown in ({f.id: f for f in page.fields}["conduct"], {f.id: f for f in told}["conduct"]):
            assert (shown.text, shown.withheld) == (read, not read)
        offered = [action.form["properties"] for action in page.actions if action.id == "note"]
        assert [form["conduct"].get("default", "") for form in offered] == [read]
        assert {field.id: field.text for field in page.fields}["result"] == "sorry"


def test_a_sheet_shows_it_to_nobody_unless_it_is_written_for_one_reader():
    case = noted()
    for cells, read in (
        (Cells(case.desk, "en"), ""),
        (Cells(case.desk, "en", hides(case.desk, "hua", NOW)), "was rude"),
        (Cells(case.desk, "en", hides(case.desk, "ben", NOW)), ""),
    ):
        cell = cells.cell(case.state, "conduct")
        assert (cell.value or "", cell.withheld) == ("", not read)
        assert ("was rude" in cell.text) is bool(read)


def test_a_case_is_confidential_where_the_procedure_says_so_asked_for_or_not():
    for channel, asked_for, is_so in (("web", False, True), ("phone", False, False), ("phone", True, True)):
        case = Case(desk(TEXT), fixed={"channel": channel, "confidential": asked_for})
        assert case.state.confidential is is_so
        assert replay(case.events) == case.state


def test_who_complains_in_confidence_is_known_to_the_roles_named_and_to_whom_the_case_lies_with():
    case = Case(desk(TEXT), fixed={"confidential": True}, by="hua")
    knowing = {who for who in case.desk.organisation.staff if may_know(case.desk, case.state, who, NOW)}
    assert knowing == {"ann", "ben"}  # not hua, who received it
    case.state.owner = replace(case.state.owner, person="eva")  # it was handed over
    assert may_know(case.desk, case.state, "eva", NOW)


@pytest.fixture
def air() -> Iterator[Air]:
    """A hospital, whose complaints are all confidential."""
    with on_air(organisation(procedure="h-hospital")) as found:
        yield found


@pytest.mark.rules("H-16")
def test_every_complaint_to_the_hospital_is_confidential_though_nobody_asked_for_it(air: Air) -> None:
    case = air.stores.cases.load(ORG, air.registered())
    assert case is not None
    assert case.confidential


def test_whoever_tracks_a_confidential_case_names_others_who_may_know_and_may_leave_them_out_again():
    with on_air() as air:
        number = air.registered(confidential=True)
        path, why = f"/v1/tickets/{number}?identity=show", {"confidants_why": "须与投诉人当面核实"}
        assert air.get(path, by="far").status_code == 404
        assert air.act(number, "name_confidants", "lin", confidants=["far"], **why).status_code == 403
        assert air.act(number, "name_confidants", "shen", confidants=["far"], **why).status_code == 200
        shown = air.get(path, by="far").json_body
        assert shown["customer"]["name"] == "李女士"
        kinds = [
            (event["kind"], event["action"])
            for event in air.get(f"/v1/tickets/{number}/history", by="far").json_body["items"]
        ]
        assert kinds[-2:] == [("acted", "name_confidants"), ("seen", "")]
        assert air.act(number, "name_confidants", "shen", confidants=["song"], **why).status_code == 200
        assert air.get(path, by="far").status_code == 404
        assert air.get(path, by="song").status_code == 200


def test_nobody_is_named_where_nothing_is_confidential():
    with on_air() as air:
        number = air.registered()
        refused = air.act(number, "name_confidants", "shen", confidants=["far"], confidants_why="须知悉")
        assert (refused.status_code, refused.json_body["errors"][0]["problem"]) == (
            422,
            "This complaint is not confidential",
        )
