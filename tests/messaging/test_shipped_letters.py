"""Every letter that ships can be written to whom it is sent, and fits two text messages with everything filled in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import chalicelib.procedures
from chalicelib.desk.calendar import Calendar
from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.messaging.letters import as_mail, as_sms, sms_parts
from chalicelib.messaging.vocabulary import Vocabulary
from chalicelib.procedures.letter_files import read_letters
from chalicelib.procedures.load import available, load
from tests.fakes.post_office import CASE, NOW, ORGANISATION, message

FOLDER = Path(chalicelib.procedures.__file__).parent / "letters"
LINK = "https://desk.example.com/track/20261122-4711-8?token=abcdefghijklmnop"


def full(procedure: Procedure) -> Complaint:
    """A case in which every text is as long as people make it."""
    long = {name: "电" * 300 for name, field in procedure.fields.items() if field.type in ("text", "long")}
    return replace(CASE, procedure=procedure.id, summary="电" * 300, values=long, stage=max(procedure.stages, key=len))


def to_customer(procedure: Procedure) -> set[str]:
    """The letters that some action or ladder sends to the complainant."""
    sent = {send.letter for action in procedure.actions.values() for send in action.sends if CUSTOMER in send.to}
    told = {rung.letter for clock in procedure.clocks.values() for rung in clock.ladder if CUSTOMER in rung.tell}
    return sent | told


def vocabularies(procedure: Procedure, letter: str) -> Iterator[Vocabulary]:
    site = ORGANISATION.sites["main"]
    desk = Desk(organisation=ORGANISATION, site=site, calendar=Calendar(), rulebook=Rulebook(procedure))
    longest = max(procedure.clocks, key=lambda clock: len(procedure.clocks[clock].title["zh-Hans"]), default="")
    for to in ["wang", CUSTOMER] if letter in to_customer(procedure) else ["wang"]:
        for language in ("zh-Hans", "zh-Hant", "en"):
            yield Vocabulary(
                message=message(letter, to, clock=longest, due=NOW, stage="", period="2026-11-17..2026-11-23"),
                desk=desk, case=full(procedure), language=language, recipient="欧阳女士",
                tracking_url=LINK, desk_url=LINK,
            )  # fmt: skip


@pytest.mark.parametrize("procedure_id", sorted(available()))
def test_every_letter_can_be_written_and_fits_two_text_messages(procedure_id: str) -> None:
    procedure = load(procedure_id).bind({})
    letters = read_letters(FOLDER, procedure_id, procedure.letters)
    written = 0
    for name, texts in letters.items():
        for words in vocabularies(procedure, name) if texts else ():
            mail, sms = as_mail(texts, words), as_sms(texts, words)
            assert all((mail.subject, mail.text.strip(), mail.html)), (name, words.language)
            assert sms_parts(sms.text) <= 2, (name, words.language, sms.text)
            written += 1
    assert written
