"""E-mail by Amazon SES, API version 2."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.messaging.aws import ONCE, client, verdict
from chalicelib.messaging.reference import Reference
from chalicelib.ports import Sent

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import MessageHeaderTypeDef

REFUSED = frozenset({"BadRequestException", "MessageRejected"})
"""What SES says of one message; its other errors are about the account, the sending domain or the moment."""

TAG = "reference"
LONGEST_TAG = 256
"""Characters of a tag's value (SES)."""


LOOP = "X-Redress-Loop"
"""A header of every letter: what carries it and comes in was passed on by a program."""

THREAD = re.compile(r"<([0-9-]{5,20})\.case@([a-z0-9.-]{1,255})>")
"""The id that all letters about a case refer to, so that mail programs show them together and answers name the case.
No letter has it as its own: SES gives each another."""

_ID = re.compile(r"<[!-;=?-~]{1,250}>")


def thread_of(number: str, domain: str) -> str:
    """
    >>> thread_of("261122-5019700", "desk.example")
    '<261122-5019700.case@desk.example>'
    """
    return f"<{number}.case@{domain}>"


@runtime_checkable
class ThreadSender(Protocol):
    """A sender whose letters can be answers to a mail."""

    def answer(self, thread: str, to: str, subject: str, text: str, html: str, reference: str) -> Sent:
        """As `send`; `thread` is the id of the mail that is answered."""


class EmailSender:
    """Sends from one verified address; `configuration_set` is the one whose events come back to `record_delivery`."""

    def __init__(self, from_address: str, configuration_set: str) -> None:
        self.from_address = from_address
        self.configuration_set = configuration_set

    @cached_property
    def client(self) -> "SESV2Client":
        """Built at the first letter: most functions send none."""
        made: SESV2Client = client("sesv2", ONCE)
        return made

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:
        """A letter that answers no mail. Raises Undeliverable or TryLater."""
        return self.answer("", to, subject, text, html, reference)

    def answer(self, thread: str, to: str, subject: str, text: str, html: str, reference: str) -> Sent:
        """One `SendEmail`. `reference` becomes the message tag of that name. Raises Undeliverable or TryLater.

        A reference too long for a tag (ids of well over a hundred characters) is left out: a letter without
        feedback is better than none.
        """
        try:
            answer = self.client.send_email(
                FromEmailAddress=self.from_address,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": text, "Charset": "UTF-8"},
                            "Html": {"Data": html, "Charset": "UTF-8"},
                        },
                        "Headers": self._headers(thread, reference),
                    }
                },
                ConfigurationSetName=self.configuration_set,
                EmailTags=[{"Name": TAG, "Value": reference}] if len(reference) <= LONGEST_TAG else [],
            )
        except (BotoCoreError, ClientError) as error:
            raise verdict(error, REFUSED) from None
        return Sent(answer["MessageId"])

    def _headers(self, thread: str, reference: str) -> "list[MessageHeaderTypeDef]":
        """That a machine sent it, so that no machine answers (RFC 3834), and what it belongs to (RFC 5322, 3.6.4)."""
        domain = self.from_address.rpartition("@")[2].strip("> ").lower()
        answers = [thread] if _ID.fullmatch(thread) else []
        try:
            number = Reference.decode(reference).number
        except ValueError:  # of no message of ours
            number = ""
        known = [*answers, *([thread_of(number, domain)] if number else [])]
        return [
            {"Name": "Auto-Submitted", "Value": "auto-generated"},
            {"Name": LOOP, "Value": domain},
            *({"Name": "In-Reply-To", "Value": id} for id in answers),  # type: ignore[list-item]  # names and values
            *([{"Name": "References", "Value": " ".join(known)}] if known else []),  # type: ignore[list-item]  # as above
        ]
