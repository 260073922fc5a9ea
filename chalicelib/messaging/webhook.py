"""Letters to another system: a POST signed by Standard Webhooks."""

from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import msgspec
from standardwebhooks import Webhook

from chalicelib.messaging.reference import Reference
from chalicelib.ports import Sent, TryLater, Undeliverable

SECONDS = 5
PASSING = frozenset({408, 425, 429})
"""Statuses below 500 that say nothing against the message."""


class _NoRedirects(HTTPRedirectHandler):
    """A redirect could lead a signed letter to where nobody allowed it."""

    def redirect_request(self, *_: object) -> None:
        return None


class WebhookSender:
    """`secret_of` gives an organisation's signing secret (`whsec_...`); `clock` the time that is signed."""

    def __init__(self, secret_of: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self.secret_of = secret_of
        self.clock = clock
        self.opener = build_opener(ProxyHandler({}), _NoRedirects())

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:  # noqa: ARG002 # one port
        """One POST to the address `to`, https alone (http on 127.0.0.1). Raises Undeliverable or TryLater.

        `webhook-id` is the reference, the same at a second try, so that the receiver can tell a repetition.
        """
        if not allowed(to):
            raise Undeliverable("NotHttps")
        now = self.clock()
        body = msgspec.json.encode(
            {"type": "letter", "timestamp": now, "data": {"reference": reference, "subject": subject, "text": text}}
        )
        signature = Webhook(self.secret_of(Reference.decode(reference).org)).sign(reference, now, body.decode())
        headers = {
            "content-type": "application/json",
            "user-agent": "redress",
            "webhook-id": reference,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        try:
            request = Request(to, data=body, headers=headers, method="POST")  # noqa: S310 # `allowed` saw its scheme
            with self.opener.open(request, timeout=SECONDS):
                return Sent(reference)
        except HTTPError as error:
            with error:
                code = f"HTTP{error.code}"
                final = error.code < 500 and error.code not in PASSING
            raise (Undeliverable if final else TryLater)(code) from None
        except URLError as error:
            raise TryLater("NoAnswer" if isinstance(error.reason, TimeoutError) else "Unreachable") from None
        except (OSError, HTTPException):
            raise TryLater("NoAnswer") from None


def allowed(address: str) -> bool:
    """Whether a letter may go there.

    >>> allowed("https://crm.example/hook"), allowed("http://crm.example/hook"), allowed("http://127.0.0.1:8/hook")
    (True, False, True)
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host == "127.0.0.1"))
