"""A case at the desk, in a browser: read, worked on, and never with what was typed lost."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse

from chalicelib.web.page import FORM
from tests.desk.test_kinds import SAMPLES
from tests.fakes.uploads import MemoryUploads, described
from tests.web.air import ORG, Air, complaint
from tests.web.browser import Browser, Forms
from tests.web.test_pages import EVIL, text

CLASSIFIED = {"category": "equipment", "filed": "yes", "scope": "other_department", "department": "works",
              "complex": "no"}  # fmt: skip


@pytest.fixture
def browser(air: Air) -> Browser:
    """A browser at a desk, not signed in."""
    air.world.uploads = MemoryUploads(lambda: air.now)
    return Browser(air)


def opened(browser: Browser, number: str, by: str = "", **query: str) -> HTTPResponse:
    """The page of a case, in English."""
    if by:
        browser.sign_in(by)
    return browser.get(f"/desk/cases/{number}?" + urlencode({"lang": "en", **query}))


def beside(page: HTTPResponse) -> dict[str, str]:
    """What is said beside fields, by the id of the field."""
    return dict(re.findall(r'<p class="wrong" id="[\w]+-(\w+)-wrong">([^<]+)</p>', unescape(page.body.decode())))


def test_the_link_of_a_letter_leads_whoever_signs_in_to_the_whole_case(browser: Browser) -> None:
    number = browser.air.registered()
    link = browser.air.world.links.desk(ORG, number)
    away = browser.follow(browser.get(link)).headers["Location"]
    back = browser.get(browser.issuer.sign_in(str(away), "lin"))
    page = browser.follow(back)
    assert page.status_code == 200
    for shown in (number, "电梯停运", "一号楼电梯停运三天。", "李女士", "+8613800138000", "林一", "Sales"):
        assert shown in text(page)


def test_each_clock_says_why_it_is_due_when_it_is_and_by_which_rule(browser: Browser) -> None:
    page = text(opened(browser, browser.air.registered(), "lin"))
    assert "within 24 hours of receipt: 24 hours from 23 Nov 09:00" in page
    assert "Due tomorrow" in page
    assert "自接到起24小时内反馈至客户服务部" in page


def test_an_action_is_done_by_its_form_and_the_page_says_so(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    sent = browser.fill(page, "send_form", receiving_unit="sales", scope="other_department")
    assert sent.headers["Location"] == f"https://desk.example/desk/cases/{number}?done=send_form&lang=en"
    assert "Done: Send the form to customer service" in text(browser.follow(sent))
    event = browser.air.stores.cases.history(ORG, number)[-1]
    assert (event.action, event.by) == ("send_form", "lin")
    assert event.answers == {"receiving_unit": "sales", "scope": "other_department"}


def test_everything_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(browser: Browser) -> None:
    number = browser.air.registered()
    browser.air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    page = browser.fill(opened(browser, number, "shen"), "classify", category="equipment")
    assert page.status_code == 422
    assert {"department", "filed", "complex"} <= set(beside(page))
    assert Forms(page).doing("classify")[1]["f.category"] == "equipment"
    assert '<details class="action" id="do-classify" open>' in page.body.decode()
    done = browser.fill(page, "classify", **CLASSIFIED)
    assert done.status_code == 303


def test_what_the_procedure_still_wants_is_said_above_the_form(browser: Browser) -> None:
    number = browser.air.registered()
    page = browser.fill(opened(browser, number, "shen"), "link_case", joins="nonsense", linked_as="duplicate")
    assert page.status_code == 422
    assert beside(page)["joins"] == "must be the number of another complaint"


def test_who_was_slower_sees_what_happened_and_sends_the_same_again(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    browser.air.act(number, "add_note", by="shen", note="客户又来电话")
    late = browser.fill(page, "add_note", note="我已联系客户")
    assert late.status_code == 409
    said = text(late)
    assert "The case changed after you opened it" in said
    happened = said.partition("What happened meanwhile")[2].partition("Stage")[0]
    assert ("客户又来电话" in happened, "沈二" in happened) == (True, True)
    assert Forms(late).doing("add_note")[1]["f.note"] == "我已联系客户"
    assert browser.fill(late, "add_note", note="我已联系客户").status_code == 303


def test_what_was_typed_for_an_action_that_is_no_longer_open_is_shown_to_be_copied(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    browser.air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    late = browser.fill(page, "send_form", receiving_unit="service", scope="other_department")
    assert late.status_code == 409
    assert "This cannot be done now. What you wrote:" in text(late)


def test_the_same_form_sent_twice_is_done_once(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    for _ in range(2):
        assert browser.fill(page, "add_note", note="一次").status_code == 303
    assert [event.action for event in browser.air.stores.cases.history(ORG, number)].count("add_note") == 1


def test_a_form_that_was_written_for_another_session_does_nothing_and_loses_nothing(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    browser.sign_in("lin")
    browser.at = f"/desk/cases/{number}"
    again = browser.fill(page, "add_note", note="不能丢")
    assert (again.status_code, "不能丢" in text(again)) == (403, True)
    assert len(browser.air.stores.cases.history(ORG, number)) == 1
    [(_, fields)] = [form for form in Forms(again).found if form[1].get("action") == "add_note"]
    assert browser.post(f"/desk/cases/{number}", **fields).status_code == 303


def test_what_was_typed_outlives_the_session(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    browser.cookies.clear()
    ended = browser.fill(page, "add_note", note="写了很久")
    assert (ended.status_code, "写了很久" in text(ended)) == (401, True)
    browser.sign_in("lin")
    [(_, fields)] = [form for form in Forms(ended).found if form[1].get("action") == "add_note"]
    asked = browser.post(f"/desk/cases/{number}", **fields)
    assert asked.status_code == 403  # it was written for no session: once more, by its button
    [(_, fields)] = [form for form in Forms(asked).found if form[1].get("action") == "add_note"]
    assert browser.post(f"/desk/cases/{number}", **fields).status_code == 303
    assert browser.air.stores.cases.history(ORG, number)[-1].answers == {"note": "写了很久"}


def test_a_form_that_another_site_sends_is_refused_outright(browser: Browser) -> None:
    number = browser.air.registered()
    _, fields = Forms(opened(browser, number, "lin")).doing("add_note")
    for where in ("cross-site", "same-site"):
        answer = browser.post(f"/desk/cases/{number}", {"Sec-Fetch-Site": where}, **{**fields, "f.note": "x"})
        assert (answer.status_code, "<form" in answer.body.decode()) == (403, False)
    assert len(browser.air.stores.cases.history(ORG, number)) == 1


def test_who_may_not_see_a_case_finds_none(browser: Browser) -> None:
    number = browser.air.registered()
    assert opened(browser, number, "far").status_code == 404
    answer = browser.post(f"/desk/cases/{number}", token=browser.token(), action="add_note", version="1", lang="en")
    assert answer.status_code == 404


def test_an_action_that_is_not_theirs_is_refused_with_what_was_typed(browser: Browser) -> None:
    number = browser.air.registered()
    browser.sign_in("gao")
    fields = {"token": browser.token(), "action": "send_form", "version": "1", "lang": "en", "f.scope": "own"}
    answer = browser.post(f"/desk/cases/{number}", **fields)
    assert (answer.status_code, "is not yours to do" in text(answer)) == (403, True)


@pytest.mark.parametrize("changes", [{"action": "fly"}, {"version": "x"}, {"version": "１"}, {"version": "9" * 40}])
def test_a_form_that_is_none_of_ours_is_no_failure_of_ours(browser: Browser, changes: dict[str, str]) -> None:
    number = browser.air.registered()
    browser.sign_in("lin")
    fields = {"token": browser.token(), "action": "add_note", "version": "1", **changes}
    assert browser.post(f"/desk/cases/{number}", **fields).status_code == 404


def test_who_complains_in_confidence_is_shown_on_request_to_who_may_know_and_the_look_is_recorded(
    browser: Browser,
) -> None:
    number = browser.air.registered(confidential=True)
    page = opened(browser, number, "lin")
    assert "李女士" not in page.body.decode()
    token = Forms(page).found[0][1]["token"]
    shown = browser.post(f"/desk/cases/{number}/identity", token=token, lang="en")
    assert (shown.status_code, "李女士" in text(shown)) == (200, True)
    assert browser.air.stores.cases.history(ORG, number)[-1].kind == "seen"
    assert browser.get(f"/desk/cases/{number}/identity").status_code in (403, 405)  # looking is no link
    browser.sign_in("gao")
    refused = browser.post(f"/desk/cases/{number}/identity", token=browser.token(), lang="en")
    assert (refused.status_code, "李女士" in text(refused)) == (403, False)


def test_a_file_is_added_and_handed_out_without_a_script(browser: Browser) -> None:
    number = browser.air.registered()
    browser.sign_in("lin")
    page = browser.get(f"/desk/cases/{number}/attach?lang=en")
    assert "form-action 'self' https://files.example;" in page.headers["Content-Security-Policy"]
    fields = Forms(page).found[-1][1]
    back = browser.air.world.uploads.send(fields, SAMPLES["image/jpeg"])  # type: ignore[attr-defined]  # in memory
    done = browser.get(back)
    assert done.headers["Location"] == f"https://desk.example/desk/cases/{number}?lang=en"
    case = browser.air.stores.cases.load(ORG, number)
    assert case is not None
    [file] = case.attachments
    assert (file.by, file.kind) == ("lin", "image/jpeg")
    link = re.search(r'href="([^"]+/files/[^"]+)"', browser.follow(done).body.decode())
    assert link
    handed = browser.get(f"/desk/cases/{number}/files/{file.id}")
    assert (handed.status_code, handed.headers["Location"].startswith("https://files.example/")) == (303, True)


def test_a_file_that_no_case_takes_is_asked_for_again(browser: Browser) -> None:
    number = browser.air.registered()
    browser.sign_in("lin")
    fields = Forms(browser.get(f"/desk/cases/{number}/attach?lang=en")).found[-1][1]
    back = browser.air.world.uploads.send(fields, b"MZ a program")  # type: ignore[attr-defined]  # in memory
    answer = browser.get(back)
    assert (answer.status_code, "must be of one of these kinds" in text(answer)) == (422, True)


def test_a_complainant_cannot_bring_in_what_staff_began_nor_staff_theirs(browser: Browser) -> None:
    number = browser.air.registered()
    begun = browser.air.post(
        f"/v1/complaints/{number}/attachments?phone_tail=8000", described(SAMPLES["image/jpeg"], "a.jpg", "image/jpeg")
    ).json_body
    browser.air.world.uploads.send(begun["fields"], SAMPLES["image/jpeg"])  # type: ignore[attr-defined]  # in memory
    browser.sign_in("lin")
    assert browser.get(f"/desk/cases/{number}/attached?file={begun['id']}").status_code == 404


def test_the_words_of_a_case_are_shown_and_never_run(browser: Browser) -> None:
    number = browser.air.registered(content={"summary": EVIL, "details": EVIL})
    browser.air.act(number, "add_note", by="lin", note=EVIL)
    page = opened(browser, number, "lin").body.decode()
    assert "<script" not in page
    assert EVIL in unescape(page)


def test_no_field_of_the_page_shows_what_is_for_others(browser: Browser) -> None:
    number = browser.air.registered(confidential=True)
    for person in ("gao", "hou", "root"):
        page = opened(browser, number, person).body.decode()
        for personal in ("李女士", "13800138000", "1-405"):
            assert personal not in page


def test_the_history_says_who_did_what_and_who_was_told(browser: Browser) -> None:
    number = browser.air.registered()
    browser.air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    said = text(opened(browser, number, "lin")).rpartition("History")[2]
    assert said.index("Send the form") < said.index("Registered" if "Registered" in said else "Told:")
    for shown in ("林一", "Told:", "then at:"):
        assert shown in said


def test_other_cases_of_the_customer_are_linked(browser: Browser) -> None:
    earlier, number = browser.air.registered(), browser.air.registered()
    page = opened(browser, number, "lin").body.decode()
    assert f'href="../../desk/cases/{earlier}?lang=en"' in page


def test_a_form_with_many_fields_is_read(browser: Browser) -> None:
    number = browser.air.registered()
    _, fields = Forms(opened(browser, number, "lin")).doing("add_note")
    many = {**fields, **{f"f.note.{n}": "" for n in range(200)}, "f.note": "x"}
    sent = browser.air.call(
        "POST", f"/desk/cases/{number}", raw=urlencode(many).encode(),
        headers={"Content-Type": FORM, "Cookie": f"__Host-session={browser.cookies['__Host-session']}"},
    )  # fmt: skip
    assert sent.status_code == 303


def test_the_acknowledgement_is_printed_for_whoever_is_in_charge_and_that_is_recorded(browser: Browser) -> None:
    number = browser.air.registered()
    browser.sign_in("lin")
    token = browser.token()
    printed = browser.post(f"/desk/cases/{number}/acknowledgement", token=token, lang="en")
    assert printed.status_code == 200
    assert browser.air.world.links.code(number) in printed.body.decode().replace(" ", "")
    assert browser.air.stores.cases.history(ORG, number)[-1].kind == "printed"
    browser.sign_in("gao")
    refused = browser.post(f"/desk/cases/{number}/acknowledgement", token=browser.token(), lang="en")
    assert (refused.status_code, "is for whoever took the complaint in" in text(refused)) == (403, True)


def test_the_forms_of_a_case_are_there_to_be_printed(browser: Browser) -> None:
    number = browser.air.registered()
    page = opened(browser, number, "lin")
    papers = re.findall(r'href="([^"]+/forms/\w+)', page.body.decode())
    assert papers
    for paper in papers:
        printed = browser.get("/" + paper.removeprefix("../../"))
        assert printed.status_code == 200
        assert "<script" not in printed.body.decode()
        assert printed.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert browser.get(f"/desk/cases/{number}/forms/nonsense").status_code == 404


def test_taken_in_by_staff_it_lies_with_them(browser: Browser) -> None:
    number = browser.air.post("/v1/complaints", complaint(), by="lin").json_body["number"]
    page = browser.follow(browser.sign_in("lin"))
    assert number in text(page)
