"""E-mail by SES, on moto; errors of SES by a stubbed client."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sesv2.models import sesv2_backends

from chalicelib.messaging.email import EmailSender
from chalicelib.ports import TryLater, Undeliverable

pytestmark = pytest.mark.usefixtures("aws")
LETTER = ("li@customer.example", "【1】答复", "李女士：已修复", "<p>李女士：已修复</p>", "cmVmZXJlbmNl_-")


@pytest.fixture
def sender() -> EmailSender:
    boto3.client("sesv2").create_email_identity(EmailIdentity="desk@desk.example")
    return EmailSender("desk@desk.example", "redress")


def test_a_mail_goes_out_with_text_html_and_the_reference_as_its_tag(sender: EmailSender) -> None:
    asked: dict[str, Any] = {}
    sender.client.meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: asked.update(params)
    )
    sent = sender.send(*LETTER)
    [mail] = sesv2_backends[DEFAULT_ACCOUNT_ID]["ap-southeast-1"].core_backend.sent_messages
    assert sent.provider_id == mail.id
    assert mail.destinations["ToAddresses"] == ["li@customer.example"]
    assert (mail.source, mail.subject) == ("desk@desk.example", "【1】答复")
    assert asked["Content"]["Simple"]["Body"]["Text"]["Data"] == "李女士：已修复"
    assert asked["Content"]["Simple"]["Body"]["Html"]["Data"] == "<p>李女士：已修复</p>"
    assert asked["EmailTags"] == [{"Name": "reference", "Value": "cmVmZXJlbmNl_-"}]
    assert asked["ConfigurationSetName"] == "redress"


def test_a_mail_says_that_a_machine_sent_it_so_that_no_machine_answers(sender: EmailSender) -> None:
    asked: dict[str, Any] = {}
    sender.client.meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: asked.update(params)
    )
    sender.send(*LETTER)
    assert {"Name": "Auto-Submitted", "Value": "auto-generated"} in asked["Content"]["Simple"]["Headers"]


def test_a_reference_too_long_for_a_tag_does_not_stop_the_letter(sender: EmailSender) -> None:
    asked: dict[str, Any] = {}
    sender.client.meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: asked.update(params)
    )
    sender.send(*LETTER[:-1], "x" * 257)
    assert asked["EmailTags"] == []


def test_the_client_is_built_once_and_asks_once(sender: EmailSender) -> None:
    assert sender.client is sender.client
    config = sender.client.meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= 10


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "li@customer.example"}}, "SendEmail")


@pytest.mark.parametrize(
    ("error", "meant", "code"),
    [
        (refusal("MessageRejected"), Undeliverable, "MessageRejected"),
        (refusal("BadRequestException"), Undeliverable, "BadRequestException"),
        (refusal("TooManyRequestsException"), TryLater, "TooManyRequestsException"),
        (refusal("SendingPausedException"), TryLater, "SendingPausedException"),
        (refusal("AccessDeniedException"), TryLater, "AccessDeniedException"),
        (refusal(""), TryLater, "Unnamed"),
        (ReadTimeoutError(endpoint_url="https://ses"), TryLater, "NoAnswer"),
        (ConnectionClosedError(endpoint_url="https://ses"), TryLater, "NoAnswer"),
        (EndpointConnectionError(endpoint_url="https://ses"), TryLater, "Unreachable"),
    ],
)
def test_only_what_ses_says_of_this_very_mail_is_final(
    sender: EmailSender, error: Exception, meant: type[Exception], code: str
) -> None:
    def fail(**_: object) -> None:
        raise error

    sender.client.meta.events.register("before-call.sesv2.SendEmail", fail)
    with pytest.raises(meant) as caught:
        sender.send(*LETTER)
    assert str(caught.value) == code


def test_a_letter_that_cannot_even_be_asked_for_is_undeliverable(sender: EmailSender) -> None:
    with pytest.raises(Undeliverable, match="ParamValidation"):
        sender.send(None, *LETTER[1:])  # type: ignore[arg-type]  # what no caller should do
