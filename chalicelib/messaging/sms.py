"""Text messages by Amazon SNS.

SNS does not send text messages in the AWS China regions, and numbers of mainland China are reached only with
templates registered there. So a sender is offered the letter's name and its words besides the text; one that works
by registered templates, SNS or another provider, sends those.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.messaging.aws import ONCE, client, verdict
from chalicelib.ports import Sent, Undeliverable

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

REFUSED = frozenset({"InvalidParameter", "InvalidParameterValue", "OptedOut", "ValidationError"})
"""What SNS says of one number or text; its other errors are about the account or the moment."""

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@runtime_checkable
class TemplateSender(Protocol):
    """A sender that can say a letter by a registered template."""

    def send_template(self, to: str, template: str, words: Mapping[str, str], text: str, reference: str) -> Sent:
        """`template` names the letter and language, such as `late.zh-Hans`; `text` is it filled in with `words`."""


class SmsSender:
    """Sends transactional messages. `templates`: letter and language to the id its template is registered under."""

    def __init__(self, sender_id: str = "", templates: Mapping[str, str] | None = None) -> None:
        self.sender_id = sender_id
        self.templates = templates or {}

    @cached_property
    def client(self) -> "SNSClient":
        """Built at the first message: most functions send none."""
        made: SNSClient = client("sns", ONCE)
        return made

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:  # noqa: ARG002 # one port
        """One `Publish` of `text`; a text message has no subject. Raises Undeliverable or TryLater."""
        return self._publish(to, text, "")

    def send_template(self, to: str, template: str, words: Mapping[str, str], text: str, reference: str) -> Sent:  # noqa: ARG002 # one port
        """The same, marked with the registered id where the letter has one: SNS compares text and template."""
        return self._publish(to, text, self.templates.get(template, ""))

    def _publish(self, to: str, text: str, template_id: str) -> Sent:
        if not E164.fullmatch(to):
            raise Undeliverable("NotE164")
        marks = {
            "AWS.SNS.SMS.SMSType": "Transactional",
            "AWS.SNS.SMS.SenderID": self.sender_id,
            "AWS.MM.SMS.TemplateId": template_id,
        }
        attributes: dict[str, MessageAttributeValueTypeDef] = {
            name: {"DataType": "String", "StringValue": value} for name, value in marks.items() if value
        }
        try:
            answer = self.client.publish(PhoneNumber=to, Message=text, MessageAttributes=attributes)
        except (BotoCoreError, ClientError) as error:
            raise verdict(error, REFUSED) from None
        return Sent(answer["MessageId"])
