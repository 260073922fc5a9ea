"""The directory as administrators read and write it."""

from typing import Any

import pytest

from tests.web.air import ORG, POSTS, Air, compiled

SITE = {"id": "main", "name": {"zh-Hans": "本部"}, "procedure": "c-company", "posts": POSTS}


def put(air: Air, kind: str, body: Any) -> Any:
    return air.call("PUT", f"/v1/admin/{kind}", body, by="root")


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.body
    return {wrong["field"] for wrong in answer.json_body["errors"]}


def listed(air: Air, kind: str) -> list[dict[str, Any]]:
    return list(air.get(f"/v1/admin/{kind}", by="root").json_body["items"])


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("staff", {"id": "new", "name": "新来", "departments": ["works"]}),
        ("departments", {"id": "garage", "name": {"en": "Garage"}, "people": ["wei", "wan"], "head": "wei"}),
        ("sites", {**SITE, "id": "branch", "posts": {**POSTS, "customer_service": ["song"]}}),
        (
            "absences",
            {"person": "lin", "start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z", "stand_in": "wei"},
        ),
    ],
)
def test_what_is_written_is_listed(air: Air, kind: str, entry: dict[str, Any]) -> None:
    written = put(air, kind, entry)
    assert written.status_code == 200, written.body
    [found] = [one for one in listed(air, kind) if all(one.get(name) == value for name, value in entry.items())]
    assert found


