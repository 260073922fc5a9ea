"""Everything wrong with a complaint is said in one answer, of whatever kind it is."""

from tests.web.air import ORG, on_air


def test_unreadable_unknown_and_impossible_parts_are_named_together() -> None:
    body = {
        "org": "nobody-knows-it", "kind": "x", "nope": 1, "content": {}, "anonymous": True,
        "customer": {"name": "李女士", "phone": 7}, "received_at": "2999-01-01T00:00:00+08:00",
    }  # fmt: skip
    with on_air() as air:
        answer = air.post("/v1/complaints", body)
    assert answer.status_code == 422
    named = {problem["field"] for problem in answer.json_body["errors"]}
    assert {"org", "kind", "nope", "content", "customer.phone", "received_at"} <= named
    assert len(answer.json_body["errors"]) == len({(e["field"], e["problem"]) for e in answer.json_body["errors"]})


def test_a_known_desks_own_form_is_looked_at_too() -> None:
    with on_air() as air:
        body = {"org": ORG, "content": {"summary": "漏水"}, "kind": "x", "form": {"nothing_of_this_name": "1"}}
        answer = air.post("/v1/complaints", body)
    assert {"kind", "form.nothing_of_this_name"} == {problem["field"] for problem in answer.json_body["errors"]}
