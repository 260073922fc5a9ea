"""Retention: what administrators see, hold back and erase, and what is left of a case for everybody else."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.cases.customers import keys_of, links_of
from chalicelib.cases.periods import together
from chalicelib.desk.beside import mailed
from chalicelib.desk.complaint import Attachment, Identity
from chalicelib.desk.people import Endpoint
from chalicelib.ports import Known
from chalicelib.reports.counted import Figures
from chalicelib.reports.figures import figures
from tests.web.air import ORG, Air, complaint

YEARS = {"identity": 1095, "content": 1825}
SAID = "一号楼电梯停运三天。"
MADE = {"scope": "other_department", "department": "works", "category": "equipment", "filed": "yes", "complex": "no"}


def closed(air: Air, **changes: Any) -> str:
    """A case that went its way; its number."""
    number = air.registered(**changes)
    for action, by, answers in (
        ("send_form", "lin", {"receiving_unit": "service", "scope": "other_department"}),
        ("classify", "shen", MADE),
        ("accept", "wei", {}),
        ("return_result", "wei", {"result": "已更换曳引机"}),
        ("tell_customer", "shen", {"reply": "电梯已修复", "told_how": "phone", "satisfied": "yes"}),
    ):
        done = air.act(number, action, by, **answers)
        assert done.status_code == 200, done.body
    return number


def sweep(air: Air) -> None:
    """The minute's sweep, and the next one for what it left to do."""
    for _ in range(2):
        swept = air.world.sweep.run(lambda: 1000.0)
        assert swept.poison == 0
        air.wait(minutes=1)


def told(air: Air, number: str, verb: str = "", **body: Any) -> Any:
    """What a route of one case's retention answers to the administrator."""
    path = f"/v1/tickets/{number}/{verb or 'retention'}"
    return air.post(path, body, by="root") if verb else air.get(path, by="root")


def kept(air: Air, number: str) -> str:
    """Everything that is stored of one case, as text."""
    memory = air.stores.cases.memory  # type: ignore[attr-defined]  # it is the one in memory
    case = (ORG, number)
    found = [memory.heads[case], memory.events[case], memory.identities.get(case)]
    found += [links for links in memory.links.items() if number in repr(links[1])]
    found += [groups for groups in memory.groups.items() if number in groups[1]]
    return repr(found)


def test_a_closed_case_says_until_when_it_is_kept(air: Air) -> None:
    number = air.registered()
    assert told(air, number).json_body["identity_until"] is None
    number = closed(air)
    view = told(air, number).json_body
    for part, days in YEARS.items():
        assert view[f"{part}_until"] == f"{air.now + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    assert (view["hold"], view["identity_erased_at"], view["elsewhere"]) == (None, None, [])


def test_whoever_only_asked_something_is_forgotten_earlier(air: Air) -> None:
    number = closed(air, kind="consultation")
    view = told(air, number).json_body
    assert view["identity_until"] == f"{air.now + timedelta(days=365):%Y-%m-%dT%H:%M:%SZ}"
    assert view["content_until"] == f"{air.now + timedelta(days=YEARS['content']):%Y-%m-%dT%H:%M:%SZ}"


def test_when_the_time_is_up_who_complained_is_forgotten_and_later_what_was_said(air: Air) -> None:
    number = closed(air)
    sweep(air)
    before = kept(air, number)
    air.wait(days=YEARS["identity"] - 1)
    sweep(air)
    assert kept(air, number) == before
    air.wait(days=1)
    sweep(air)
    left = kept(air, number)
    assert air.stores.cases.identity(ORG, number) == Identity()
    hashed = air.world.hasher(f"{ORG}|phone|+8613800138000")
    assert hashed in before
    assert [secret for secret in ("李女士", "13800138000", hashed) if secret in left] == []
    assert air.stores.cases.linked(ORG, "phone", hashed) == []
    assert SAID in left
    air.wait(days=YEARS["content"] - YEARS["identity"])
    sweep(air)
    assert [words for words in (SAID, "电梯停运", "已更换曳引机", "电梯已修复") if words in kept(air, number)] == []
    view = air.get(f"/v1/tickets/{number}", by="shen").json_body
    assert (view["status"], view["summary"], view["customer"]) == ("closed", "", {})
    assert {field["text"] for field in view["fields"] if field["id"] == "reply"} == {"(erased)"}
    assert {field["text"] for field in view["fields"] if field["id"] == "category"} == {"Facilities and equipment"}
    events = air.get(f"/v1/tickets/{number}/history", by="shen").json_body["items"]
    assert [(event["title"], event["by"]) for event in events if event["kind"] == "erased"] == [("Erased", None)] * 2
    assert air.get(f"/v1/tickets/{number}/history/verify", by="shen").json_body["whole"] is True
    assert not [item for item in air.stores.cases.memory.armed if item[2] == number and item[0] == "retention"]  # type: ignore[attr-defined]  # as above
    assert not air.stores.cases.memory.jobs  # type: ignore[attr-defined]  # as above


