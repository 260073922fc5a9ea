"""The complaint form in a browser."""

from html import unescape

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from tests.web.air import ORG, Air, on_air, organisation
from tests.web.test_pages import EVIL, Fields, send, text

FILLED = {
    "name": "李女士", "phone": "13800138000", "email": "li@example.org", "room": "1-405", "summary": "电梯停运",
    "details": "一号楼电梯停运三天。", "when": "周五起", "where": "一号楼", "demand": "尽快修复",
}  # fmt: skip


def opened(air: Air) -> dict[str, str]:
    """The fields of a form that was just opened."""
    return Fields(air.get(f"/complain?org={ORG}")).found


def filled(air: Air, **changes: str) -> HTTPResponse:
    return send(air, "/complain", **{**opened(air), **FILLED, **changes})


def cases(air: Air) -> list[str]:
    return [number for _, number in air.stores.cases.memory.heads]


def test_the_form_has_a_place_for_everything_it_reads(air: Air) -> None:
    assert set(opened(air)) == {"lang", "org", "site", "key", "address", "plate", *FILLED}
    assert 'name="anonymous"' in air.get(f"/complain?org={ORG}").body.decode()


def test_a_complaint_gets_a_number_a_promised_time_and_its_link(air: Air) -> None:
    answer = filled(air)
    [number] = cases(air)
    assert answer.status_code == 201
    for shown in (number, "30 Nov 24:00", air.world.links.tracking(ORG, number)):
        assert shown in text(answer)


def test_what_was_filled_in_is_what_staff_read(air: Air) -> None:
    filled(air)
    case = air.get(f"/v1/tickets/{cases(air)[0]}", by="lin").json_body
    assert (case["channel"], case["language"], case["summary"]) == ("web", "en", "电梯停运")
    assert (case["customer"]["name"], case["customer"]["phone"]) == ("李女士", "+8613800138000")
    shown = str(case["fields"]) + str(case["posted"])
    for said in ("一号楼电梯停运三天。", "周五起", "一号楼", "尽快修复"):
        assert said in shown


def test_a_double_submit_is_one_complaint(air: Air) -> None:
    form = {**opened(air), **FILLED}
    first, again = send(air, "/complain", **form), send(air, "/complain", **form)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.body == again.body
    assert len(cases(air)) == 1


def test_a_form_opened_anew_is_a_new_complaint(air: Air) -> None:
    filled(air)
    filled(air)
    assert len(cases(air)) == 2


def test_a_form_changed_after_it_was_sent_asks_before_it_becomes_a_second_one(air: Air) -> None:
    form = {**opened(air), **FILLED}
    send(air, "/complain", **form)
    changed = send(air, "/complain", **{**form, "demand": "退款"})
    assert changed.status_code == 422
    assert "This form was sent before" in text(changed)
    assert len(cases(air)) == 1
    kept = Fields(changed).found
    assert (kept["demand"], kept["key"] != form["key"]) == ("退款", True)
    assert send(air, "/complain", **kept).status_code == 201
    assert len(cases(air)) == 2


def test_all_problems_are_shown_at_once_beside_their_fields_and_what_was_typed_is_kept(air: Air) -> None:
    form = opened(air)
    typed = {**form, "name": "李" * 501, "phone": "1" * 41, "email": "nonsense", "room": "1-405", "anonymous": "yes"}
    answer = send(air, "/complain", **typed)
    page = answer.body.decode()
    assert answer.status_code == 422
    assert 'id="summary-wrong">must say what happened' in page
    assert 'id="name-wrong">must be' in page
    assert 'id="phone-wrong">must be' in page
    assert 'id="email-wrong">is not an e-mail address' in page
    assert 'id="anonymous-wrong">an anonymous complaint carries no name' in page
    kept = Fields(answer).found
    assert {name: kept[name] for name in typed} == typed
    assert not cases(air)


def test_once_corrected_it_goes_in(air: Air) -> None:
    refused = filled(air, email="nonsense")
    assert send(air, "/complain", **{**Fields(refused).found, "email": "li@example.org"}).status_code == 201


def test_an_anonymous_complaint_needs_no_name(air: Air) -> None:
    assert filled(air, name="", anonymous="yes").status_code == 201
    case = air.stores.cases.load(ORG, cases(air)[0])
    assert case is not None
    assert case.anonymous


def test_what_was_typed_is_shown_and_never_run(air: Air) -> None:
    page = filled(air, email="nonsense", name=EVIL, details=EVIL).body.decode()
    assert "<script" not in page
    assert page.count(EVIL[2:]) == 0
    assert EVIL in unescape(page)


@pytest.mark.parametrize("where", ["org=nobody", "org=A%20B", f"org={ORG}&site=moon", "org=" + "x" * 3000])
def test_a_place_that_is_none_is_a_plain_page(air: Air, where: str) -> None:
    answer = air.get(f"/complain?{where}")
    assert answer.status_code == 404
    assert "<form" not in answer.body.decode()


def test_without_an_organisation_it_asks_which(air: Air) -> None:
    answer = air.get("/complain")
    assert answer.status_code == 200
    assert set(Fields(answer).found) == {"lang", "org"}


def test_a_form_for_nobody_registers_nothing(air: Air) -> None:
    assert send(air, "/complain", **{**FILLED, "org": "nobody"}).status_code == 404
    assert not cases(air)


def test_a_form_without_a_key_of_ours_is_a_complaint_of_its_own(air: Air) -> None:
    for _ in range(2):
        assert filled(air, key="guessed").status_code == 201
    assert len(cases(air)) == 2


@pytest.mark.parametrize(
    ("lang", "title", "wrong"),
    [
        ("zh-Hans", "向丙公司投诉", "未能提交"),
        ("zh-Hant", "向丙公司投訴", "未能提交，請更正標出的各項"),
        ("en", "Complain to C", "It was not sent yet"),
    ],
)
def test_form_and_problems_are_in_the_readers_language(air: Air, lang: str, title: str, wrong: str) -> None:
    opened = air.get(f"/complain?org={ORG}&lang={lang}")
    refused = send(air, "/complain", **Fields(opened).found)
    for answer in (opened, refused):
        assert title in text(answer)
    assert wrong in text(refused)


def test_where_there_are_several_sites_one_is_chosen() -> None:
    one = organisation()
    main = one.sites["main"]
    branch = replace(main, id="branch", name={"zh-Hans": "分部", "en": "Branch"})
    with on_air(replace(one, sites={"main": main, "branch": branch})) as air:
        form = {**opened(air), **FILLED}
        none = send(air, "/complain", **form)
        assert (none.status_code, 'id="site-wrong"' in none.body.decode()) == (422, True)
        assert send(air, "/complain", **{**form, "site": "branch"}).status_code == 201
        case = air.stores.cases.load(ORG, cases(air)[0])
        assert case is not None
        assert case.site == "branch"
