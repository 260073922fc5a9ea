"""Where a mail lies, by the event that tells of it."""

from typing import Any
from urllib.parse import unquote_plus

SETUP = "AMAZON_SES_SETUP_NOTIFICATION"
"""What SES puts into a bucket when a rule is made for it."""


def keys_in(event: dict[str, Any]) -> list[str]:
    """The keys of the mails that an event of S3 names, or an event of a receipt rule of SES.

    >>> keys_in({"Records": [{"s3": {"object": {"key": "inbound/a%2Bb"}}}]})
    ['inbound/a+b']
    """
    found = []
    for record in event["Records"]:
        if "ses" in record:
            action = record["ses"]["receipt"].get("action", {})
            key = action.get("objectKey") or "inbound/" + record["ses"]["mail"]["messageId"]
        else:
            key = unquote_plus(record["s3"]["object"]["key"])
        if key.rpartition("/")[2] != SETUP:
            found.append(key)
    return found
