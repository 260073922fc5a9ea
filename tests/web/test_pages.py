"""The pages that a complainant opens."""

import json
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib.cases.track import MOST_WRONG
from chalicelib.desk.errors import Conflict
from chalicelib.desk.explain import ClockState
from chalicelib.desk.hours import WEEKDAYS
from chalicelib.procedures.traditional import traditional
from chalicelib.web.page import FORM, PAGES, TEMPLATES
from chalicelib.web.pages import OPINIONS, REACHED_BY
from chalicelib.web.phrases import WORDS
from infra.package import own_files
from tests.web.air import ORG, Air, on_air, organisation

Logged = Callable[[], list[dict[str, Any]]]
EVIL = '"><script>alert(1)</script>{{ 7*7 }}'


def send(air: Air, path: str, *, source: str = "127.0.0.1", **fields: str) -> HTTPResponse:
    """Submit a form."""
    return air.call("POST", path, raw=urlencode(fields).encode(), headers={"Content-Type": FORM}, source=source)


def text(answer: HTTPResponse) -> str:
    """What a reader sees of a page."""
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", answer.body.decode(), flags=re.S)))


class Fields(HTMLParser):
    """The fields of the form that posts, with what is in them."""

    def __init__(self, answer: HTTPResponse) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._story = ""
        self.feed(answer.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("input", "textarea") and (said.get("type") not in ("checkbox", "radio") or "checked" in said):
            self.found[str(said["name"])] = said.get("value") or ""
        self._story = str(said["name"]) if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._story:
            self.found[self._story] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._story = ""


def tracked(air: Air, number: str, **more: str) -> HTTPResponse:
    return air.get("/track?" + urlencode({"number": number, "phone_tail": "8000", **more}))


def test_the_link_of_a_letter_opens_the_case(air: Air) -> None:
    number = air.registered()
    link = air.world.links.tracking(ORG, number)
    assert link.startswith("https://desk.example/track?")
    answer = air.get(link.removeprefix("https://desk.example"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for shown in (number, "Received", "23 Nov 09:00", "电梯停运", "30 Nov 24:00", "It was received"):
        assert shown in text(answer)


def test_the_phone_tail_opens_it_too(air: Air) -> None:
    assert tracked(air, air.registered()).status_code == 200


def test_without_anything_there_is_a_form_that_leads_to_the_case(air: Air) -> None:
    number = air.registered()
    answer = air.get("/track")
    assert answer.status_code == 200
    assert set(Fields(answer).found) == {"lang", "number", "phone_tail", "code"}
    assert tracked(air, number, lang="en").status_code == 200


def test_a_page_shows_nothing_that_is_for_staff_and_not_who_complains(air: Air) -> None:
    number = air.registered()
    air.act(number, "add_note", by="shen", note="内部意见")
    for hidden in ("内部意见", "李女士", "13800138000", "林一"):
        assert hidden not in tracked(air, number).body.decode()


def test_wrong_number_and_wrong_proof_are_one_page(air: Air) -> None:
    number, other = air.registered(), "261123-0000025"
    token = air.world.links.token(other)
    answers = [
        air.get(f"/track?number={number}&phone_tail=0000"),
        air.get(f"/track?number={other}&phone_tail=8000"),
        air.get(f"/track?number={number}&token={token}"),
        air.get(f"/track?number={other}&token={token}"),
        air.get(f"/track?number={number}"),
        air.get("/track?number=nonsense&phone_tail=8000"),
        send(air, "/track", number=number, phone_tail="0000", text="x"),
        send(air, "/track", number=other, phone_tail="8000", text="x"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1
    assert "The number or the proof is not right." in text(answers[0])


def test_wrong_proofs_are_counted_until_the_right_tail_opens_nothing(air: Air) -> None:
    number = air.registered()
    for tail in range(MOST_WRONG):
        air.get(f"/track?number={number}&phone_tail={tail:04}")
    assert tracked(air, number).status_code == 404
    air.wait(hours=1)
    assert tracked(air, number).status_code == 200


def test_a_message_is_added_and_the_browser_led_back_to_the_case(air: Air) -> None:
    number = air.registered()
    form = Fields(tracked(air, number)).found
    answer = send(air, "/track", **{**form, "text": "今天又停了\r\n还没修"})
    assert (answer.status_code, answer.body) == (303, b"")
    assert answer.headers["Location"] == f"https://desk.example/track?number={number}&phone_tail=8000&lang=en"
    back = air.get(answer.headers["Location"].removeprefix("https://desk.example"))
    assert "今天又停了\n还没修" in text(back)
    assert air.get(f"/v1/tickets/{number}", by="shen").json_body["replies"][0]["text"] == "今天又停了\n还没修"


def test_the_same_message_sent_twice_is_one(air: Air) -> None:
    number = air.registered()
    for _ in range(2):
        assert send(air, "/track", number=number, phone_tail="8000", text="又停了").status_code == 303
    assert len(air.get(f"/v1/tickets/{number}", by="shen").json_body["replies"]) == 1


def test_an_empty_message_is_refused_beside_its_field(air: Air) -> None:
    answer = send(air, "/track", number=air.registered(), phone_tail="8000", text=" ")
    assert answer.status_code == 422
    assert 'id="text-wrong">is required' in answer.body.decode()


def test_a_message_that_is_too_long_is_kept_in_the_form(air: Air) -> None:
    answer = send(air, "/track", number=air.registered(), phone_tail="8000", text="长" * 10_001)
    assert answer.status_code == 422
    assert Fields(answer).found["text"] == "长" * 10_001


def test_what_is_said_is_shown_and_never_run(air: Air) -> None:
    number = air.registered(content={"summary": EVIL, "details": EVIL})
    send(air, "/track", number=number, phone_tail="8000", text=EVIL)
    page = tracked(air, number).body.decode()
    assert "<script" not in page
    assert EVIL in unescape(page)


@pytest.mark.parametrize(("method", "path"), sorted(PAGES))
def test_every_page_runs_nothing_foreign_and_leaks_no_address(air: Air, method: str, path: str) -> None:
    answer = air.get(path) if method == "GET" else send(air, path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert isinstance(answer.body, bytes)
    assert "<script" not in answer.body.decode()


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [(b"\xff", FORM, 400), (b"a=%ff", FORM, 400), (b"a=1&" * 51, FORM, 400), (b"x" * 300_000, FORM, 413),
     (b"{}", "application/json", 415)],
)  # fmt: skip
def test_what_is_no_form_is_refused_with_a_page(air: Air, raw: bytes, kind: str, status: int) -> None:
    answer = air.call("POST", "/track", raw=raw, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("asked", "chosen", "language", "title"),
    [
        ("fr", "", "zh-Hans", "查询投诉进度"),
        ("zh-TW", "", "zh-Hant", "查詢投訴進度"),
        ("en", "", "en", "Follow your complaint"),
        ("en", "zh-Hant", "zh-Hant", "查詢投訴進度"),
        ("en", "xx", "en", "Follow your complaint"),
    ],
)
def test_a_page_speaks_the_language_asked_for_or_chosen(
    air: Air, asked: str, chosen: str, language: str, title: str
) -> None:
    answer = air.get(f"/track?lang={chosen}", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in answer.body.decode()
    assert answer.headers["Content-Language"] == language
    assert title in text(answer)


def test_another_language_keeps_the_case_open(air: Air) -> None:
    number = air.registered()
    page = tracked(air, number).body.decode()
    assert f"?number={number}&phone_tail=8000&lang=zh-Hant" in unescape(page)


def test_nothing_personal_is_logged_of_a_page(air: Air, logged: Logged) -> None:
    number = air.registered()
    send(air, "/track", number=number, phone_tail="8000", text="电梯又停了")
    air.get(f"/track?number={number}&phone_tail=0000")
    lines = json.dumps(logged(), ensure_ascii=False)
    for personal in ("李女士", "13800138000", "电梯", "8000", air.world.links.token(number)):
        assert personal not in lines


def test_a_failure_of_ours_is_a_page_that_tells_nothing(air: Air, logged: Logged) -> None:
    air.world.track = None  # type: ignore[assignment]  # broken on purpose
    answer = air.get("/track?number=261123-0000017&phone_tail=8000")
    assert answer.status_code == 500
    assert "It was noted." in text(answer)
    [line] = logged()
    assert (line["level"], line["route"], line["exception_name"]) == ("ERROR", "/track", "AttributeError")


def test_traditional_words_are_the_simplified_ones_converted() -> None:
    for file in ("pages", "desk"):
        for words in json.loads((WORDS / f"{file}.json").read_text("utf-8")).values():
            assert words["zh-Hant"] == traditional(words["zh-Hans"])


def test_every_word_of_the_pages_is_there_and_used() -> None:
    used = {
        name for path in TEMPLATES.glob("*.html") for name in re.findall(r'\bw\("(\w+)"[,)]', path.read_text("utf-8"))
    }
    put_together = {*REACHED_BY, *WEEKDAYS, *OPINIONS, "by_desk", "by_customer"}
    beside_forms = {"sent_before", "try_again", "once_more", "too_many"}
    at_the_desk = {"late", "due_now", "due_today", "due_tomorrow", "nobodys"}
    at_the_desk |= {"changed_meanwhile", "was_done", "taken_in_before"}
    at_the_desk |= {f"clock_{state}" for state in get_args(ClockState)}
    public, staff = (set(json.loads((WORDS / f"{file}.json").read_text("utf-8"))) for file in ("pages", "desk"))
    assert not public & staff
    assert used | put_together | beside_forms | at_the_desk | {"languages"} == public | staff


def at_the_revisit(air: Air) -> str:
    """A complaint that waits for what its complainant thinks of the answer."""
    number = air.registered()
    case = air.stores.cases.memory.heads[ORG, number]
    air.stores.cases.memory.heads[ORG, number] = replace(case, status="revisit")  # which the page goes by
    return number


def test_at_the_revisit_the_page_asks_whether_they_are_satisfied_and_for_three_opinions(air: Air) -> None:
    number = at_the_revisit(air)
    assert {"process", "measures", "result", "text"} <= set(Fields(tracked(air, number)).found)
    said = {"satisfied": "no", "process": "太慢", "result": "没修好"}
    answer = send(air, "/track", number=number, phone_tail="8000", measures="", text="", **said)
    assert answer.status_code == 303
    assert air.stores.cases.history(ORG, number)[-1].answers == said


def test_before_the_revisit_it_does_not_ask(air: Air) -> None:
    assert "satisfied" not in tracked(air, air.registered()).body.decode()


def test_an_odd_answer_to_the_revisit_is_refused_beside_its_field(air: Air) -> None:
    answer = send(
        air, "/track", number=at_the_revisit(air), phone_tail="8000", satisfied="maybe", process="长" * 10_001
    )
    assert answer.status_code == 422
    assert {"satisfied-wrong", "process-wrong"} <= set(
        re.findall(r'<p class="wrong" id="([\w-]+)"', answer.body.decode())
    )


class Busy:
    """Stands for a case that somebody else always changes first."""

    def write(self, *_: object) -> None:
        raise Conflict


def test_when_the_desk_was_faster_what_was_typed_is_kept_to_be_sent_again(air: Air) -> None:
    number = air.registered()
    air.world.act = Busy()  # type: ignore[assignment]  # stands for it
    answer = send(air, "/track", number=number, phone_tail="8000", text="又停了")
    assert answer.status_code == 409
    assert "Please send it once more." in text(answer)
    assert Fields(answer).found["text"] == "又停了"


def test_templates_and_style_are_in_the_package() -> None:
    shipped = {name for _, name in own_files()}
    assert {f"chalicelib/web/templates/{Path(path).name}" for path in TEMPLATES.iterdir()} <= shipped


def test_the_start_page_says_what_this_is_and_where_a_complaint_is_followed(air: Air) -> None:
    answer = air.get("/")
    assert answer.status_code == 200
    assert "Organisations take complaints here" in text(answer)
    assert set(Fields(answer).found) == {"lang", "number", "phone_tail", "code"}


def test_an_organisations_page_says_how_to_reach_it_and_shows_no_address_for_machines() -> None:
    one = organisation()
    contact = {"phone": "400-000-0001", "email": "service@c.example", "address": "示例路1号", "webhook": "https://in.c"}
    hours = {"mon": [("09:00", "12:00"), ("13:30", "18:00")], "sat": [("09:00", "17:00")]}
    site = replace(one.sites["main"], contact=contact, hours=hours)
    with on_air(replace(one, sites={"main": site})) as air:
        answer = air.get(f"/?org={ORG}")
        page = unescape(answer.body.decode())
        assert answer.status_code == 200
        for shown in (
            "400-000-0001",
            "service@c.example",
            "示例路1号",
            "Mon 09:00–12:00  13:30–18:00",
            "Sat 09:00–17:00",
        ):
            assert shown in text(answer)
        assert 'href="complain?org=c-company&site=main&lang=en"' in page
        assert 'href="track?lang=en"' in page
        assert "https://in.c" not in page


@pytest.mark.parametrize("org", ["nobody", "A%20B", "x" * 3000])
def test_an_unknown_organisation_has_no_page(air: Air, org: str) -> None:
    assert air.get(f"/?org={org}").status_code == 404
