"""Taking complaints in, following them, adding to them."""

import pytest

from tests.web.air import ORG, Air, complaint, on_air, organisation


def test_a_complaint_gets_a_number_a_promise_and_an_acknowledgement(air: Air) -> None:
    answer = air.post("/v1/complaints", complaint())
    receipt = answer.json_body
    assert answer.status_code == 201
    assert set(receipt) == {
        "number",
        "received_at",
        "promised_reply_at",
        "tracking_url",
        "query_code",
        "acknowledgement",
    }
    assert receipt["received_at"] == "2026-11-23T01:00:00Z"
    assert receipt["promised_reply_at"] > receipt["received_at"]
    assert receipt["number"] in receipt["acknowledgement"]
    assert receipt["tracking_url"].startswith("https://desk.example/track?number=")


def test_the_acknowledgement_is_in_the_complainants_language(air: Air) -> None:
    receipt = air.post("/v1/complaints", complaint(language="en")).json_body
    assert "your number is" in receipt["acknowledgement"]


def test_intake_is_one_write_and_no_read(air: Air) -> None:
    air.registered()
    assert air.cases.calls == {"register": 1}


def test_the_same_key_and_body_is_the_same_complaint(air: Air) -> None:
    first = air.post("/v1/complaints", complaint(), headers={"Idempotency-Key": "k-1"})
    again = air.post("/v1/complaints", complaint(), headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json_body == first.json_body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_the_same_key_with_another_body_is_refused(air: Air) -> None:
    air.post("/v1/complaints", complaint(), headers={"Idempotency-Key": "k-1"})
    other = air.post("/v1/complaints", complaint(demand="退款"), headers={"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json_body["type"]) == (422, "/problems/key-reused")
    assert len(air.stores.cases.memory.heads) == 1


def test_without_a_key_each_call_is_a_new_complaint(air: Air) -> None:
    assert air.registered() != air.registered()


def test_a_key_of_the_public_is_not_one_of_staff(air: Air) -> None:
    public = air.post("/v1/complaints", complaint(), headers={"Idempotency-Key": "k-1"})
    staff = air.post("/v1/complaints", complaint(), headers={"Idempotency-Key": "k-1"}, by="lin")
    assert staff.status_code == 201
    assert staff.json_body["number"] != public.json_body["number"]


def test_whoever_records_it_at_the_desk_is_its_receiver(air: Air) -> None:
    number = air.post("/v1/complaints", complaint(channel="visit"), by="wei").json_body["number"]
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    assert case.done["register"].first_by == "wei"


def test_a_sign_in_to_another_organisation_records_nothing_here(air: Air) -> None:
    refused = air.post("/v1/complaints", complaint(org="other-company"), by="lin")
    assert refused.status_code == 403
    assert not air.stores.cases.memory.heads


def test_a_bad_sign_in_is_refused_although_nobody_must_sign_in(air: Air) -> None:
    refused = air.post("/v1/complaints", complaint(), headers={"Authorization": "Bearer nonsense"})
    assert refused.status_code == 401


def test_all_problems_are_named_at_once_by_their_fields(air: Air) -> None:
    body = complaint(channel="fax", surprise=1, received_at="yesterday", customer={"nick": "x", "phone": 5})
    refused = air.post("/v1/complaints", body)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert {wrong["field"] for wrong in refused.json_body["errors"]} == {
        "channel", "surprise", "received_at", "customer.nick", "customer.phone",
    }  # fmt: skip
    assert not air.stores.cases.memory.heads


@pytest.mark.parametrize("org", ["nobody", "c-company-2"])
def test_an_unknown_organisation_is_a_problem_of_the_field(air: Air, org: str) -> None:
    refused = air.post("/v1/complaints", complaint(org=org))
    assert refused.json_body["errors"] == [{"field": "org", "problem": "is not known here"}]


def test_an_unusable_key_is_refused(air: Air) -> None:
    refused = air.post("/v1/complaints", complaint(), headers={"Idempotency-Key": "k" * 256})
    assert refused.json_body["errors"][0]["field"] == "Idempotency-Key"


def proof(air: Air, number: str) -> str:
    return f"token={air.world.links.token(number)}"


def test_the_complainant_follows_by_phone_tail_or_by_link(air: Air) -> None:
    number = air.registered()
    by_tail = air.get(f"/v1/complaints/{number}?phone_tail=8000")
    by_link = air.get(f"/v1/complaints/{number}?{proof(air, number)}")
    assert by_tail.status_code == 200
    assert by_tail.json_body == by_link.json_body
    assert (by_tail.json_body["stage"], by_tail.json_body["status"]) == ("Received", "received")
    assert by_tail.json_body["next"]
    assert by_tail.json_body["promised_reply_at"]


def test_the_complainant_sees_only_what_is_for_them(air: Air) -> None:
    number = air.registered()
    air.act(number, "add_note", by="shen", note="内部意见")
    seen = air.get(f"/v1/complaints/{number}?phone_tail=8000")
    assert "一号楼电梯停运三天。" in seen.body.decode()
    for hidden in ("内部意见", "李女士", "13800138000", "林一", "lin", '一号楼"'):
        assert hidden not in seen.body.decode()


def test_a_wrong_number_and_a_wrong_proof_cannot_be_told_apart(air: Air) -> None:
    number, other = air.registered(), "261123-0000025"
    answers = [
        air.get(f"/v1/complaints/{number}?phone_tail=0000"),
        air.get(f"/v1/complaints/{other}?phone_tail=8000"),
        air.get(f"/v1/complaints/{number}?token=0123"),
        air.get(f"/v1/complaints/{number}?{proof(air, other)}"),
        air.get(f"/v1/complaints/{other}?{proof(air, other)}"),
        air.get(f"/v1/complaints/{number}"),
        air.get("/v1/complaints/nonsense?phone_tail=8000"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1


def test_a_good_tail_does_not_make_up_for_a_bad_token(air: Air) -> None:
    number = air.registered()
    assert air.get(f"/v1/complaints/{number}?phone_tail=8000&token=0123").status_code == 404


def test_the_complainant_adds_something_and_staff_read_it(air: Air) -> None:
    number = air.registered()
    added = air.post(f"/v1/complaints/{number}/messages?phone_tail=8000", {"text": "今天又停了"})
    assert added.status_code == 201
    assert added.json_body["replies"] == [{"at": "2026-11-23T01:00:00Z", "by": "customer", "text": "今天又停了"}]
    case = air.get(f"/v1/tickets/{number}", by="shen").json_body
    assert case["replies"][0]["text"] == "今天又停了"


def test_the_same_words_again_are_the_same_message(air: Air) -> None:
    number = air.registered()
    path = f"/v1/complaints/{number}/messages?phone_tail=8000"
    air.post(path, {"text": "今天又停了"})
    again = air.post(path, {"text": "今天又停了"})
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert len(again.json_body["replies"]) == 1


def test_a_revisit_is_answered_with_three_opinions(air: Air) -> None:
    number = air.registered()
    body = {"satisfied": "no", "opinions": {"process": "太慢", "measures": "可以", "result": "没修好"}}
    added = air.post(f"/v1/complaints/{number}/messages?phone_tail=8000", body)
    assert added.status_code == 201
    text = added.json_body["replies"][0]["text"]
    assert text.splitlines() == [
        "是否满意：不满意", "对处理过程的意见：太慢", "对处理措施的意见：可以", "对处理结果的意见：没修好",
    ]  # fmt: skip
    event = air.stores.cases.history(ORG, number)[-1]
    assert event.answers == {"satisfied": "no", "process": "太慢", "measures": "可以", "result": "没修好"}


@pytest.mark.parametrize("body", [{}, {"text": " "}, {"opinions": {}}, {"satisfied": "maybe"}, {"other": "x"}, []])
def test_a_message_must_say_something_that_is_understood(air: Air, body: object) -> None:
    number = air.registered()
    refused = air.post(f"/v1/complaints/{number}/messages?phone_tail=8000", body)
    assert refused.status_code == 422
    assert refused.json_body["errors"]


@pytest.mark.rules("H-17")
def test_an_anonymous_complainant_follows_by_the_number_and_the_query_code_alone() -> None:
    with on_air(organisation("h-hospital", "h-hospital")) as air:
        anonymous = complaint(org="h-hospital", anonymous=True, confidential=True, customer={}, kind="report")
        receipt = air.post("/v1/complaints", anonymous, by="").json_body
        path = f"/v1/complaints/{receipt['number']}"
        assert air.get(f"{path}?code={receipt['query_code']}").json_body["number"] == receipt["number"]
        assert air.post(f"{path}/messages?code={receipt['query_code']}", {"text": "另有票据"}).status_code == 201
        assert air.get(f"{path}?code={(int(receipt['query_code']) + 1) % 10**8:08d}").status_code == 404
        page = air.get(f"/track?number={receipt['number']}&code={receipt['query_code']}")
        assert page.status_code == 200
        assert receipt["number"] in page.body.decode()
