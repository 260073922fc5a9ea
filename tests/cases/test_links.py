"""A person links two cases: both show it, neither is merged, and it can be undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import Conflict
from chalicelib.desk.history import broken_at, replay
from chalicelib.desk.ties import holding
from tests.web.air import ORG, Air, on_air, organisation

SHIPPED = ["e-dongnan", "s-store", "h-hospital", "p-property", "t-telephone", "w-workshop", "n-notice", "m-property",
           "c-company"]  # fmt: skip


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def head(air: Air, number: str) -> Complaint:
    found = air.stores.cases.load(ORG, number)
    assert found is not None
    return found


def link(air: Air, one: str, other: str, by: str = "shen", **answers: str) -> HTTPResponse:
    form: dict[str, Any] = {"link_kind": "repeat", "joins": other, **answers}
    return air.act(one, "link_case", by=by, **form)


def linked(air: Air, number: str, by: str = "shen", path: str = "") -> list[dict[str, Any]]:
    return list(air.get(f"/v1/tickets/{number}{path}", by=by).json_body["linked"])


def sweep(air: Air) -> None:
    """What background work the cases asked for goes on."""
    air.world.sweep.run(lambda: 1000.0)


def test_a_link_stands_in_both_cases_with_who_made_it_and_why(air: Air) -> None:
    one, other = air.registered(), air.registered()
    assert link(air, one, other, link_note="同一台电梯").status_code == 200
    for mine, theirs in ((one, other), (other, one)):
        (seen,) = linked(air, mine, by="hou")
        assert (seen["number"], seen["kind"], seen["note"]) == (theirs, "repeat", "同一台电梯")
        assert (seen["kind_title"], seen["title"]) == ("The same customer complaining again", "Linked complaints")
        assert (seen["by"]["id"], seen["undo"]) == ("shen", "unlink_case")
    assert head(air, one).stage == head(air, other).stage == "received"


def test_it_stands_in_both_histories(air: Air) -> None:
    one, other = air.registered(), air.registered()
    link(air, one, other)
    air.act(other, "unlink_case", by="song", leaves=one, link_note="弄错了")
    for number, kinds in ((one, ["registered", "acted", "unlinked"]), (other, ["registered", "linked", "acted"])):
        events = air.get(f"/v1/tickets/{number}/history", by="hou").json_body["items"]
        assert [event["kind"] for event in events] == kinds
        assert [event["other"] for event in events[1:]] == [other if number == one else one] * 2
        assert air.get(f"/v1/tickets/{number}/history/verify", by="hou").json_body["whole"] is True
    assert air.get(f"/v1/tickets/{one}/history", by="hou").json_body["items"][-1]["note"] == "弄错了"
    assert linked(air, one) == linked(air, other) == []


def test_whoever_was_cut_off_before_the_other_case_was_told_is_made_good_by_the_sweep(air: Air) -> None:
    one, other = air.registered(), air.registered()
    commit = air.stores.cases.commit

    def fails(before: int, complaint: Complaint, *rest: Any, **more: Any) -> None:
        if complaint.number == other:
            raise Conflict
        commit(before, complaint, *rest, **more)

    air.stores.cases.commit = fails  # type: ignore[method-assign]  # this very store of this test
    assert link(air, one, other).status_code == 200
    assert (len(holding(head(air, one))), len(holding(head(air, other)))) == (1, 0)
    air.stores.cases.commit = commit  # type: ignore[method-assign]  # as it was
    sweep(air)
    assert holding(head(air, other))[one] == holding(head(air, one))[other]
    for number in (one, other):
        events = air.stores.cases.history(ORG, number)
        assert broken_at(events) is None
        assert replay(events) == head(air, number)


def test_a_job_that_comes_late_says_what_the_case_says_by_then(air: Air) -> None:
    one, other = air.registered(), air.registered()
    link(air, one, other)
    (job,) = air.stores.cases.memory.jobs.values()  # type: ignore[attr-defined]  # the fake's
    air.act(one, "unlink_case", by="shen", leaves=other, link_note="弄错了")
    sweep(air)
    air.stores.jobs.put(job)
    sweep(air)
    assert not holding(head(air, other))


def test_the_same_again_after_a_lost_reply_finds_itself_done_and_another_case_does_not(air: Air) -> None:
    one, other, third = air.registered(), air.registered(), air.registered()
    air.act(one, "link_case", by="shen", version=1, link_kind="repeat", joins=other)
    again = air.act(one, "link_case", by="shen", version=1, link_kind="repeat", joins=f" {other} ")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert air.act(one, "link_case", by="shen", version=1, link_kind="repeat", joins=third).status_code == 409
    assert [event.kind for event in air.stores.cases.history(ORG, other)] == ["registered", "linked"]


@pytest.mark.parametrize("other", ["", "261123-9999999", "itself", "电梯", "#", 7])
def test_a_case_is_linked_with_one_that_is_there_and_not_with_itself(air: Air, other: Any) -> None:
    one = air.registered()
    refused = link(air, one, one if other == "itself" else other)
    assert refused.status_code == 422
    assert [wrong["field"] for wrong in refused.json_body["errors"]] == ["joins"]
    assert air.act(one, "unlink_case", by="shen", leaves=other, link_note="x").status_code in (409, 422)


def test_nobody_links_with_a_case_that_they_may_not_see(air: Air) -> None:
    one = air.post("/v1/complaints", complaint_of("far"), by="far").json_body["number"]
    hidden = air.registered()
    nothing = air.get("/v1/tickets/261123-9999999", by="far").status_code
    assert air.get(f"/v1/tickets/{hidden}", by="far").status_code == nothing == 404
    refused = link(air, one, hidden, by="far")
    assert refused.status_code == 422
    assert refused.json_body == link(air, one, "261123-9999999", by="far").json_body
    link(air, one, hidden, by="shen")
    assert linked(air, one, by="far") == []
    assert [seen["number"] for seen in linked(air, one, by="shen")] == [hidden]


def complaint_of(who: str) -> dict[str, Any]:
    return {"org": ORG, "content": {"summary": f"{who}转来的投诉"}, "channel": "visit"}


def test_a_link_tells_nobody_who_complains_in_a_confidential_case(air: Air) -> None:
    secret, plain = air.registered(confidential=True), air.registered()
    link(air, plain, secret, by="lin")
    assert [seen["number"] for seen in linked(air, plain, by="lin")] == [secret]
    assert linked(air, plain, by="shen") == linked(air, secret, by="shen") == linked(air, secret, by="lin") == []
    assert [seen["number"] for seen in linked(air, secret, by="lin", path="?identity=show")] == [plain]
    for number in (secret, plain):
        told = air.get(f"/v1/tickets/{number}/history", by="shen").body.decode()
        assert (secret if number == plain else plain) not in told
    link(air, plain, secret, by="lin", link_kind="same_problem")
    assert [seen["number"] for seen in linked(air, plain, by="shen")] == [secret]


@pytest.mark.rules("C-31")
def test_a_group_is_shown_in_each_of_its_cases(air: Air) -> None:
    one, other = air.registered(), air.registered()
    for number in (one, other):
        air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    assert air.act(other, "join_group", by="shen", joins=one).status_code == 200
    for mine, theirs in ((one, other), (other, one)):
        (seen,) = linked(air, mine)
        assert (seen["number"], seen["link"], seen["kind"], seen["undo"]) == (
            theirs,
            "same_problem",
            "same_problem",
            "",
        )


def test_the_reply_to_joining_a_group_may_be_lost_too(air: Air) -> None:
    one, other = air.registered(), air.registered()
    for number in (one, other):
        air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    air.act(other, "join_group", by="shen", version=2, joins=one)
    again = air.act(other, "join_group", by="shen", version=2, joins=one)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")


@pytest.mark.parametrize("procedure", SHIPPED)
def test_in_every_procedure_a_person_can_link_two_cases_and_undo_it(procedure: str) -> None:
    with on_air(organisation(ORG, procedure)) as air:
        one, other = air.registered(), air.registered()
        done = link(air, one, other, by="root", link_kind="same_problem")
        assert done.status_code == 200, done.body
        assert [seen["number"] for seen in linked(air, other, by="root")] == [one]
        undone = air.act(other, "unlink_case", by="root", leaves=one, link_note="弄错了")
        assert undone.status_code == 200, undone.body
        assert linked(air, one, by="root") == []
