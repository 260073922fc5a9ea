"""What stands beside a case: the customer's others, and what may belong with it; only what the reader may see."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.ports import Unavailable
from tests.web.air import ORG, Air, complaint, on_air, organisation

LIFT = {
    "summary": "一号楼电梯停运三天，老人无法下楼",
    "details": "一号楼电梯停运三天，老人无法下楼。",
    "where": "一号楼",
}
AGAIN = {"summary": "一号楼电梯又停了，老人下不了楼", "details": "一号楼电梯又停了，老人下不了楼。", "where": "一号楼"}
OTHER = {"name": "赵先生", "phone": "13911112222"}


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def recorded(air: Air, by: str = "lin", **changes: Any) -> dict[str, Any]:
    """A complaint that staff take in; their receipt."""
    answer = air.post("/v1/complaints", complaint(channel="phone", **changes), by=by, headers={"Accept-Language": "zh"})
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)


def shown(air: Air, number: str, by: str = "shen", org: str = ORG) -> dict[str, Any]:
    return dict(air.get(f"/v1/tickets/{number}", by=by, org=org, headers={"Accept-Language": "zh"}).json_body)


def test_whoever_takes_a_complaint_in_hears_at_once_of_the_customers_others(air: Air) -> None:
    first = air.registered(content=LIFT)
    air.wait(days=2)
    receipt = recorded(air, content=AGAIN)
    (earlier,) = receipt["earlier"]
    assert (earlier["number"], earlier["stage"], earlier["summary"]) == (first, "已受理", LIFT["summary"])
    (alike,) = receipt["alike"]
    assert (alike["number"], alike["kind"]) == (first, "duplicate")
    assert alike["why"] == "同一电话、同一房号、同一地点、相隔2天，内容相近，该件尚未办结"
    assert alike["action"] == "link_case"
    assert alike["answers"] == {"joins": first, "link_kind": "duplicate"}


def test_what_is_suggested_can_be_done_as_it_stands(air: Air) -> None:
    air.registered(content=LIFT)
    receipt = recorded(air, content=AGAIN)
    (alike,) = receipt["alike"]
    assert air.act(receipt["number"], alike["action"], by="lin", **alike["answers"]).status_code == 200
    case = shown(air, receipt["number"], by="lin")
    assert case["suggested"] == []
    assert [one["number"] for one in case["linked"]] == [alike["number"]]


def test_the_public_hears_of_no_other_case_and_nothing_is_read_for_it(air: Air) -> None:
    air.registered(content=LIFT)
    air.cases.calls.clear()
    receipt = air.post("/v1/complaints", complaint(content=AGAIN)).json_body
    assert receipt["number"]
    assert not {"earlier", "alike"} & set(receipt)
    assert dict(air.cases.calls) == {"register": 1}


def test_for_staff_it_is_looked_up_after_the_commit_and_the_reads_are_bounded(air: Air) -> None:
    for _ in range(3):
        air.registered(content=LIFT)
    air.cases.calls.clear()
    recorded(air, content=AGAIN, customer={"phone": "13800138000", "room": "1-405", "plate": "京A12345"})
    assert dict(air.cases.calls) == {"register": 1, "linked": 3, "load_many": 1}
    assert next(iter(air.cases.calls)) == "register"


def test_a_complaint_is_taken_in_though_others_cannot_be_looked_up(air: Air) -> None:
    air.registered(content=LIFT)

    def fails(*_: object, **__: object) -> list[str]:
        raise Unavailable

    air.stores.cases.linked = fails  # type: ignore[method-assign]  # this very store of this test
    receipt = recorded(air, content=AGAIN)
    assert receipt["number"]
    assert "earlier" not in receipt
    assert "alike" not in receipt


def test_staff_who_may_not_see_the_others_hear_nothing_of_them(air: Air) -> None:
    air.registered(content=LIFT)
    receipt = recorded(air, by="far", content=AGAIN)
    assert (receipt["earlier"], receipt["alike"]) == ([], [])


@pytest.mark.rules("C-31")
def test_the_same_problem_of_another_customer_is_found_by_the_watch_that_counts_it(air: Air) -> None:
    first = air.registered(content=LIFT, category="equipment")
    second = air.registered(content=AGAIN, customer=OTHER, category="equipment")
    for number in (first, second):
        classified(air, number)
    case = shown(air, second)
    assert case["earlier"] == []
    (found,) = case["suggested"]
    assert (found["number"], found["kind"]) == (first, "same_problem")
    assert found["why"] == "同一类别、同一地点、相隔不到1小时，内容相近，该件尚未办结"
    assert (found["link"], found["action"]) == ("same_problem", "join_group")
    assert shown(air, second, by="wei")["suggested"][0]["action"] == "link_case"  # joining is customer service's


def classified(air: Air, number: str) -> None:
    form: dict[str, Any] = {"filed": "yes", "department": "works", "complex": "no", "scope": "other_department"}
    air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    assert air.act(number, "classify", by="shen", category="equipment", **form).status_code == 200


def test_a_confidential_case_is_suggested_to_nobody_by_whose_it_is(air: Air) -> None:
    secret = air.registered(content=LIFT, confidential=True)
    plain = air.registered(content=AGAIN)
    assert shown(air, plain)["suggested"] == shown(air, plain)["earlier"] == []
    assert shown(air, secret)["suggested"] == []
    assert shown(air, secret)["earlier"] is None
    assert [one["number"] for one in shown(air, plain, by="lin")["suggested"]] == [secret]
    asked = air.get(f"/v1/tickets/{secret}?identity=show", by="lin").json_body
    assert [one["number"] for one in asked["suggested"]] == [plain]


@pytest.mark.rules("W-53")
def test_a_duplicate_form_is_suggested_for_the_procedures_own_link() -> None:
    workshop = organisation("w-workshop", "w-workshop")
    with on_air(workshop) as air:
        about = {"org": "w-workshop", "customer": {"phone": "13800138000", "plate": "京A·12345"}}
        first = air.registered(**about, content={"summary": "返修后仍有异响"})
        air.wait(hours=20)
        second = air.registered(**about, content={"summary": "返修后还是异响，没修好"})
        (found,) = shown(air, second, by="root", org="w-workshop")["suggested"]
        assert (found["number"], found["kind"]) == (first, "duplicate")
        assert found["why"].startswith("同一电话、同一车牌")


def test_a_customer_is_counted_from_what_the_reader_may_see(air: Air) -> None:
    first = air.registered(content=LIFT)
    air.wait(days=1)
    air.post("/v1/complaints", complaint(content=AGAIN, customer={"phone": "+86 138 0013 8000"}))
    air.registered(content={"summary": "物业费多收了两个月"}, confidential=True)
    air.wait(days=1)
    air.act(first, "withdraw", by="lin", withdrawal_how="phone", withdrawal_why="不投诉了", withdrawal_own_wish="yes")
    seen = air.get("/v1/customers?phone=138-0013-8000", by="shen", headers={"Accept-Language": "zh"}).json_body
    assert seen["counts"] == {
        "cases": 2, "open": 1, "late": 1, "repeats": 1, "last_contact": "2026-11-24T01:00:00Z", "more": False,
    }  # fmt: skip
    assert [case["why"] for case in seen["items"]] == ["同一电话", "同一电话"]
    known = air.get("/v1/customers?phone=13800138000", by="lin").json_body
    assert known["counts"]["cases"] == 3


def test_what_a_customer_adds_is_a_contact_too(air: Air) -> None:
    number = air.registered()
    air.wait(days=3)
    assert air.post(f"/v1/complaints/{number}/messages?phone_tail=8000", {"text": "还没修好"}).status_code == 201
    counts = air.get("/v1/customers?room=１－４０５", by="shen").json_body["counts"]
    assert counts["last_contact"] == "2026-11-26T01:00:00Z"


def test_what_a_person_linked_as_a_repeat_counts_as_one_and_what_they_called_otherwise_does_not(air: Air) -> None:
    first = air.registered(content={"summary": "物业费多收了两个月"})
    air.wait(days=1)
    second = air.registered(content={"summary": "门禁失灵"}, category="other")

    def repeats() -> int:
        return int(air.get("/v1/customers?phone=13800138000", by="shen").json_body["counts"]["repeats"])

    assert repeats() == 0
    air.act(second, "link_case", by="shen", link_kind="repeat", joins=first)
    assert repeats() == 1
    air.act(second, "link_case", by="shen", link_kind="related", joins=first)
    assert repeats() == 0


@pytest.mark.rules("P-53")
def test_a_repeat_from_the_same_room_is_noticed_however_it_is_written_and_no_key_holds_the_room() -> None:
    estate = organisation("p-property", "p-property")
    with on_air(estate) as air:
        numbers = []
        for phone, room in (("13800138000", "1-405"), ("13911112222", "１－４０５"), ("13911113333", "1-406")):
            customer = {"phone": phone, "room": room}
            numbers.append(air.registered(org="p-property", category="quality", customer=customer))
            air.world.sweep.run(lambda: 1000.0)
        noticed = [
            number
            for number in numbers
            if any(event.kind == "grouped" for event in air.stores.cases.history("p-property", number))
        ]
        assert noticed == [numbers[1]]
        memory = air.stores.cases.memory  # type: ignore[attr-defined]  # the fake's
        for key in (*memory.groups, *memory.links, *memory.jobs):
            assert "-405" not in "".join(key)
            assert "４０５" not in "".join(key)
