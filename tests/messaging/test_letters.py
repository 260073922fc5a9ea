"""Letters in the reader's language, with nothing evaluated and nothing that is not for the reader."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.desk.complaint import CUSTOMER, Complaint, TaskRun
from chalicelib.desk.rulebook import Desk
from chalicelib.messaging.letters import as_mail, as_sms, fill, one_line, sms_parts
from chalicelib.messaging.vocabulary import WORDS, BadLetter, Vocabulary
from tests.fakes.post_office import CASE, World, message

DUE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def desk() -> Desk:
    return World().office.desks.of(CASE)


def vocabulary(to: str = CUSTOMER, language: str = "zh-Hans", case: Complaint | None = CASE, **more: Any) -> Vocabulary:
    fields = {"due": DUE, "clock": "answer_in", **more}
    return Vocabulary(
        message=message("late", to, **fields),
        desk=desk(),
        case=case,
        language=language,
        recipient="李女士",
        tracking_url="https://desk.example/track/1?a=1&b=2",
        desk_url="https://desk.example/desk/1",
    )


def texts(body: str = "", subject: str = "x", sms: str = "", language: str = "zh-Hans") -> dict[str, dict[str, str]]:
    return {language: {"subject": subject, "sms": sms, "body": body}}


def said(template: str, **more: Any) -> str:
    return as_mail(texts(template), vocabulary(**more)).text


WORDS_OF_THE_CASE = vocabulary()


# words


@pytest.mark.parametrize(
    ("word", "chinese", "english"),
    [
        ("number", "20261122-4711-8", "20261122-4711-8"),
        ("title", "投诉办法", "Complaints"),
        ("stage", "处理中", "Open"),
        ("due", "11月22日17:30", "22 Nov 17:30"),
        ("clock", "24小时内答复", "Answer within 24 hours"),
        ("owner", "王芳", "王芳"),
        ("recipient", "李女士", "李女士"),
        ("site", "总部", "Main"),
        ("org_name", "丙公司", "Company C"),
        ("summary", "电梯停运", "电梯停运"),
        ("tracking_url", "https://desk.example/track/1?a=1&b=2", "https://desk.example/track/1?a=1&b=2"),
        ("desk_url", "https://desk.example/desk/1", "https://desk.example/desk/1"),
        ("received_at", "11月22日09:00", "22 Nov 09:00"),
        ("round", "1", "1"),
        ("period", "", ""),
    ],
)
def test_every_word_is_said_in_the_readers_language(word: str, chinese: str, english: str) -> None:
    assert vocabulary()[word] == chinese
    assert vocabulary(language="en")[word] == english


def test_in_a_letter_about_a_task_a_word_is_what_the_task_took() -> None:
    case = replace(CASE, tasks={"visit-1": TaskRun(task="visit", opened=DUE, takes={"answer": "周二上门"})})
    assert vocabulary(case=case, task="visit-1")["answer"] == "周二上门"
    assert (vocabulary(case=case)["answer"], vocabulary(case=case, task="visit-2")["answer"]) == ("已修复", "已修复")


def test_every_word_of_the_guide_is_there() -> None:
    guide = "number title stage due clock owner recipient site org_name summary tracking_url desk_url received_at round"
    assert set(guide.split()) <= set(WORDS)


def test_a_duty_has_every_word_too() -> None:
    of_duty = vocabulary(
        "wang", case=None, number="", duty="weekly", period="2026-11-01..2026-11-30", clock="", stage=""
    )
    words = {word: of_duty[word] for word in WORDS}
    assert (words["title"], words["clock"], words["period"], words["summary"]) == ("周报", "周报", "2026年11月", "")
    assert of_duty["answer"] == ""


@pytest.mark.parametrize(
    ("period", "chinese", "english"),
    [
        ("2026-11-17..2026-11-23", "2026-11-17至2026-11-23", "2026-11-17 to 2026-11-23"),
        ("2026-11-29..2026-11-29", "2026-11-29", "2026-11-29"),
        ("2026-07-01..2026-09-30", "2026年第3季度", "Quarter 3 of 2026"),
    ],
)
def test_the_period_of_a_duty_is_said_in_words(period: str, chinese: str, english: str) -> None:
    of_duty = {"case": None, "number": "", "duty": "weekly", "period": period, "clock": "", "stage": ""}
    assert vocabulary("wang", **of_duty)["period"] == chinese
    assert vocabulary("wang", language="en", **of_duty)["period"] == english


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        ("2026-11-22T17:30:00+08:00", "11月22日17:30"),
        ("2026-11-23T00:00:00+08:00", "11月22日24:00"),
        ("2027-01-01T00:00:00+08:00", "12月31日24:00"),
        ("2027-01-04T09:00:00+08:00", "2027年1月4日09:00"),
    ],
)
def test_a_limit_at_midnight_ends_the_day_before_and_another_year_is_said(due: str, shown: str) -> None:
    assert vocabulary(due=datetime.fromisoformat(due))["due"] == shown


def test_a_clock_of_one_task_has_the_clocks_title() -> None:
    assert vocabulary(clock="answer_in@visit-2")["clock"] == "24小时内答复"


def test_without_a_person_the_department_is_the_owner_and_without_it_the_role() -> None:
    def owner(**more: str) -> str:
        return vocabulary(case=replace(CASE, owner=replace(CASE.owner, **more)))["owner"]

    assert owner(person="") == "电梯部"
    assert owner(person="", department="") == "专员"
    assert owner(person="", department="", role="") == ""


# fields


@pytest.mark.parametrize(
    ("field", "value", "chinese", "english"),
    [
        ("answer", "已修复", "已修复", "已修复"),
        ("answer", None, "", ""),
        ("answer", {"unknown": "不记得"}, "不详", "unknown"),
        ("car", "京A12345", "京A12345", "京A12345"),
        ("visit", "2026-11-23T01:00:00Z", "11月23日09:00", "23 Nov 09:00"),
        ("by_day", "2026-11-23", "11月23日", "23 Nov"),
        ("ours", "yes", "是", "yes"),
        ("ours", "no", "否", "no"),
        ("kinds", ["lift", "water"], "电梯、供水", "Lift, Water"),
        ("who", ["wang", "zhao"], "王芳、赵强", "王芳, 赵强"),
        ("unit", "lifts", "电梯部", "Lifts"),
        ("parts", [{"name": "a"}, {"name": "b"}], "2", "2"),
    ],
)
def test_an_answer_is_said_as_people_say_it(field: str, value: Any, chinese: str, english: str) -> None:
    case = replace(CASE, values={field: value} if value is not None else {})
    assert vocabulary(case=case)[field] == chinese
    assert vocabulary(case=case, language="en")[field] == english


def test_a_letter_to_the_customer_refuses_what_only_staff_may_see() -> None:
    case = replace(CASE, values={"finding": "内部结论"})
    with pytest.raises(BadLetter, match="'finding' is for staff alone"):
        said("{finding}", case=case)
    assert said("{finding}", to="wang", case=case) == "内部结论"


def test_a_confidential_case_shows_nobody_what_says_who_complains() -> None:
    case = replace(CASE, confidential=True, values={"car": "京A12345"})
    assert said("{car}", to="wang", case=case) == "（保密）"


# filling in


@pytest.mark.parametrize(
    "template",
    ["{nonsense}", "{__class__}", "{number.x}", "{number!r}", "{}", "{number", "number}", "{{number}}", "{Number}"],
)
def test_what_is_no_word_is_refused(template: str) -> None:
    with pytest.raises(BadLetter):
        said(template)


@given(st.text())
def test_what_is_filled_in_is_never_read_as_a_template(value: str) -> None:
    assert fill("<{a}|{b}>", {"a": value, "b": "{a}"}.__getitem__) == f"<{value}|{{a}}>"


def test_a_letter_falls_back_to_simplified_chinese_words_and_all() -> None:
    mail = as_mail(texts("{stage}，{due}"), vocabulary(language="en"))
    assert mail.text == "处理中，11月22日17:30"
    assert '<html lang="zh-Hans">' in mail.html


def test_a_letter_without_the_language_or_simplified_chinese_is_refused() -> None:
    with pytest.raises(BadLetter, match="no text"):
        as_mail(texts("x", language="en"), vocabulary(language="zh-Hant"))


# mail


def test_html_is_escaped_and_in_paragraphs_and_only_our_own_addresses_become_links() -> None:
    case = replace(CASE, summary="<script>alert(1)</script> & https://evil.example")
    html = as_mail(texts("{summary}\n下一行\n\n{tracking_url}", subject="<{number}>"), vocabulary(case=case)).html
    assert "<script>" not in html
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; https://evil.example<br>下一行</p>" in html
    assert '<a href="https://desk.example/track/1?a=1&amp;b=2">' in html
    assert "<title>&lt;20261122-4711-8&gt;</title>" in html


@given(st.text())
def test_a_subject_has_one_line_whatever_is_filled_in(summary: str) -> None:
    case = replace(CASE, summary=summary)
    subject = as_mail(texts(subject="【{number}】{summary}"), replace(WORDS_OF_THE_CASE, case=case)).subject
    assert subject.isprintable()
    assert len(subject) < 100


def test_a_subject_written_with_a_line_break_is_refused() -> None:
    with pytest.raises(BadLetter, match="line break"):
        as_mail(texts(subject="a\nBcc: b"), vocabulary())


# text messages


def test_a_text_message_is_one_line_in_which_long_words_are_cut_but_numbers_and_addresses_are_not() -> None:
    case = replace(CASE, summary="电梯\n停运" * 30)
    sms = as_sms(texts(sms="投诉{number}：{summary}，详见{tracking_url}"), vocabulary(case=case))
    assert sms.text == (
        "投诉20261122-4711-8：电梯 停运电梯 停运电梯 停运电梯 停…，详见https://desk.example/track/1?a=1&b=2"
    )
    assert sms.words["number"] == "20261122-4711-8"
    assert len(sms.words["summary"]) == 20


def test_a_letter_without_a_text_for_messages_says_its_subject() -> None:
    assert as_sms(texts(subject="【{number}】已转"), vocabulary()).text == "【20261122-4711-8】已转"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1), ("投" * 70, 1), ("投" * 71, 2), ("投" * 134, 2), ("投" * 135, 3),
        ("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2), ("x" * 152 + "€" + "x" * 20, 2), ("x" * 159 + "投", 3),
        ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 66, 2), ("😀" * 67, 3),
    ],
)  # fmt: skip
def test_parts_are_counted_as_phone_networks_count_them(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert one_line(line) == line