def test_figures_registers_and_reports_come_out_the_same_when_nobody_knows_any_more_who_it_was(air: Air) -> None:
    numbers = [closed(air), closed(air), closed(air, customer={"name": "王先生", "phone": "13900139000"})]
    sweep(air)  # they are alike, which a watch notices
    desk, today = air.world.desks.at(ORG, "main"), air.now.date()
    report = next(report for report in desk.procedure.reports.values() if report.by)

    def counted() -> Figures:
        cases = [case for number in numbers if (case := air.stores.cases.load(ORG, number))]
        return figures(desk, together(air.stores.cases, desk, cases), today, today, by=report.by)

    def register() -> Any:
        path = f"/v1/registers/complaint_forms?period={today:%Y-%m}"
        return air.get(path, by="shen").json_body["lines"]

    before, lines = counted(), register()
    assert [sorted(group) for group in before.repeats] == [sorted(numbers[:2])]
    for number in (numbers[1], numbers[0], numbers[2]):
        assert told(air, number, "erase", reason="本人要求").status_code == 200
        sweep(air)
        assert msgspec.to_builtins(counted()) == msgspec.to_builtins(before)
        assert register() == lines
    memory = air.stores.cases.memory  # type: ignore[attr-defined]  # it is the one in memory
    assert memory.aliases == {}  # nothing leads to them any more
    assert not any(memory.links.values())
    for number in numbers:
        assert told(air, number, "erase", reason="本人要求", parts=["content"]).status_code == 200
        sweep(air)
        assert counted() == before


