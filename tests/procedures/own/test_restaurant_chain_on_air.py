"""The restaurant chain's own procedure is put through the API, and its three restaurants work by it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.procedures.__main__ import main
from tests.procedures.own.chain import CHAIN, POSTS, RESTAURANTS, SOURCE, organisation
from tests.web.air import ORG, Air, Counted, on_air

DISH = {"summary": "酸菜鱼上错了", "details": "点的水煮鱼，上了酸菜鱼。", "where": "8号桌"}
ILL = {"summary": "饭后呕吐", "details": "两人饭后呕吐。", "where": "8号桌"}


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the build command writes for the PUT."""
    source = tmp_path_factory.mktemp("own") / SOURCE.name
    for path in [SOURCE, *SOURCE.parent.glob("letters/*/*.md"), *SOURCE.parent.glob("rules/*.yaml")]:
        copy: Path = source.parent / path.relative_to(SOURCE.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert main(["build", str(source)]) == 0
    found: dict[str, Any] = json.loads(source.with_name(f"{CHAIN}@1.json").read_text("utf-8"))
    return found


@pytest.fixture
def air(body: dict[str, Any]) -> Iterator[Air]:
    """The chain before it has a site, then with its procedure and its three restaurants."""
    with on_air(replace(organisation(), id=ORG, sites={})) as found:
        found.queue.build_report = found.world.reports.prepare  # type: ignore[method-assign, assignment]
        put(found, "procedures", body)
        for id, name in RESTAURANTS.items():
            put(found, "sites", {"id": id, "name": {"zh-Hans": name}, "procedure": CHAIN, "posts": POSTS})
        yield found


def put(air: Air, kind: str, entry: dict[str, Any]) -> Any:
    done = air.call("PUT", f"/v1/admin/{kind}", entry, by="root")
    assert done.status_code == 200, done.body
    return done.json_body


def complained(air: Air, by: str = "wu", **changes: Any) -> str:
    told = {"org": ORG, "site": "lake", "channel": "visit", "content": DISH, "category": "dish_or_speed",
            "customer": {"name": "李女士", "phone": "13900139000"}, "form": {"dish": "酸菜鱼"}}  # fmt: skip
    posted = air.post("/v1/complaints", {**told, **changes}, by=by)
    assert posted.status_code == 201, posted.body
    return str(posted.json_body["number"])


def act(air: Air, number: str, action: str, by: str, **answers: Any) -> str:
    done = air.act(number, action, by, **answers)
    assert done.status_code == 200, done.body
    return str(done.json_body["stage"])


def sweep(air: Air, **span: float) -> None:
    air.wait(**span)
    air.world.sweep.run(lambda: 900.0)


def letters(air: Air) -> set[tuple[str, str]]:
    found = {(message.letter, message.to) for message in air.queue.delivered}
    air.queue.delivered.clear()
    return found


def test_it_is_kept_whole_and_a_version_of_it_never_changes(air: Air, body: dict[str, Any]) -> None:
    [whole] = air.get(f"/v1/admin/procedures?id={CHAIN}", by="root").json_body["items"]
    assert (whole["own"], whole["sites"], whole["tree"], whole["letters"]) == (
        True, list(RESTAURANTS), body["tree"], body["letters"],
    )  # fmt: skip
    changed = {**body, "tree": {**body["tree"], "source": "另一办法"}}
    assert air.call("PUT", "/v1/admin/procedures", changed, by="root").status_code == 409


def test_the_rules_of_its_measure_say_why(air: Air) -> None:
    number = complained(air)
    why = air.get(f"/v1/tickets/{number}", by="mei", headers={"Accept-Language": "zh-CN"}).json_body["why"]
    assert why["R-05"] == {
        "document": "顾客投诉处理办法",
        "clause": "堂食投诉由店长到桌处理，30分钟内当场解决",
        "says": "店长30分钟内当场解决",
    }


def test_a_version_is_read_once_however_often_it_is_worked_by(air: Air) -> None:
    number = complained(air)
    air.get(f"/v1/tickets/{number}", by="mei")
    air.world.desks.directory = counted = Counted(air.world.desks.directory)  # type: ignore[assignment]
    for _ in range(3):
        assert air.get(f"/v1/tickets/{number}", by="mei").status_code == 200
    assert counted.calls["procedure"] == 0


def test_an_unsound_one_is_refused_with_every_place_that_is_wrong(air: Air, body: dict[str, Any]) -> None:
    tree = {**body["tree"], "version": "2", "tracked_by": "nobody"}
    letters = {name: texts for name, texts in body["letters"].items() if name != "severe"}
    refused = air.call("PUT", "/v1/admin/procedures", {"tree": tree, "letters": letters}, by="root")
    assert refused.status_code == 422
    fields = {wrong["field"] for wrong in refused.json_body["errors"]}
    assert "tree.tracked_by" in fields


def test_a_dish_mixed_up_at_the_table_is_registered_solved_and_closed(air: Air) -> None:
    number = complained(air)
    assert {("to_handle", "mei"), ("acknowledgement", "customer")} <= letters(air)
    plan = {"facts": "拿错桌号", "cause": "staff", "remedies": ["redo"], "plan": "重做"}
    assert act(air, number, "propose", "mei", **plan) == "replying"
    answered = {"reply": "已重做，抱歉。", "accepted": "yes", "trifle": "yes"}
    assert act(air, number, "reply", "mei", **answered) == "closed"
    assert ("result", "customer") in letters(air)
    form = air.get(f"/v1/tickets/{number}/forms/record?format=html", by="mei", headers={"Accept-Language": "zh-CN"})
    assert "顾客投诉记录单" in form.body.decode()


def test_the_acknowledgement_is_the_chains_own_letter(air: Air) -> None:
    posted = air.post("/v1/complaints", {"org": ORG, "site": "lake", "content": DISH, "category": "dish_or_speed",
                                         "customer": {"phone": "13900139000"}})  # fmt: skip
    assert posted.json_body["acknowledgement"].startswith("您的意见已收到，编号")


@pytest.mark.rules("R-24")
def test_suspected_poisoning_keeps_the_illness_from_whoever_waits_at_table(air: Air) -> None:
    number = complained(
        air, category="poisoning", content=ILL, form={"dish": "酸菜鱼", "how_many_ill": 2, "symptoms": "高烧"}
    )
    assert {("severe", "shi"), ("severe", "pin")} <= letters(air)
    seen = {who: "高烧" in air.get(f"/v1/tickets/{number}", by=who).body.decode() for who in ("shi", "wu", "ke")}
    assert seen == {"shi": True, "wu": False, "ke": False}
    tasks = air.get(f"/v1/tickets/{number}", by="shi").json_body["tasks"]
    assert sorted(task["task"] for task in tasks) == ["seal_sample", "see_patient", "tell_regulator"]


@pytest.mark.rules("R-22")
def test_a_dish_complained_of_three_times_in_a_fortnight_is_put_to_the_kitchen(air: Air) -> None:
    numbers = [complained(air, customer={"phone": f"1390013900{n}"}) for n in range(2)]
    sweep(air, days=1)
    assert "chu" not in {to for _, to in letters(air)}
    numbers.append(complained(air, customer={"phone": "13900139009"}))
    sweep(air, minutes=5)
    assert ("recurring", "chu") in letters(air)
    assert act(air, numbers[-1], "answer_of_kitchen", "chu", task="kitchen_review-1", kitchen_finding="传菜复核桌号")


@pytest.mark.rules("R-22")
def test_what_is_more_than_a_fortnight_apart_is_not_put_to_the_kitchen(air: Air) -> None:
    for n in range(3):
        complained(air, customer={"phone": f"1390013900{n}"})
        sweep(air, days=8)
    assert ("recurring", "chu") not in letters(air)


@pytest.mark.rules("R-18", "R-19", "R-20")
def test_the_weekly_summary_and_the_monthly_hygiene_report_are_prepared_and_issued(air: Air) -> None:
    air.world.duties.begin(ORG, "lake")
    number = complained(air)
    ill = complained(
        air, category="poisoning", content=ILL, form={"dish": "酸菜鱼", "how_many_ill": 1, "symptoms": "吐"}
    )
    sweep(air, days=7)
    weekly = air.get("/v1/reports/weekly_summary?site=lake", by="ke").json_body
    assert weekly["period"] == "2026-11-23..2026-11-29"
    assert {line["number"] for line in weekly["lines"]} == {number, ill}
    assert (
        air.post("/v1/reports/weekly_summary/issue", {"site": "lake", "period": weekly["period"]}, by="ke").status_code
        == 200
    )
    assert ("summary_issued", "ban") in letters(air)
    sweep(air, days=3)
    monthly = air.get("/v1/reports/monthly_hygiene?site=lake", by="shi").json_body
    assert [line["number"] for line in monthly["lines"]] == [ill]
    assert "symptoms" not in json.dumps(monthly)


@pytest.mark.rules("R-21", "R-23")
def test_its_registers_are_read_over_http(air: Air) -> None:
    complained(air)
    ill = complained(
        air, category="poisoning", content=ILL, form={"dish": "酸菜鱼", "how_many_ill": 1, "symptoms": "吐"}
    )
    assert [one["id"] for one in air.get("/v1/registers?site=lake", by="shi").json_body["items"]][:2] == [
        "severe", "discounts",
    ]  # fmt: skip
    severe = air.get("/v1/registers/severe?site=lake", by="shi").json_body
    assert [line["number"] for line in severe["lines"]] == [ill]