@pytest.mark.parametrize(
    ("kind", "entry", "wrong"),
    [
        ("staff", {"id": "", "name": " ", "departments": ["moon"], "nick": "x"}, {"nick"}),
        ("staff", {"id": "", "name": " ", "departments": ["moon"]}, {"id", "name", "departments"}),
        ("staff", {"id": "root", "name": "管十"}, {"admin"}),
        ("departments", {"id": "a b", "name": {}, "people": ["nobody"], "head": "nobody"},
         {"id", "name", "people", "head"}),
        ("sites", {**SITE, "posts": {}}, {"posts.customer_service", "posts.general_manager", "posts.reception",
                                          "posts.head_of_customer_service"}),
        ("sites", {**SITE, "posts": {role: ["gao"] for role in POSTS}}, {"posts.customer_service", "posts.reception"}),
        ("sites", {**SITE, "id": "b", "procedure": "none"}, {"procedure"}),
        ("sites", {**SITE, "id": "b", "posts": {"receiver": ["lin"], "x": [], "reception": ["nobody"]}},
         {"posts.receiver", "posts.x", "posts.reception", "posts.customer_service", "posts.head_of_customer_service",
          "posts.general_manager"}),
        ("sites", {**SITE, "id": "b", "zone": "Mars/Olympus", "hours": {"someday": []}}, {"hours"}),
        ("absences", {"person": "nobody", "start": "2026-11-24T00:00:00Z", "end": "2026-11-23T00:00:00Z",
                      "stand_in": "nobody"}, {"person", "end", "stand_in"}),
        ("settings", {"site": "moon", "settings": {}}, {"site"}),
        ("settings", {"site": "main", "settings": {"solve": "soon", "x": "1"}}, {"settings.solve", "settings.x"}),
        ("calendars", {"site": "main", "hours": {"mon": [["18:00", "09:00"]]}}, {"hours"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_all_its_problems(
    air: Air, kind: str, entry: dict[str, Any], wrong: set[str]
) -> None:
    before = repr(air.stores.cases.memory.organisations)
    assert fields(put(air, kind, entry)) == wrong
    assert repr(air.stores.cases.memory.organisations) == before


def jobs(air: Air) -> list[str]:
    return [job.kind for job in air.stores.cases.memory.jobs.values()]


def test_an_absence_without_an_offset_is_refused_and_spoils_none(air: Air) -> None:
    bare = {"person": "lin", "start": "2026-12-01T00:00:00", "end": "2026-12-05T00:00:00"}
    refused = air.call("PUT", "/v1/admin/absences", bare, by="root")
    assert refused.status_code == 422
    assert [wrong["field"] for wrong in refused.json_body["errors"]] == ["start", "end"]
    whole = {"person": "lin", "start": "2026-12-01T00:00:00Z", "end": "2026-12-05T00:00:00Z"}
    assert air.call("PUT", "/v1/admin/absences", whole, by="root").status_code == 200


def test_a_changed_setting_rearms_the_site(air: Air) -> None:
    assert put(air, "settings", {"site": "main", "settings": {"solve": "5d"}}).status_code == 200
    assert listed(air, "settings")[0]["settings"] == {"solve": "5d"}
    assert listed(air, "settings")[0]["declared"]["solve"]["default"] == "3d"
    assert jobs(air) == ["rearm"]


def test_a_changed_calendar_rearms_the_site(air: Air) -> None:
    days = {"2026-11-24": {"kind": "off", "name": "盘点"}}
    body = {"site": "main", "hours": {"mon": [["09:00", "18:00"]]}, "days": days}
    assert put(air, "calendars", body).status_code == 200
    assert listed(air, "calendars")[0]["days"]["2026-11-24"]["kind"] == "off"
    assert jobs(air) == ["rearm"]


def test_a_new_post_rearms_nothing(air: Air) -> None:
    assert put(air, "sites", {**SITE, "posts": {**POSTS, "customer_service": ["song"]}}).status_code == 200
    assert jobs(air) == []


def test_a_setting_counts_for_open_cases_after_the_job(air: Air) -> None:
    number = air.registered()
    air.act(number, "send_form", by="lin", scope="own", receiving_unit="sales")
    air.act(
        number, "classify", by="shen", category="quality", filed="yes", scope="own", department="sales", complex="no"
    )
    before = air.get(f"/v1/tickets/{number}", by="shen").json_body["clocks"]
    put(air, "settings", {"site": "main", "settings": {"solve": "5d"}})
    air.wait(minutes=2)
    air.world.sweep.run(lambda: 60.0)
    after = air.get(f"/v1/tickets/{number}", by="shen").json_body["clocks"]
    assert [clock["due"] for clock in after] != [clock["due"] for clock in before]


WORKSHOP = {
    "receptionist": ["lin"], "store_manager": ["hou"], "customer_manager": ["hou", "shen"], "finance": ["wan"],
    "service_centre": ["song", "shen"], "management": ["wei", "wan"], "general_manager": ["gao", "hou"],
}  # fmt: skip


def test_a_site_takes_another_procedure_once_its_posts_are_filled(air: Air) -> None:
    before = air.registered()
    body = {**SITE, "procedure": "w-workshop"}
    answered_above = {"finance", "store_manager"}
    assert fields(put(air, "sites", body)) == {f"posts.{role}" for role in WORKSHOP.keys() - answered_above}
    assert put(air, "sites", {**body, "posts": POSTS | WORKSHOP}).status_code == 200
    after = air.registered()
    load = air.stores.cases.load
    assert [load(ORG, number).procedure for number in (before, after)] == ["c-company", "w-workshop"]
    assert air.get(f"/v1/tickets/{before}", by="shen").json_body["stage"]


def test_posts_of_the_earlier_procedure_stay_for_its_cases_and_new_ones_of_it_do_not_come(air: Air) -> None:
    both = {**SITE, "procedure": "w-workshop", "posts": POSTS | WORKSHOP}
    assert put(air, "sites", both).status_code == put(air, "sites", both).status_code == 200
    assert put(air, "sites", {**both, "posts": WORKSHOP}).status_code == 200
    assert fields(put(air, "sites", both)) == {f"posts.{role}" for role in POSTS.keys() - WORKSHOP.keys()}


def test_settings_of_the_earlier_procedure_stay_for_its_cases(air: Air) -> None:
    put(air, "settings", {"site": "main", "settings": {"solve": "5d"}})
    put(air, "sites", {**SITE, "procedure": "w-workshop", "posts": WORKSHOP, "settings": {"solve": "5d"}})
    assert listed(air, "settings")[0]["settings"] == {}
    assert put(air, "settings", {"site": "main", "settings": {}}).status_code == 200
    assert air.stores.directory.organisation(ORG).sites["main"].settings == {"solve": "5d"}


def own(**changes: Any) -> dict[str, Any]:
    """Procedure C, as a company's own."""
    found = compiled("c-company")
    return {"tree": {**found.tree, "procedure": "our-own", **changes}, "letters": found.letters}


def test_a_procedure_of_ones_own_is_accepted_once_it_is_sound(air: Air) -> None:
    written = put(air, "procedures", own())
    assert written.status_code == 200, written.body
    assert (written.json_body["id"], written.json_body["own"]) == ("our-own", True)
    assert put(air, "sites", {**SITE, "id": "branch", "procedure": "our-own"}).status_code == 200
    whole = air.get("/v1/admin/procedures?id=our-own", by="root").json_body["items"][0]
    assert whole["tree"] == own()["tree"]
    assert {found["id"] for found in listed(air, "procedures")} == {"c-company", "our-own"}
    number = air.registered(site="branch")
    assert air.stores.cases.load(ORG, number).procedure == "our-own"  # type: ignore[union-attr]  # it is there


@pytest.mark.parametrize(
    "changes", [{"stages": {}}, {"version": "soon"}, {"actions": None}, {"tracked_by": "nobody"}, {"surprise": "1"}]
)
def test_an_unsound_procedure_is_refused_with_what_is_wrong(air: Air, changes: dict[str, Any]) -> None:
    refused = put(air, "procedures", own(**changes))
    assert refused.status_code == 422, refused.body
    assert refused.json_body["errors"]
    assert not air.stores.cases.memory.procedures


def test_what_is_wrong_with_a_letter_is_said_of_the_letter(air: Air) -> None:
    whole = own()
    without = {**whole["letters"]["result"], "en": {"subject": "", "sms": "", "body": ""}}
    assert fields(put(air, "procedures", {**whole, "letters": {**whole["letters"], "result": without}})) == {
        "letters.result.en"
    }


def test_the_id_of_a_procedure_that_ships_is_taken(air: Air) -> None:
    assert fields(put(air, "procedures", own(procedure="c-company"))) == {"tree.procedure"}


def test_a_version_of_a_procedure_never_changes(air: Air) -> None:
    put(air, "procedures", own())
    changed = put(air, "procedures", own(title={"zh-Hans": "改", "zh-Hant": "改", "en": "changed"}))
    assert changed.status_code == 409
