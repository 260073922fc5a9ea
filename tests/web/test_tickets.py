"""Staff: the whole case, actions, worklists, history, customers."""

import json
from datetime import timedelta

import jsonschema
import pytest

from chalicelib.desk.people import Absence
from tests.web.air import ORG, Air, complaint


def test_the_whole_case_says_who_when_and_why(air: Air) -> None:
    number = air.registered()
    answer = air.get(f"/v1/tickets/{number}", by="lin")
    case = answer.json_body
    assert answer.headers["ETag"] == '"1"'
    assert (case["stage_title"], case["owner"]["answers_now"]["name"]) == ("Received", "林一")
    assert case["customer"] == {"name": "李女士", "phone": "+8613800138000", "room": "1-405"}
    clock = case["clocks"][0]
    assert (clock["due"], clock["rules"]) == ("2026-11-24T01:00:00Z", ["C-18"])
    assert "24 hours" in clock["explanation"]
    served = next(stage for stage in case["people"] if stage["stage"] == "classifying")
    assert (served["primary"]["id"], served["secondary"]["id"], served["answers_now"]["id"]) == ("shen", "song", "shen")
    checklist = case["actions"][0]["checklist"]
    assert {"rule": "C-15", "text": "Receive every customer warmly."} in checklist


def test_words_follow_the_readers_language(air: Air) -> None:
    number = air.registered()
    chinese = air.get(f"/v1/tickets/{number}", by="lin", headers={"Accept-Language": "zh-TW"})
    assert chinese.headers["Content-Language"] == "zh-Hant"
    assert chinese.json_body["procedure_title"] == "C公司客戶投訴管理辦法"


def test_the_form_of_every_open_action_is_a_json_schema(air: Air) -> None:
    number = air.registered()
    for person in ("lin", "shen", "hou", "gao"):
        for action in air.get(f"/v1/tickets/{number}", by=person).json_body["actions"]:
            jsonschema.Draft202012Validator.check_schema(action["form"])


def test_an_action_moves_the_case_on(air: Air) -> None:
    number = air.registered()
    done = air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    assert done.status_code == 200, done.json_body
    assert (done.json_body["stage"], done.headers["ETag"]) == ("classifying", '"2"')
    assert done.json_body["actions"] != []


def test_the_answer_to_an_action_is_what_the_case_then_shows(air: Air) -> None:
    number = air.registered()
    done = air.act(number, "add_note", by="shen", note="已致电").json_body
    shown = air.get(f"/v1/tickets/{number}", by="shen").json_body
    for apart in ("customer", "earlier"):  # an action reads no more than it must
        assert done.pop(apart) is None
        shown.pop(apart)
    assert done == shown


def test_an_action_is_one_read_and_one_write(air: Air) -> None:
    number = air.registered()
    air.cases.calls.clear()
    headers = {"If-Match": '"1"'}
    assert (
        air.post(f"/v1/tickets/{number}/actions/add_note", {"note": "x"}, by="shen", headers=headers).status_code == 200
    )
    assert air.cases.calls == {"load": 1, "commit": 1}


def test_somebody_was_faster(air: Air) -> None:
    number = air.registered()
    air.act(number, "add_note", by="shen", version=1, note="a")
    slower = air.act(number, "add_note", by="song", version=1, note="b")
    assert (slower.status_code, slower.json_body["type"]) == (409, "/problems/conflict")
    assert air.stores.cases.load(ORG, number).version == 2  # type: ignore[union-attr]  # it is there


def test_the_same_action_again_finds_itself_done(air: Air) -> None:
    number = air.registered()
    air.act(number, "add_note", by="shen", version=1, note="a")
    air.wait(minutes=3)
    again = air.act(number, "add_note", by="shen", version=1, note="a")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.json_body["version"] == 2
    other = air.act(number, "add_note", by="shen", version=1, note="another")
    assert other.status_code == 409


@pytest.mark.parametrize("header", ["12x", '"1', "*", "W/1x", "-1", "１"])
def test_if_match_must_name_a_version(air: Air, header: str) -> None:
    number = air.registered()
    refused = air.post(f"/v1/tickets/{number}/actions/add_note", {"note": "x"}, by="shen", headers={"If-Match": header})
    assert refused.status_code == 400