def test_an_administrator_erases_a_person_at_once_and_the_same_again_is_done_already(air: Air) -> None:
    number = air.registered()
    answers = [told(air, number, "erase", reason="本人要求删除") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json_body == answers[1].json_body
    assert answers[0].json_body["identity_erased_at"] == f"{air.now:%Y-%m-%dT%H:%M:%SZ}"
    assert air.get(f"/v1/tickets/{number}", by="lin").json_body["customer"] == {}
    events = air.get(f"/v1/tickets/{number}/history", by="lin").json_body["items"]
    assert [(event["kind"], event["by"]["id"], event["note"]) for event in events[1:]] == [
        ("erased", "root", "本人要求删除")
    ]
    assert air.act(number, "add_note", "lin", note="继续办理").status_code == 200  # the case goes on


def test_what_was_said_is_erased_of_a_closed_case_only_and_nothing_is_shown_before_its_rows_are_clean(air: Air) -> None:
    number = air.registered()
    refused = told(air, number, "erase", reason="x", parts=["content"])
    assert (refused.status_code, refused.json_body["detail"]) == (
        409, "What was said can be erased when the complaint is closed.",
    )  # fmt: skip
    number = closed(air)
    assert told(air, number, "erase", reason="x", parts=["content"]).status_code == 200
    assert SAID in kept(air, number)
    assert SAID not in json.dumps(air.get(f"/v1/tickets/{number}/history", by="shen").json_body, ensure_ascii=False)
    assert air.get(f"/v1/tickets/{number}/history/verify", by="shen").json_body["whole"] is True
    sweep(air)
    assert SAID not in kept(air, number)
    assert air.get(f"/v1/tickets/{number}/history/verify", by="shen").json_body["whole"] is True


def test_what_is_on_hold_is_not_erased_until_the_hold_is_lifted(air: Air) -> None:
    number = closed(air)
    held = told(air, number, "hold", reason="法院调取")
    assert held.json_body["hold"] == {
        "by": "root", "by_name": "管十", "since": f"{air.now:%Y-%m-%dT%H:%M:%SZ}", "reason": "法院调取",
    }  # fmt: skip
    assert told(air, number, "hold", reason="again").json_body == held.json_body
    assert [item["number"] for item in air.get("/v1/admin/holds", by="root").json_body["items"]] == [number]
    refused = told(air, number, "erase", reason="本人要求")
    assert (refused.status_code, refused.json_body["type"]) == (409, "/problems/on-hold")
    air.wait(days=4000)
    sweep(air)
    assert "李女士" in kept(air, number)
    assert told(air, number, "release", reason="案件审结").json_body["hold"] is None
    assert air.get("/v1/admin/holds", by="root").json_body["items"] == []
    sweep(air)
    assert [words for words in ("李女士", SAID) if words in kept(air, number)] == []
    kinds = [event["kind"] for event in air.get(f"/v1/tickets/{number}/history", by="shen").json_body["items"]]
    assert kinds[-3:] == ["held", "released", "erased"]


def test_a_hold_on_an_open_case_lasts_beyond_its_end(air: Air) -> None:
    number = air.registered()
    told(air, number, "hold", reason="诉讼中")
    memory = air.stores.cases.memory  # type: ignore[attr-defined]  # it is the one in memory
    assert ("retention", ORG, number) not in memory.armed


def test_files_go_with_the_identity(air: Air) -> None:
    number = closed(air)
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    place = f"attachments/{ORG}/{number}/1"
    air.files.put(place, b"a photo", "image/jpeg")
    elsewhere = "https://pbx.example/rec/7"
    files = [
        Attachment(name="x.jpg", kind="image/jpeg", size=7, sha256="0" * 64, place=where, at=air.now, id=id)
        for where, id in ((place, "1"), (elsewhere, "2"))
    ]
    decision = mailed(air.world.desks.of(case), case, "见附件", "key", air.now, files=files, verified=True)
    assert decision is not None
    air.stores.cases.commit(case.version, decision.complaint, decision.events, [], None)
    assert told(air, number).json_body["elsewhere"] == [elsewhere]
    told(air, number, "erase", reason="本人要求")
    sweep(air)
    assert air.files.kept == {}
    assert air.get(f"/v1/tickets/{number}", by="shen").json_body["attachments"] == []


def test_another_time_in_the_settings_counts_for_closed_cases_too(air: Air) -> None:
    number, other = closed(air), closed(air)
    told(air, other, "hold", reason="诉讼中")
    for settings, days in (({"keep_identity": "30"}, 30), ({}, YEARS["identity"])):
        body = {"site": "main", "settings": settings}
        assert air.call("PUT", "/v1/admin/settings", body, by="root").status_code == 200
        air.wait(minutes=2)
        sweep(air)
        case = air.stores.cases.load(ORG, number)
        assert case is not None
        assert case.closed_at is not None
        armed = air.stores.cases.memory.armed  # type: ignore[attr-defined]  # it is the one in memory
        assert armed["retention", ORG, number] == case.closed_at + timedelta(days=days)
        assert ("retention", ORG, other) not in armed
    air.call(
        "PUT",
        "/v1/admin/settings",
        {"site": "main", "settings": {"keep_identity": "0", "keep_content": "0"}},
        by="root",
    )
    air.wait(minutes=2)
    sweep(air)
    assert told(air, number).json_body["identity_until"] is None
    assert ("retention", ORG, number) not in armed


@pytest.mark.parametrize("verb", ["erase", "hold", "release"])
def test_only_an_administrator_does_so_with_a_reason_of_a_case_that_is_there(air: Air, verb: str) -> None:
    number = air.registered()
    assert air.post(f"/v1/tickets/{number}/{verb}", {"reason": "x"}, by="shen").status_code == 403
    assert told(air, "261123-9999999", verb, reason="x").status_code == 404
    for body, wrong in (({}, "reason"), ({"reason": " "}, "reason"), ({"reason": "x", "why": "y"}, "why")):
        refused = told(air, number, verb, **body)
        assert (refused.status_code, [error["field"] for error in refused.json_body["errors"]]) == (422, [wrong])
    assert air.get(f"/v1/tickets/{number}/retention", by="shen").status_code == 403
    assert air.get("/v1/admin/holds", by="shen").status_code == 403


def test_a_confidential_complainant_who_was_erased_is_shown_to_nobody_and_written_to_no_more(air: Air) -> None:
    number = air.registered(confidential=True)
    told(air, number, "erase", reason="本人要求")
    shown = air.get(f"/v1/tickets/{number}?identity=show", by="lin").json_body
    assert shown["customer"] == {}
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    assert case.reach == []


def test_a_customer_who_was_forgotten_and_complains_again_is_a_new_one(air: Air) -> None:
    number = closed(air)
    told(air, number, "erase", reason="本人要求")
    sweep(air)
    again = air.registered(**complaint())
    assert air.get(f"/v1/tickets/{again}", by="shen").json_body["earlier"] == []


def test_what_was_erased_since_a_register_was_closed_is_no_correction_of_it(air: Air) -> None:
    number, path = closed(air), "/v1/registers/complaint_forms"
    period = f"{air.now:%Y-%m}"
    air.wait(days=40)
    assert air.post(f"{path}/close", {"period": period}, by="shen").status_code == 200
    before = air.get(f"{path}?period={period}", by="shen").json_body
    assert SAID in json.dumps(before, ensure_ascii=False)
    assert told(air, number, "erase", reason="本人要求", parts=["content"]).status_code == 200
    sweep(air)
    after = air.get(f"{path}?period={period}", by="shen").json_body
    assert after["lines"] == before["lines"]
    assert after["corrections"] == []


def test_other_systems_hear_that_a_person_was_erased_and_of_no_hold(air: Air) -> None:
    air.stores.directory.put(ORG, "webhook", "crm", Endpoint(id="crm", url="https://crm.example", events=["erased"]))
    number = air.registered()
    for verb in ("hold", "release", "erase"):
        assert told(air, number, verb, reason="本人要求").status_code == 200
    told_of = [posted.message.tells for posted in air.stores.cases.messages(ORG, number) if posted.message.tells]
    assert [what.kinds for what in told_of if what] == [["erased"]]


def test_who_is_known_again_before_the_rest_was_cleared_stays_known(air: Air) -> None:
    number = air.registered()
    told(air, number, "erase", reason="本人要求")
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    identity = Identity(phone="+8613800138000")
    links = links_of(identity, ORG, case.site, air.world.hasher)
    again = replace(case, customer_keys=[*case.customer_keys, *keys_of(links)])
    air.stores.cases.commit(case.version, again, [], [], None, known=Known(identity=identity, links=links))
    sweep(air)
    assert air.stores.cases.linked(ORG, *links[0]) == [number]
