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

_ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|bounces?)(?:[+=-].*)?@.*", re.IGNORECASE)
_MUTE = re.compile(r"(?:no-?reply|do-?not-?reply)(?:[+=-].*)?@.*", re.IGNORECASE)
_BULK = frozenset({"bulk", "auto_reply", "auto-reply", "list", "junk"})
_SUBJECT = re.compile(
    r"\s*[\[【(]?\s*(?:自动回复|自動回覆|自動回復|自动答复|外出自动回复|系统退信|退信通知"
    r"|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|undeliver(?:ed|able)|delivery status notification"
    r"|returned mail|mail delivery failed|abwesenheitsnotiz)\s*(?:[\]】)]|[:：]|\(|$).*",
    re.IGNORECASE,
)

NOT_ASKED = ("", "none")
"""What DMARC says of a domain that does not ask for it."""

_SAID_BY_OTHERS = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_SIGNED = re.compile(r"\bdkim\s*=\s*pass\b[^;]*?\bheader\.[id]\s*=\s*(?:[^\s;@]*@)?([^\s;@]+)", re.IGNORECASE)
_POLICY = re.compile(r"(?:^|[;\s])dmarc\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_ENVELOPE = re.compile(r"\b(?:envelope-from|smtp\.mailfrom)\s*=\s*(?:[^\s;@]*@)?([^\s;@]+)", re.IGNORECASE)

Header = Callable[[str], list[str]]
"""All values of a header, first to last, as they stood in the mail."""


class Verdicts(Struct, frozen=True, kw_only=True):
    """What the service found, in small letters; empty where it did not say."""

    spam: str = ""
    virus: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    aligned: bool = False  # what passed SPF or DKIM is of the domain that the mail says it is from

    @property
    def forged(self) -> bool:
        """Whether the sender's own domain disowns it: DMARC failed, or where it asks for none both SPF and DKIM did."""
        disowned = self.spf in ("fail", "softfail") and self.dkim != "pass"
        return self.dmarc == "fail" or (self.dmarc in NOT_ASKED and disowned)

    @property
    def vouched_for(self) -> bool:
        """Whether the sender's own domain stands up for it, or nobody looked at all."""
        if not (self.spf or self.dkim or self.dmarc):
            return True
        return self.dmarc == "pass" or (self.dmarc in NOT_ASKED and self.aligned)

    def __str__(self) -> str:
        """As `spam=pass dkim=fail`, what was not looked at left out."""
        said = {"spam": self.spam, "virus": self.virus, "spf": self.spf, "dkim": self.dkim, "dmarc": self.dmarc}
        return " ".join(f"{name}={value}" for name, value in said.items() if value)


def verdicts(header: Header) -> Verdicts:
    """What the mail service found."""
    # An address among the results may say in quotes whatever its owner likes, a comment too.
    results = _SAID_BY_OTHERS.sub(" ", _first(header, "Authentication-Results"))

    def method(name: str) -> str:
        found = re.search(rf"(?:^|[;\s]){name}\s*=\s*([a-z]{{1,20}})", results, re.IGNORECASE)
        return found[1].lower() if found else ""

    # The verdict on the domain comes last, below what the sender's server said of itself.
    policies = [value.lower() for value in _POLICY.findall(results)]
    dmarc = "fail" if "fail" in policies else policies[-1] if policies else ""
    spf, dkim = method("spf"), method("dkim")
    domains = _SIGNED.findall(results) + (_ENVELOPE.findall(results)[:1] if spf == "pass" else [])
    sender = (addresses_in(_first(header, "From")) or [""])[0].rpartition("@")[2]
    return Verdicts(
        spam=_word(_first(header, "X-SES-Spam-Verdict")), virus=_word(_first(header, "X-SES-Virus-Verdict")),
        spf=spf, dkim=dkim, dmarc=dmarc, aligned=any(_akin(sender, one.lower()) for one in domains),
    )  # fmt: skip


def _akin(domain: str, other: str) -> bool:
    """Whether two domains are one, or one lies within the other (relaxed alignment, RFC 7489 3.1)."""
    return bool(domain and other) and f".{domain}".endswith(f".{other}") | f".{other}".endswith(f".{domain}")


def automatic(header: Header, own_addresses: frozenset[str]) -> str:
    """By which sign a machine sent it, such as `Auto-Submitted`; empty where nothing says so."""
    if _first(header, LOOP):
        return LOOP
    submitted = _word(_first(header, "Auto-Submitted"))
    if submitted and submitted != "no":
        return "Auto-Submitted" if submitted == "auto-replied" else "Auto-Generated"
    returned = header("Return-Path")[:1]
    if returned and returned[0].strip().replace(" ", "") == "<>":
        return "Return-Path"
    if sign := _sender(header, own_addresses):
        return sign
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


def _sender(header: Header, own_addresses: frozenset[str]) -> str:
    sender = (addresses_in(_first(header, "From")) or [""])[0]
    if sender in own_addresses or _ROBOTS.fullmatch(sender):
        return "From"
    return "No-Reply" if _MUTE.fullmatch(sender) else ""


def is_certain(sign: str) -> bool:
    """Whether only what answers by itself gives this sign. The others are looked over by somebody: through a list, a
    form on a page or the platform of an authority people complain too.

    >>> is_certain("Auto-Submitted"), is_certain("Subject"), is_certain("List-Id")
    (True, False, False)
    """
    return sign in ("Auto-Submitted", "Return-Path", "From", "Content-Type", LOOP) or sign.startswith("X-Autore")


def _first(header: Header, name: str) -> str:
    found = header(name)
    return found[0][:5_000] if found else ""


def _word(value: str) -> str:
    found = re.match(r"\s*([A-Za-z_-]{1,30})", value)
    return found[1].lower() if found else ""