@pytest.mark.parametrize("header", ["1", '"1"', 'W/"1"'])
def test_a_version_may_be_quoted_or_not(air: Air, header: str) -> None:
    number = air.registered()
    done = air.post(f"/v1/tickets/{number}/actions/add_note", {"note": "x"}, by="shen", headers={"If-Match": header})
    assert done.status_code == 200


def test_an_action_without_if_match_is_asked_for_it(air: Air) -> None:
    number = air.registered()
    assert air.post(f"/v1/tickets/{number}/actions/add_note", {"note": "x"}, by="shen").status_code == 428


def test_an_action_that_is_somebody_elses_is_forbidden(air: Air) -> None:
    number = air.registered()
    refused = air.act(number, "send_form", by="shen", scope="own", receiving_unit="sales")
    assert (refused.status_code, refused.json_body["type"]) == (403, "/problems/not-allowed")


def test_an_action_of_another_stage_is_not_open(air: Air) -> None:
    number = air.registered()
    refused = air.act(number, "classify", by="shen")
    assert (refused.status_code, refused.json_body["type"]) == (409, "/problems/not-open")


def test_everything_wrong_with_a_form_is_said_at_once(air: Air) -> None:
    number = air.registered()
    refused = air.act(number, "send_form", by="lin", scope="nowhere", surprise="x")
    fields = {wrong["field"] for wrong in refused.json_body["errors"]}
    assert refused.status_code == 422
    assert {"scope", "surprise", "receiving_unit"} <= fields


def test_there_is_no_such_action(air: Air) -> None:
    number = air.registered()
    assert air.act(number, "vanish", by="shen").status_code == 404
    assert air.act(number, "register", by="shen").status_code == 404


def test_who_is_not_concerned_hears_nothing_of_a_case(air: Air) -> None:
    number = air.registered()
    nowhere = air.get("/v1/tickets/261123-9999999", by="far")
    for path in (f"/v1/tickets/{number}", f"/v1/tickets/{number}/history", f"/v1/tickets/{number}/history/verify"):
        hidden = air.get(path, by="far")
        assert hidden.status_code == 404
        assert hidden.json_body["type"] == nowhere.json_body["type"]
    assert air.act(number, "add_note", by="far", note="x").status_code == 404
    assert air.act(number, "add_note", by="far", version=99, note="x").status_code == 404
    assert air.stores.cases.load(ORG, number).version == 1  # type: ignore[union-attr]  # it is there


def test_a_confidential_identity_is_for_few_and_every_look_is_recorded(air: Air) -> None:
    number = air.registered(confidential=True)
    plain = air.get(f"/v1/tickets/{number}", by="lin").json_body
    assert (plain["customer"], plain["customer_withheld"], plain["earlier"]) == (None, True, None)
    assert air.get(f"/v1/tickets/{number}?identity=show", by="gao").status_code == 403
    shown = air.get(f"/v1/tickets/{number}?identity=show", by="lin").json_body
    assert (shown["customer"]["name"], shown["version"]) == ("李女士", 2)
    events = air.get(f"/v1/tickets/{number}/history", by="gao").json_body["items"]
    assert (events[-1]["kind"], events[-1]["by"]["id"]) == ("seen", "lin")
    assert air.get(f"/v1/tickets/{number}/history/verify", by="gao").json_body["whole"] is True


def test_other_cases_of_the_customer_are_beside_it(air: Air) -> None:
    first, second = air.registered(), air.registered()
    hidden = air.registered(confidential=True)
    shown = air.get(f"/v1/tickets/{second}", by="shen").json_body
    assert [other["number"] for other in shown["earlier"]] == [first]
    found = air.get("/v1/customers?phone=138%200013%208000", by="shen").json_body["items"]
    assert {case["number"] for case in found} == {first, second}
    assert hidden in {case["number"] for case in air.get("/v1/customers?room=1-405", by="lin").json_body["items"]}


def test_a_customer_is_looked_up_by_something(air: Air) -> None:
    assert air.get("/v1/customers", by="shen").status_code == 422
    nobody = air.get("/v1/customers?plate=%E4%BA%ACA12345", by="shen").json_body
    counts = {"cases": 0, "open": 0, "late": 0, "repeats": 0, "last_contact": None, "more": False}
    assert nobody == {"items": [], "counts": counts, "next": ""}


