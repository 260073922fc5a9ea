"""Letters belong together: to the mail that they answer, and to their case."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.desk.complaint import Message
from chalicelib.messaging.email import EmailSender, ThreadSender
from chalicelib.messaging.inbound.headers import ids_in
from chalicelib.messaging.inbound.mail import read
from chalicelib.messaging.reference import Reference
from tests.mail.mails import mail

pytestmark = pytest.mark.usefixtures("aws")
REFERENCE = Reference.of(
    Message(id="1", org="c-company", number="261122-5019700", letter="acknowledgement", channel="email", to="customer",
            at=datetime(2026, 11, 22, tzinfo=UTC))
).encode()  # fmt: skip
LETTER = ("li@mail.example", "【261122-5019700】", "您好", "<p>您好</p>")


@pytest.fixture
def sent(aws: None) -> tuple[EmailSender, dict[str, str]]:
    """A sender, and the headers of what it sent."""
    boto3.client("sesv2").create_email_identity(EmailIdentity="desk@desk.example")
    sender, headers = EmailSender("desk@desk.example", "redress"), dict[str, str]()

    def note(params: dict[str, Any], **_: object) -> None:
        headers.update({one["Name"]: one["Value"] for one in params["Content"]["Simple"]["Headers"]})

    sender.client.meta.events.register("provide-client-params.sesv2.SendEmail", note)
    return sender, headers


def test_a_letter_names_its_case_and_where_it_comes_from(sent: tuple[EmailSender, dict[str, str]]) -> None:
    sender, headers = sent
    sender.send(*LETTER, REFERENCE)
    assert headers == {
        "Auto-Submitted": "auto-generated",
        "X-Redress-Loop": "desk.example",
        "References": "<261122-5019700.case@desk.example>",
    }


def test_an_answer_names_the_mail_that_it_answers(sent: tuple[EmailSender, dict[str, str]]) -> None:
    sender, headers = sent
    assert isinstance(sender, ThreadSender)
    sender.answer("<1@mail.example>", *LETTER, REFERENCE)
    assert headers["In-Reply-To"] == "<1@mail.example>"
    assert ids_in(headers["References"]) == ["<1@mail.example>", "<261122-5019700.case@desk.example>"]
    assert all(len(value) <= 870 for value in headers.values())  # the most that SES takes


@pytest.mark.parametrize(
    "thread", ["", "1@mail.example", "<a\r\nBcc: all@x.example>", "<" + "a" * 900 + ">", "<电梯@x>"]
)
def test_what_is_no_id_is_left_out(sent: tuple[EmailSender, dict[str, str]], thread: str) -> None:
    sender, headers = sent
    sender.answer(thread, *LETTER, REFERENCE)
    assert "In-Reply-To" not in headers


def test_our_own_letter_that_comes_back_is_known_as_such(sent: tuple[EmailSender, dict[str, str]]) -> None:
    sender, headers = sent
    sender.send(*LETTER, REFERENCE)
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    assert read(mail(**named)).automatic == "X-Redress-Loop"
    assert read(mail(Auto_Submitted=headers["Auto-Submitted"])).automatic == "Auto-Generated"
