"""E-mail by Amazon SES, API version 2."""

from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.messaging.aws import ONCE, client, verdict
from chalicelib.ports import Sent

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

REFUSED = frozenset({"BadRequestException", "MessageRejected"})
"""What SES says of one message; its other errors are about the account, the sending domain or the moment."""

TAG = "reference"
LONGEST_TAG = 256
"""Characters of a tag's value (SES)."""


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
                        # Out-of-office replies would come back in as complaints (RFC 3834).
                        "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
                    }
                },
                ConfigurationSetName=self.configuration_set,
                EmailTags=[{"Name": TAG, "Value": reference}] if len(reference) <= LONGEST_TAG else [],
            )
        except (BotoCoreError, ClientError) as error:
            raise verdict(error, REFUSED) from None
        return Sent(answer["MessageId"])
