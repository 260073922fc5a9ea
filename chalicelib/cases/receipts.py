"""What the complainant reads at once: the procedure's own acknowledgement, as its letter says it."""

from chalicelib.cases.desks import Desks
from chalicelib.cases.track import Links
from chalicelib.desk.complaint import CUSTOMER, Complaint, Message
from chalicelib.messaging.letters import as_sms
from chalicelib.messaging.vocabulary import Vocabulary

ACKNOWLEDGEMENT = "acknowledgement"
"""Every procedure has this letter: the common ones carry it."""


class Receipts:
    """Receipts, with what they need of the world."""

    def __init__(self, *, desks: Desks, links: Links) -> None:
        self._desks, self._links = desks, links

    def acknowledgement(self, case: Complaint) -> str:
        """The short text of the letter, in the complaint's language; empty where the procedure has none."""
        desk = self._desks.of(case)
        texts = self._desks.compiled(desk).letters.get(ACKNOWLEDGEMENT)
        if texts is None:
            return ""
        # A letter never sent: what is read off the screen is the same as what would come by text message.
        message = Message(
            id="", org=case.org, number=case.number, letter=ACKNOWLEDGEMENT, channel="sms", to=CUSTOMER,
            at=case.registered_at, due=case.promised_at, stage=case.stage, site=case.site,
        )  # fmt: skip
        url = self._links.tracking(case.org, case.number)
        words = Vocabulary(message=message, desk=desk, case=case, language=case.language, tracking_url=url)
        return as_sms(texts, words).text
