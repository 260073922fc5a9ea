"""Libraries: what a case leaves is shown beside the next one of its kind, read from the case as it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from tests.web.air import Air, on_air, organisation

POSTS = {"customer_service": ["shen", "lin"], "duty_manager": ["hou"], "general_manager": ["gao"]}


@pytest.fixture
def air() -> Iterator[Air]:
    """A telephone desk, which keeps a knowledge base by the cause of complaints."""
    known = organisation(procedure="t-telephone")
    with on_air(replace(known, sites={"main": replace(known.sites["main"], posts=POSTS)})) as found:
        yield found


def registered(air: Air, factor: str, **changes: Any) -> str:
    return air.registered(form={"factor": factor}, **changes)


def learned(air: Air, number: str, knowledge: str) -> None:
    answer = air.act(number, "add_knowledge", "shen", knowledge_kind="experience", knowledge=knowledge)
    assert answer.status_code == 200, answer.body


def beside(air: Air, number: str, by: str = "shen") -> list[tuple[str, str]]:
    views = air.get(f"/v1/tickets/{number}", by=by).json_body["libraries"]
    return [(entry["number"], entry["text"]) for view in views for entry in view["entries"]]


@pytest.mark.rules("T-41")
def test_what_one_complaint_taught_is_shown_beside_the_next_of_the_same_cause(air: Air) -> None:
    first = registered(air, "intangible")
    learned(air, first, "先道歉，再查房态")
    same, other = registered(air, "intangible"), registered(air, "tangible")
    assert beside(air, same) == [(first, "先道歉，再查房态")]
    assert beside(air, other) == beside(air, first) == []


def test_an_entry_says_when_it_was_written_and_what_its_case_is_like(air: Air) -> None:
    first = registered(air, "intangible")
    air.wait(days=1)
    learned(air, first, "先道歉")
    [view] = air.get(f"/v1/tickets/{registered(air, 'intangible')}", by="shen").json_body["libraries"]
    assert (view["library"], view["title"]) == ("knowledge", "Knowledge from complaints of the same cause")
    [entry] = view["entries"]
    assert (entry["at"], entry["about"]) == (
        "2026-11-24T01:00:00Z", ["Intangible (such as dissatisfaction with service)"],
    )  # fmt: skip


def test_what_was_put_right_since_is_read_as_it_stands_and_the_newest_case_comes_first(air: Air) -> None:
    first, second = registered(air, "intangible"), registered(air, "intangible")
    learned(air, first, "早先的说法")
    learned(air, second, "第二件")
    learned(air, first, "后来的说法")
    third = registered(air, "intangible")
    newest = sorted([first, second], reverse=True)
    said = {first: "后来的说法", second: "第二件"}
    assert beside(air, third) == [(number, said[number]) for number in newest]


def test_a_case_whose_cause_was_changed_is_shown_where_it_belongs_now(air: Air) -> None:
    first = registered(air, "intangible")
    learned(air, first, "先道歉")
    answers = {"guest_name": "王", "guest_phone": "13900139000", "factor": "tangible"}
    assert air.act(first, "end_call", "shen", **answers).status_code == 200
    assert beside(air, registered(air, "intangible")) == []
    assert beside(air, registered(air, "tangible")) == [(first, "先道歉")]


def test_a_whole_library_is_listed_and_its_names_are_known(air: Air) -> None:
    for factor in ("intangible", "tangible"):
        learned(air, registered(air, factor), factor)
    names = [view["library"] for view in air.get("/v1/libraries", by="shen").json_body["items"]]
    assert names == ["knowledge", "better_ways"]
    found = air.get("/v1/libraries/knowledge", by="shen").json_body
    assert {entry["text"] for entry in found["entries"]} == {"intangible", "tangible"}
    assert air.get("/v1/libraries/secrets", by="shen").status_code == 404
    assert air.get("/v1/libraries/knowledge?site=moon", by="shen").status_code == 404
    assert air.get("/v1/libraries/knowledge").status_code == 401


def test_whoever_may_not_see_the_case_reads_the_words_and_no_number(air: Air) -> None:
    learned(air, registered(air, "intangible"), "先道歉")
    [entry] = air.get("/v1/libraries/knowledge", by="far").json_body["entries"]
    assert (entry["number"], entry["text"]) == ("", "先道歉")


def test_a_case_reads_no_more_than_the_few_that_are_alike(air: Air) -> None:
    learned(air, registered(air, "tangible"), "x")
    number = registered(air, "intangible")
    air.cases.calls.clear()
    beside(air, number)
    without = air.cases.calls["load_many"]
    learned(air, registered(air, "intangible"), "y")
    air.cases.calls.clear()
    beside(air, number)
    assert air.cases.calls["load_many"] == without + 1