def test_the_worklist_is_ones_own_unless_another_is_asked_for(air: Air) -> None:
    number = air.registered()
    assert [line["number"] for line in air.get("/v1/tickets", by="lin").json_body["items"]] == [number]
    assert air.get("/v1/tickets", by="shen").json_body["items"] == []
    assert [line["number"] for line in air.get("/v1/tickets?owner=lin", by="shen").json_body["items"]] == [number]
    assert [line["number"] for line in air.get("/v1/tickets?department=sales", by="shen").json_body["items"]] == [
        number
    ]
    assert air.get("/v1/tickets?owner=lin", by="far").json_body["items"] == []


def test_whoever_stands_in_has_the_absent_colleagues_cases(air: Air) -> None:
    number = air.registered()
    away = Absence(person="lin", start=air.now - timedelta(hours=1), end=air.now + timedelta(days=1), stand_in="far")
    air.stores.directory.put_absence(ORG, away)
    lines = air.get("/v1/tickets", by="far").json_body["items"]
    assert [(line["number"], line["standing_in"]) for line in lines] == [(number, True)]
    air.wait(days=2)
    assert air.get("/v1/tickets", by="far").json_body["items"] == []


def test_the_worklist_goes_on_where_it_stopped_most_urgent_first(air: Air) -> None:
    numbers = []
    for _ in range(5):
        numbers.append(air.registered())
        air.wait(minutes=10)
    seen: list[str] = []
    path = "/v1/tickets?limit=2"
    while path:
        page = air.get(path, by="lin").json_body
        seen += [line["number"] for line in page["items"]]
        path = f"/v1/tickets?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == numbers
    soon = air.get("/v1/tickets?due_before=2026-11-24T01:15:00Z", by="lin").json_body["items"]
    assert [line["number"] for line in soon] == numbers[:2]


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "limit=x", "cursor=x", "cursor=e30", "due_before=soon",
                                   "department=moon", "owner=nobody", "colour=red"])  # fmt: skip
def test_a_list_that_cannot_be_is_refused_by_name(air: Air, query: str) -> None:
    refused = air.get(f"/v1/tickets?{query}", by="lin")
    assert refused.status_code == 422
    assert [wrong["field"] for wrong in refused.json_body["errors"]] == [query.partition("=")[0]]


def test_the_history_tells_it_in_words(air: Air) -> None:
    number = air.registered()
    air.wait(hours=25)
    air.act(number, "send_form", by="lin", scope="own", receiving_unit="sales")
    items = air.get(f"/v1/tickets/{number}/history", by="hou").json_body["items"]
    assert [event["kind"] for event in items] == ["registered", "ticked", "acted"]
    assert items[1]["late"] == ["Form to customer service within 24 hours of receipt"]
    assert (items[2]["title"], items[2]["by"]["name"]) == ("Send the form to customer service", "林一")
    assert {answer["text"] for answer in items[2]["answers"]} == {
        "Within the receiving unit's own work; it solves it itself",
        "Sales",
    }


def test_a_tampered_history_is_not_whole(air: Air) -> None:
    number = air.registered()
    air.act(number, "add_note", by="shen", note="a")
    path = f"/v1/tickets/{number}/history/verify"
    assert air.get(path, by="shen").json_body == {"whole": True, "broken_at": None, "state_agrees": True, "events": 2}
    air.stores.cases.memory.events[ORG, number][1].answers["note"] = "b"
    assert air.get(path, by="shen").json_body["broken_at"] == 2
    del air.stores.cases.memory.events[ORG, number][1]
    assert air.get(path, by="shen").json_body["broken_at"] == 2


def test_no_list_holds_the_complainants_name_or_phone(air: Air) -> None:
    number = air.registered()
    for path in ("/v1/tickets", "/v1/customers?room=1-405", f"/v1/tickets/{number}/history"):
        text = json.dumps(air.get(path, by="lin").json_body, ensure_ascii=False)
        assert "李女士" not in text
        assert "138001" not in text


def test_whoever_may_act_is_offered_nothing_they_may_not_do(air: Air) -> None:
    number = air.post("/v1/complaints", complaint(), by="wei").json_body["number"]
    offered = {a["id"] for a in air.get(f"/v1/tickets/{number}", by="wei").json_body["actions"]}
    assert "send_form" in offered
    assert "send_form" not in {a["id"] for a in air.get(f"/v1/tickets/{number}", by="gao").json_body["actions"]}
