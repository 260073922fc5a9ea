"""The forms of the nine procedures, filled in from a case."""

from datetime import UTC, datetime
from html import unescape

import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import Identity
from chalicelib.procedures.compile import compile_source, sources
from chalicelib.reports.form_sheets import FormFiller, form_sheet, form_table, names_customer
from chalicelib.reports.printed import page_of_form
from chalicelib.reports.sheets import Entry, FormView
from tests.procedures import workshop
from tests.procedures.playing import Play

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
CALLER = Identity(name="李女士", phone="+8613800138000", plate="粤B12345")


def filled(play: Play, form: str, language: str = "zh-Hans", identity: Identity | None = CALLER) -> FormView:
    return FormFiller(play.desk, play.case, identity, language)(form, play.desk.procedure.forms[form], NOW)


def entries(view: FormView) -> dict[str, Entry]:
    return {entry.head.id: entry for box in view.boxes for entry in box.entries}


@pytest.mark.parametrize(("procedure", "form", "title"), [
    ("w-workshop", "feedback_form", "客户信息反馈处理单"), ("m-property", "follow_up", "客户意见与投诉处理跟进表"),
    ("s-store", "grievance", "顾客抱怨记录表"), ("e-dongnan", "complaint_form", "投诉表"),
    ("p-property", "handling_form", "投诉处理单"), ("c-company", "complaint_form", "客户投诉单"),
    ("h-hospital", "record", "投诉举报受理登记表"), ("t-telephone", "record", "投诉记录"),
    ("n-notice", "contact", "客户来电来件记录"),
])  # fmt: skip
@pytest.mark.rules("E-05", "M-14", "M-51", "P-72", "S-51", "W-52", "C-17", "H-12", "T-20")
def test_every_procedure_has_the_form_that_it_prescribes(procedure: str, form: str, title: str) -> None:
    forms = compile_source(sources()[procedure]).bind({}).forms
    assert forms[form].title["zh-Hans"] == title


@pytest.mark.rules("W-52", "W-54", "W-55", "W-56", "W-60", "W-75")
def test_the_workshops_form_is_filled_in_as_the_case_stands() -> None:
    view = filled(workshop.assessing(), "feedback_form")
    shown = entries(view)
    assert (shown["number"].cell.text, shown["plate"].cell.text) == ("20261102001", "粤B12345")
    assert (shown["customer.name"].head.title, shown["customer.name"].cell.text) == ("投诉人姓名", "李女士")
    assert shown["received_at"].cell.text == "2026-11-02 09:00"
    assert [(option.title, option.ticked) for option in shown["ours"].options] == [("是", True), ("否", False)]
    signed = {one.title: (one.by, one.at) for box in view.boxes for one in box.signatures}
    assert signed["主管总经理"] == (view_name("w.fan"), "2026-11-02")


def view_name(person: str) -> str:
    return workshop.received().desk.organisation.staff[person].name


def test_what_is_not_answered_yet_is_blank_for_a_pen() -> None:
    view = filled(workshop.received(), "feedback_form")
    shown = entries(view)
    assert shown["opinion"].cell.text == ""
    assert shown["responsibility"].options
    assert not any(option.ticked for option in shown["responsibility"].options)
    review = next(box for box in view.boxes if box.title == "管理部复核")
    assert [(one.title, one.by, one.at) for one in review.signatures] == [("管理部", "", "")]
    talk = next(box for box in view.boxes if box.title == "与客户沟通")
    assert [one.title for one in talk.signatures] == ["客户经理", "客户签名"]


@pytest.mark.parametrize(("secrecy", "mark"), [("confidential", "（保密）"), ("anonymous", "（匿名）")])
def test_a_form_of_a_secret_case_never_says_who_complains(secrecy: str, mark: str) -> None:
    play = workshop.assessing()
    play.case = replace(play.case, **{secrecy: True})
    view = filled(play, "feedback_form")
    shown = entries(view)
    assert {shown[name].cell.text for name in ("customer.name", "customer.phone", "plate")} == {mark}
    page = page_of_form(form_sheet(view, "zh-Hans"))
    assert not [secret for secret in ("李女士", "13800138000", "粤B12345") if secret in page]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("procedure", sorted(sources().keys()))
def test_every_form_prints_in_every_language(procedure: str, language: str) -> None:
    play = workshop.assessing() if procedure == "w-workshop" else Play(procedure, "02 09:00", "nobody")
    if procedure != "w-workshop":
        play.case = replace(play.case, stage=next(iter(play.desk.procedure.stages)))
    for id, form in play.desk.procedure.forms.items():
        view = filled(play, id, language)
        assert view.title == form.title[language]
        page = unescape(page_of_form(form_sheet(view, language)))
        assert f"<h1>{view.title}</h1>" in page
        for box in view.boxes:
            assert box.title in page
        table = form_table(view, language)
        assert len(table.lines) == sum(len(box.entries) + len(box.signatures) for box in view.boxes)


def test_a_form_that_does_not_name_the_customer_needs_no_identity() -> None:
    procedures = {name: compile_source(found).bind({}) for name, found in sources().items()}
    desk = Play("h-hospital", "02 09:00", "nobody").desk
    assert not names_customer(desk, procedures["h-hospital"].forms["record"])
    assert names_customer(workshop.received().desk, procedures["w-workshop"].forms["feedback_form"])
