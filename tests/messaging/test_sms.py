"""Text messages by SNS, on moto."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from chalicelib.messaging.sms import SmsSender, TemplateSender
from chalicelib.ports import TryLater, Undeliverable

pytestmark = pytest.mark.usefixtures("aws")
TO = "+8613800000009"


def attributes_of(sender: SmsSender) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    sender.client.meta.events.register("provide-client-params.sns.Publish", lambda params, **_: asked.update(params))
    return asked


def test_a_text_goes_to_the_number_as_a_transactional_message() -> None:
    sender = SmsSender(sender_id="Desk")
    asked = attributes_of(sender)
    sent = sender.send(TO, "", "投诉已答复", "", "ref")
    [(id, (number, text))] = sns_backends[DEFAULT_ACCOUNT_ID]["ap-southeast-1"].sms_messages.items()
    assert (sent.provider_id, number, text) == (id, TO, "投诉已答复")
    assert {name: value["StringValue"] for name, value in asked["MessageAttributes"].items()} == {
        "AWS.SNS.SMS.SMSType": "Transactional",
        "AWS.SNS.SMS.SenderID": "Desk",
    }


def test_a_letter_with_a_registered_template_says_which() -> None:
    sender = SmsSender(templates={"late.zh-Hans": "TPL-7"})
    assert isinstance(sender, TemplateSender)
    asked = attributes_of(sender)
    sender.send_template(TO, "late.zh-Hans", {"number": "1"}, "投诉1已超时", "ref")
    assert asked["MessageAttributes"]["AWS.MM.SMS.TemplateId"]["StringValue"] == "TPL-7"
    assert asked["Message"] == "投诉1已超时"


@pytest.mark.parametrize("number", ["13800000009", "", "+0123456789", "+86 138 0000 0009", "+1", "+861380000000012345"])
def test_a_number_that_is_not_international_is_undeliverable_without_asking(number: str) -> None:
    with pytest.raises(Undeliverable, match="NotE164"):
        SmsSender().send(number, "", "x", "", "ref")


@pytest.mark.parametrize(
    ("code", "meant"), [("InvalidParameter", Undeliverable), ("OptedOut", Undeliverable), ("Throttled", TryLater)]
)
def test_only_what_sns_says_of_this_number_is_final(code: str, meant: type[Exception]) -> None:
    sender = SmsSender()

    def fail(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": TO}}, "Publish")

    sender.client.meta.events.register("before-call.sns.Publish", fail)
    with pytest.raises(meant) as caught:
        sender.send(TO, "", "x", "", "ref")
    assert str(caught.value) == code
