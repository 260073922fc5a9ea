"""What the restaurant chain's own procedure writes and prints, what of it few may see, and its forecast."""

import json

import pytest

from chalicelib.cases.may import hides
from chalicelib.desk.complaint import CUSTOMER, Identity
from chalicelib.messaging.letters import as_mail, as_sms, sms_parts
from chalicelib.procedures.__main__ import main
from chalicelib.reports.cells import Cells
from chalicelib.reports.form_sheets import FormFiller, form_sheet
from chalicelib.reports.printed import page_of_form
from chalicelib.reports.registers import held, lines_of
from tests.messaging.test_shipped_letters import vocabularies
from tests.procedures.own.chain import SOURCE, chain, established, ill, proposed, revisiting, taken
from tests.procedures.playing import Play, at

OWN_LETTERS = sorted(path.name.partition(".")[0] for path in SOURCE.parent.glob(f"letters/{SOURCE.stem}/*.en.md"))


def ready() -> Play:
    """A discount of more than the manager may give, approved."""
    play = proposed(taken(), "02 12:05", remedies=["discount"], discount="300", plan="折让")
    return play.do("02 12:10", "qu", "approve")


def printed(play: Play, language: str) -> str:
    caller = Identity(name="李女士", phone="+8613900139000")
    view = FormFiller(play.desk, play.case, caller, language)(
        "record", play.desk.procedure.forms["record"], at("10 09:00")
    )
    return page_of_form(form_sheet(view, language))


def register(name: str, *plays: Play) -> list[list[str]]:
    kept = plays[0].desk.procedure.registers[name]
    cases = held(kept, [play.case for play in plays])
    lines = lines_of(kept, cases, lambda _case: Cells(plays[0].desk, "zh-Hans"))
    return [[cell.text for cell in line.cells] for line in lines]


@pytest.mark.parametrize("letter", OWN_LETTERS)
def test_its_letters_can_be_written_in_three_languages_and_fit_two_text_messages(letter: str) -> None:
    texts = chain().letters[letter]
    assert set(texts) == {"zh-Hans", "zh-Hant", "en"}
    for words in vocabularies(chain().bind({}), letter):
        mail, sms = as_mail(texts, words), as_sms(texts, words)
        assert all((mail.subject, mail.text.strip(), mail.html))
        assert sms_parts(sms.text) <= 2, sms.text


@pytest.mark.rules("R-03")
@pytest.mark.parametrize(("language", "title", "matter"), [
    ("zh-Hans", "顾客投诉记录单", "上错菜或上菜慢"), ("zh-Hant", "顧客投訴記錄單", "上錯菜或上菜慢"),
    ("en", "Record of a complaint", "Wrong dish or slow service"),
])  # fmt: skip
def test_the_record_of_a_complaint_is_printed(language: str, title: str, matter: str) -> None:
    page = printed(revisiting(), language)
    assert f"<h1>{title}</h1>" in page
    for said in (matter, "李女士", "酸菜鱼", "重做一份", "伍服务员", "梅店长"):
        assert said in page


@pytest.mark.rules("R-21", "R-09", "R-11")
def test_the_register_of_severe_cases_says_what_was_done_and_when() -> None:
    [line] = register("severe", established(), revisiting())
    assert {"酸菜鱼", "2026-11-02 12:50", "区局 吴科长", "已探望", "储存或温控"} <= set(line)


@pytest.mark.rules("R-23")
def test_the_register_of_discounts_holds_discounts_and_refunds_alone() -> None:
    [line] = register("discounts", ready(), revisiting(), ill())
    assert "300.00" in line


@pytest.mark.rules("R-24")
def test_what_the_illness_is_few_may_see_and_no_letter_or_register_says() -> None:
    play = established()
    unseen = {who: hides(play.desk, who, at("03 10:00"))(play.case, "symptoms") for who in play.desk.organisation.staff}
    assert {who for who, hidden in unseen.items() if not hidden} == {"shi", "pin", "mei"}
    procedure, secret = play.desk.procedure, {"symptoms", "diagnosis"}
    assert all(procedure.fields[name].seen_by_roles for name in secret)
    shown = [column for kept in procedure.registers.values() for column in kept.columns]
    shown += [name for form in procedure.forms.values() for section in form.sections for name in section.fields]
    assert not secret & set(shown)
    assert not [name for name, texts in chain().letters.items() for word in secret if f"{{{word}}}" in str(texts)]


def test_no_letter_to_the_guest_says_what_is_for_staff() -> None:
    assert {send.letter for a in chain().bind({}).actions.values() for send in a.sends if CUSTOMER in send.to} == {
        "acknowledgement", "result", "withdrawn",
    }  # fmt: skip


def test_a_year_of_it_can_be_forecast_from_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["simulate", str(SOURCE), "--year", "2026", "--per-week", "1", "--language", "en", "--json"]
    assert main([*asked, "--set", "discount_budget=200", "--versus", "discount_budget=500"]) == 0
    sides = json.loads(capsys.readouterr().out)
    assert [side["settings"] for side in sides] == [{"discount_budget": "200"}, {"discount_budget": "500"}]
    assert [(side["totals"]["complaints"], side["totals"]["standing"]) for side in sides] == [(52, 0), (52, 0)]
