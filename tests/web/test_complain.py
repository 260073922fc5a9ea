"""The complaint form in a browser."""

from html import unescape

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib.web.filling import TRAP
from tests.web.air import ORG, Air, on_air, organisation
from tests.web.test_pages import EVIL, Fields, send, text

FILLED = {
    "name": "李女士", "phone": "13800138000", "email": "li@example.org", "room": "1-405", "summary": "电梯停运",
    "details": "一号楼电梯停运三天。", "when": "周五起", "where": "一号楼", "demand": "尽快修复",
}  # fmt: skip


def opened(air: Air) -> dict[str, str]:
    """The fields of a form that was opened half a minute ago."""
    found = Fields(air.get(f"/complain?org={ORG}")).found
    air.wait(seconds=30)
    return found


def filled(air: Air, **changes: str) -> HTTPResponse:
    return send(air, "/complain", **{**opened(air), **FILLED, **changes})


def cases(air: Air) -> list[str]:
    return [number for _, number in air.stores.cases.memory.heads]


def test_the_form_has_a_place_for_everything_it_reads(air: Air) -> None:
    assert set(opened(air)) == {"lang", "org", "site", "key", "opened", TRAP, "address", "plate", *FILLED}
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


def test_a_form_without_a_key_of_ours_comes_back_with_one_and_is_a_complaint_of_its_own(air: Air) -> None:
    for _ in range(2):
        back = Fields(filled(air, key="guessed")).found
        air.wait(seconds=30)
        assert send(air, "/complain", **back).status_code == 201
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


@pytest.mark.parametrize(
    "changes", [{TRAP: "http://buy.example"}, {"opened": ""}, {"opened": "1795392000." + "0" * 32}]
)
def test_a_form_that_a_program_may_have_filled_in_comes_back_as_it_was_and_goes_in_when_sent_again(
    air: Air, changes: dict[str, str]
) -> None:
    back = filled(air, **changes)
    assert (back.status_code, "What you wrote is below" in text(back), cases(air)) == (422, True, [])
    kept = Fields(back).found
    assert {name: kept[name] for name in FILLED} == FILLED
    assert kept[TRAP] == ""
    air.wait(seconds=5)
    assert send(air, "/complain", **kept).status_code == 201


def test_what_tripped_a_program_is_not_told(air: Air) -> None:
    quick = Fields(air.get(f"/complain?org={ORG}")).found
    said = {text(send(air, "/complain", **{**quick, **FILLED, **changes})) for changes in ({}, {TRAP: "x"})}
    assert len(said) == 1
    assert not cases(air)


def test_a_form_sent_within_three_seconds_comes_back_and_one_moment_later_goes_in(air: Air) -> None:
    form = {**Fields(air.get(f"/complain?org={ORG}")).found, **FILLED}
    air.wait(seconds=2)
    back = send(air, "/complain", **form)
    assert back.status_code == 422
    air.wait(seconds=1)
    assert send(air, "/complain", **Fields(back).found).status_code == 201


def test_a_form_that_lay_open_for_days_comes_back_once_and_is_then_sent_at_once(air: Air) -> None:
    form = {**opened(air), **FILLED}
    air.wait(days=3)
    back = send(air, "/complain", **form)
    assert (back.status_code, Fields(back).found["key"]) == (422, form["key"])
    assert send(air, "/complain", **Fields(back).found).status_code == 201


def test_the_time_of_one_form_is_not_that_of_another(air: Air) -> None:
    old = opened(air)["opened"]
    assert filled(air, opened=old).status_code == 422


def test_people_neither_see_nor_reach_the_field_that_is_for_programs(air: Air) -> None:
    page = air.get(f"/complain?org={ORG}").body.decode()
    hidden = page[page.index('<div class="unseen" aria-hidden="true">') :].partition("</div>")[0]
    assert f'name="{TRAP}" tabindex="-1" autocomplete="off"' in hidden
    assert ".unseen{position:absolute;left:-100vw" in page
    assert "<script" not in page


def test_a_busy_place_gets_its_form_back_with_what_was_typed_and_when_to_send_it(air: Air) -> None:
    form = {**opened(air), **FILLED}
    answers = [send(air, "/complain", source="203.0.113.9", **{**form, "key": ""}) for _ in range(36)]
    busy = answers[-1]
    assert [answer.status_code for answer in answers].count(429) == 1
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "20")
    assert "please send it again in 20 seconds" in text(busy)
    kept = Fields(busy).found
    assert {name: kept[name] for name in FILLED} == FILLED
    assert send(air, "/complain", source="203.0.113.10", **form).status_code == 201
    air.wait(seconds=20)
    assert send(air, "/complain", source="203.0.113.9", **kept).status_code == 201
