"""Letters and events to another system: a POST signed by Standard Webhooks."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from chalicelib.messaging.outbound import allowed, post
from chalicelib.messaging.reference import Reference
from chalicelib.messaging.signatures import sign
from chalicelib.ports import Sent, Undeliverable

SECONDS = 5
"""For all of it: looking up the name, connecting, and whatever the receiver says."""


class WebhookSender:
    """`secrets_of` gives what an organisation's letters are signed with (`whsec_...`), the newest first; `clock` the
    time that is signed. `local`: addresses of this very machine are taken too.
    """

    def __init__(
        self, secrets_of: Callable[[str], Sequence[str]], clock: Callable[[], datetime], *, local: bool = False
    ) -> None:  # fmt: skip
        self.secrets_of, self.clock, self.local = secrets_of, clock, local

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:  # noqa: ARG002 # one port
        """One POST of a letter. Raises Undeliverable or TryLater.

        `webhook-id` is the reference, the same at a second try, so that the receiver can tell a repetition.
        """
        letter = {"reference": reference, "subject": subject, "text": text}
        body = msgspec.json.encode({"type": "letter", "timestamp": self.clock(), "data": letter})
        secrets = self.secrets_of(Reference.decode(reference).org)
        return self._post(to, secrets, reference, body, "application/json")

    def send_event(self, to: str, secrets: Sequence[str], id: str, body: bytes) -> Sent:
        """See EventSender."""
        return self._post(to, secrets, id, body, "application/cloudevents+json; charset=utf-8")

    def _post(self, to: str, secrets: Sequence[str], id: str, body: bytes, kind: str) -> Sent:
        if not allowed(to, local=self.local):
            raise Undeliverable("NotHttps")
        now = self.clock()
        headers = {
            "content-type": kind,
            "user-agent": "redress",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(sign(secret, id, now, body) for secret in secrets),
        }
        post(to, body, headers, SECONDS, local=self.local)
        return Sent(id)
