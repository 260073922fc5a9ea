"""What a mail's own headers tell of it: whether a machine sent it, and what the mail service found when it took it.

Whoever sends a mail writes its headers, but the service puts its own above them: of each that counts, the first is
the service's. Sources: RFC 3834 (automatic responses), RFC 3464 (bounces), RFC 8601 (`Authentication-Results`), and
"Email receiving" in the Amazon SES developer guide (`X-SES-Spam-Verdict`, `X-SES-Virus-Verdict`).
"""

import re
from collections.abc import Callable

from msgspec import Struct

from chalicelib.messaging.email import LOOP
from chalicelib.messaging.inbound.headers import addresses_in, read

_ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=-].*)?@.*", re.IGNORECASE)
_BULK = frozenset({"bulk", "auto_reply", "auto-reply", "list", "junk"})
_SUBJECT = re.compile(
    r"\s*[\[【(]?\s*(?:自动回复|自動回覆|自動回復|自动答复|外出自动回复|系统退信|退信通知"
    r"|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|undeliver(?:ed|able)|delivery status notification"
    r"|returned mail|mail delivery failed|abwesenheitsnotiz)\s*(?:[\]】)]|[:：]|\(|$).*",
    re.IGNORECASE,
)

Header = Callable[[str], list[str]]
"""All values of a header, first to last, as they stood in the mail."""


class Verdicts(Struct, frozen=True, kw_only=True):
    """What the service found, in small letters; empty where it did not say."""

    spam: str = ""
    virus: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""

    @property
    def forged(self) -> bool:
        """Whether the sender's own domain disowns it: DMARC failed, or without it both SPF and DKIM did."""
        return self.dmarc == "fail" or (not self.dmarc and self.spf in ("fail", "softfail") and self.dkim != "pass")

    def __str__(self) -> str:
        """As `spam=pass dkim=fail`, what was not looked at left out."""
        return " ".join(f"{name}={value}" for name in self.__struct_fields__ if (value := getattr(self, name)))


def verdicts(header: Header) -> Verdicts:
    """What the mail service found."""
    results = _first(header, "Authentication-Results")

    def method(name: str) -> str:
        found = re.search(rf"(?:^|[;\s]){name}\s*=\s*([a-z]{{1,20}})", results, re.IGNORECASE)
        return found[1].lower() if found else ""

    return Verdicts(
        spam=_word(_first(header, "X-SES-Spam-Verdict")), virus=_word(_first(header, "X-SES-Virus-Verdict")),
        spf=method("spf"), dkim=method("dkim"), dmarc=method("dmarc"),
    )  # fmt: skip


def automatic(header: Header, own_addresses: frozenset[str]) -> str:
    """By which sign a machine sent it, such as `Auto-Submitted`; empty where nothing says so."""
    submitted = _word(_first(header, "Auto-Submitted"))
    if submitted and submitted != "no":
        return "Auto-Submitted"
    if _first(header, LOOP):
        return LOOP
    returned = header("Return-Path")[:1]
    if returned and returned[0].strip().replace(" ", "") == "<>":
        return "Return-Path"
    sender = (addresses_in(_first(header, "From")) or [""])[0]
    if sender and (sender in own_addresses or _ROBOTS.fullmatch(sender)):
        return "From"
    if _word(_first(header, "Precedence")) in _BULK:
        return "Precedence"
    for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Autoresponder"):
        if _first(header, name).strip():
            return name
    if _first(header, "Content-Type").lower().lstrip().startswith("multipart/report"):
        return "Content-Type"
    suppressed = _first(header, "X-Auto-Response-Suppress").strip().lower()
    if suppressed and suppressed != "none":
        return "X-Auto-Response-Suppress"
    return "Subject" if _SUBJECT.fullmatch(read(_first(header, "Subject"))) else ""


def is_certain(sign: str) -> bool:
    """Whether only machines give this sign; the others are looked over by somebody.

    >>> is_certain("Auto-Submitted"), is_certain("Subject")
    (True, False)
    """
    return sign not in ("Subject", "X-Auto-Response-Suppress", "List-Unsubscribe")


def _first(header: Header, name: str) -> str:
    found = header(name)
    return found[0][:5_000] if found else ""


def _word(value: str) -> str:
    found = re.match(r"\s*([A-Za-z_-]{1,30})", value)
    return found[1].lower() if found else ""
