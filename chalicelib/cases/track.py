"""What the complainant may see of their case, and how they prove that it is theirs."""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.cases.customers import phone_tail_matches
from chalicelib.cases.desks import Desks
from chalicelib.cases.limits import ByNumber, Limits
from chalicelib.cases.numbers import heard
from chalicelib.cases.views import Promise, Shown, Tracked
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import NotFound
from chalicelib.desk.facts import instant, is_given
from chalicelib.desk.wording import in_words
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore, Unavailable, WrongProofs

MOST_WRONG = 10
"""After so many wrong proofs of a number in an hour its phone tail and its query code prove nothing until the hour is
over: of the ten thousand tails nobody gets through more than a few."""

NOBODY = "-"
"""No organisation's id."""

NO_SUCH = "There is no complaint with this number and this proof."
"""Said of a wrong number and of a wrong proof alike."""


def until(seconds: float, counted: Callable[[], float], sleep: Callable[[float], None]) -> Callable[[], None]:
    """Waits, when it is called, until so many seconds have passed since it was made."""
    end = counted() + seconds

    def wait() -> None:
        if (left := end - counted()) > 0:
            sleep(left)

    return wait


class Links:
    """Public addresses. A tracking link carries its proof: it goes to the complainant alone."""

    def __init__(self, public_url: str, key: bytes) -> None:
        self._public_url, self._key = public_url.rstrip("/"), key

    def token(self, number: str) -> str:
        """The proof for a number: nobody without the desk's secret can make it."""
        return hmac.new(self._key, number.encode(), hashlib.sha256).hexdigest()[:32]

    def is_token(self, number: str, token: str) -> bool:
        """Whether it is that number's, compared without telling by time how far they agree."""
        return hmac.compare_digest(self.token(number).encode(), token.encode())

    def code(self, number: str) -> str:
        """The query code of a number, eight digits: a proof that can be said on the phone and written on paper."""
        return f"{int(hmac.new(self._key, f'code {number}'.encode(), hashlib.sha256).hexdigest(), 16) % 10**8:08d}"

    def is_code(self, number: str, code: str) -> bool:
        """Whether it is that number's, however it was spaced."""
        digits = "".join(c for c in code if c not in " -")
        return hmac.compare_digest(self.code(number).encode(), digits.encode())

    def tracking(self, org: str, number: str) -> str:  # noqa: ARG002 # the port's; numbers are unique among organisations
        """Where the complainant follows the case."""
        return f"{self._public_url}/track?{urlencode({'number': number, 'token': self.token(number)})}"

    def desk(self, org: str, number: str) -> str:  # noqa: ARG002 # the port's; staff sign in to their own organisation
        """The case at the desk; with number "" the desk itself."""
        return f"{self._public_url}/desk/cases/{number}" if number else f"{self._public_url}/desk"


class Track:
    """Tracking, with what it needs of the world."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, links: Links, wrong_proofs: WrongProofs, limits: Limits,
        clock: Callable[[], datetime], even: Callable[[], Callable[[], None]],
    ) -> None:  # fmt: skip
        """`even` begins the time that looking at a wrong proof takes, whatever was looked up for it: of a confidential
        case the phone is unsealed first, and nobody is to learn from that time that there is one.
        """
        self._cases, self._desks, self._links = cases, desks, links
        self._wrong_proofs, self._limits, self._clock, self._even = wrong_proofs, limits, clock, even

    def proved(
        self, number: str, *, phone_tail: str, token: str, code: str = "", source: str = "",
        limit: ByNumber = "reading",
    ) -> Complaint:  # fmt: skip
        """The case of a number whose proof holds: the link's token, the query code, or the phone's last four digits.

        `source` is the address that the call comes from; what it wants to do is of that `limit`.

        Raises NotFound, in the same words whether the number or the proof is wrong, or was too often; TooMany.
        A token cannot be guessed: a right one is held to the limit of its own case alone, whatever others tried.
        """
        known = heard(number)
        if known is None or not (phone_tail or token or code):
            raise NotFound(NO_SUCH)
        if token and self._links.is_token(known, token):
            self._limits.by_number(limit, known)
            case = self._of_number(known)
        elif code or not token:
            self._limits.by_source("proof", source)
            wait = self._even()
            case = self._guessed(known, phone_tail, code, limit)
            if case is None:
                wait()
        else:
            case = None
        if case is None:
            raise NotFound(NO_SUCH)
        return case

    def _guessed(self, number: str, tail: str, code: str, limit: ByNumber) -> Complaint | None:
        """By a proof short enough to be guessed. It counts as a wrong one before it is looked at: of however many that
        come at once no more are looked at than of those that come one by one.
        """
        now = self._clock()
        if not self._wrong_proofs.begin(number, now, MOST_WRONG):
            return None
        org = self._cases.org_of(number) or NOBODY  # of a number that there is not as much is read as of any other
        if code:
            right = self._links.is_code(number, code)
        else:
            right = phone_tail_matches(self._cases.identity(org, number), tail)
        if not right:
            return None
        with suppress(Unavailable):  # then it stays counted until the hour is over
            self._wrong_proofs.was_right(number, now)
        self._limits.by_number(limit, number)
        return self._cases.load(org, number)

    def _of_number(self, number: str) -> Complaint | None:
        org = self._cases.org_of(number)
        return self._cases.load(org, number) if org else None

    def __call__(self, case: Complaint, language: str) -> Tracked:
        """The case in the complainant's words; what is for staff is not in it."""
        desk = self._desks.of(case)
        procedure, seen = desk.procedure, []
        promises = []
        for name, entry in procedure.fields.items():
            value = case.values.get(name)
            if entry.seen_by != "customer" or not is_given(value):
                continue
            at = instant(value) if entry.type == "instant" else None
            if at is not None:
                promises.append(Promise(title=said(entry.title, language), at=at))
            else:
                seen.append(Shown(title=said(entry.title, language), value=in_words(desk, entry, value, language)))
        return Tracked(
            number=case.number,
            org=case.org,
            site=said(desk.site.name, language),
            status=case.status,
            stage=said(procedure.stages[case.stage].title, language),
            received_at=case.received_at,
            language=case.language,
            summary=case.summary,
            promised_reply_at=case.promised_at,
            promises=sorted(promises, key=lambda promise: promise.at),
            shown=seen,
            replies=case.replies,
            closed_at=case.closed_at,
        )
