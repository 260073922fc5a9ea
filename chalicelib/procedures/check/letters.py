"""Letters: each is there in each language, says only what is known and may be said, and fits as a text message."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from msgspec import Struct, field

from chalicelib.desk.procedure import Procedure, Words
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem
from chalicelib.procedures.reading import LANGUAGES

WORD = re.compile(r"\{([^{}]*)\}")
OF_A_CLOCK = frozenset({"due", "clock"})

INSTANT = {"zh-Hans": "2026年11月22日17:30", "zh-Hant": "2026年11月22日17:30", "en": "22 Nov 2026 17:30"}
FILLS = {
    "number": "2" * 14,
    "round": "9",
    "period": "2" * 24,
    "report": "文" * 2000,  # it has its place in mails alone
    "owner": "文" * 12,
    "recipient": "文" * 12,
    "site": "文" * 12,
    "org_name": "文" * 12,
    "summary": "文" * 20,
    "tracking_url": "u" * (30 + len("/track?number=&token=") + 14 + 32),
    "desk_url": "u" * (30 + len("/desk/cases/") + 14),
}
"""What a word is assumed to be at its longest: a public address has 30 characters, a name 12. The desk cuts fields,
titles and summaries at 20 in a text message; titles and choices are taken as they are where they are shorter."""

WORDS = frozenset({*FILLS, "due", "received_at", "title", "stage", "clock"})
"""Every word that is no field."""

CUT = 20
TWO_PARTS, TWO_PLAIN_PARTS = 134, 306
PLAIN = re.compile(r"[\n -Z_a-z]*")  # what GSM 03.38 and ASCII share, each one unit long


class Uses(Struct):
    """How a letter is used."""

    to_customer: bool = False
    by_rung: bool = False
    by_action: bool = False
    by_opening: bool = False
    by_duty: bool = False
    clocks: set[str] = field(default_factory=set)


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:
    """Read every letter that the procedure lists."""
    uses = _uses(procedure)
    return [problem for name in procedure.letters for problem in _letter(procedure, compiled, name, uses[name])]


def unsent(procedure: Procedure, shared: Collection[str]) -> list[Problem]:
    """The letters that nothing sends, besides those that every procedure has: the desk itself sends some of these."""
    uses = _uses(procedure)
    return [
        Problem(f"letters.{name}", f'Nothing sends the letter "{name}": no action, no rung and no duty.')
        for name in procedure.letters
        if name not in uses and name not in shared
    ]


def _uses(procedure: Procedure) -> dict[str, Uses]:
    uses: dict[str, Uses] = defaultdict(Uses)
    for action in procedure.actions.values():
        for send in action.sends:
            use = uses[send.letter]
            use.by_opening |= "new" in action.at
            use.by_action |= "new" not in action.at
            use.to_customer |= "customer" in send.to
    for name, clock in procedure.clocks.items():
        for rung in clock.ladder:
            use = uses[rung.letter or ("due_soon" if rung.minutes < 0 else "late")]
            use.by_rung = True
            use.clocks.add(name)
            use.to_customer |= "customer" in rung.tell
    for duty in procedure.duties.values():
        for rung in duty.ladder:
            uses[rung.letter or ("summary_due" if rung.minutes < 0 else "summary_late")].by_duty = True
    uses["acknowledgement"].to_customer = True  # the desk itself shows it to the complainant
    for name in ("summary_due", "summary_late", "summary_issued"):
        uses[name].by_duty = True
    return uses


def _letter(procedure: Procedure, compiled: Compiled, name: str, use: Uses) -> Iterator[Problem]:
    texts = compiled.letters.get(name, {})
    for language in LANGUAGES:
        where = f"letters.{name}.{language}"
        if language not in texts:
            yield Problem(where, f'The letter "{name}" is not written in {language}.')
            continue
        text = texts[language]
        empty = [part for part in ("subject", "sms", "body") if not text.get(part, "").strip()]
        if empty:
            yield Problem(where, f'The letter "{name}" has no {" and no ".join(empty)}.')
        known = True
        for word in dict.fromkeys(WORD.findall("\n".join(text.values()))):
            for wrong in _wrong_word(procedure, word, use):
                known = False
                yield Problem(where, wrong)
        if known:
            yield from _too_long(procedure, text.get("sms", ""), language, use, where)


def _wrong_word(procedure: Procedure, word: str, use: Uses) -> Iterator[str]:
    entry = procedure.fields.get(word)
    if word.startswith("setting."):
        return  # see `settings`
    if word not in WORDS and entry is None:
        yield f"{{{word}}} is no word that the desk or a field can fill."
    elif entry is not None and word not in WORDS and entry.apart:
        yield f"{{{word}}} says who complains and is kept apart: no letter can hold it."
    elif entry is not None and word not in WORDS and entry.seen_by_roles:
        yield f"{{{word}}} is for a few of the staff: no letter can hold it."
    elif entry is not None and word not in WORDS and use.to_customer and entry.seen_by != "customer":
        yield f"{{{word}}} is for staff alone: the field is not `seen_by: customer`, and a customer gets this letter."
    elif word in OF_A_CLOCK and use.by_action and not use.by_rung:
        yield f"{{{word}}} is empty here: an action sends this letter, and only a rung of a ladder has a clock."
    elif word == "clock" and use.by_opening and not use.by_rung:
        yield "{clock} is empty here: this letter belongs to no clock."
    elif word == "period" and not use.by_duty:
        yield "{period} is empty here: a duty alone has a period, and writes summary_due, summary_late, summary_issued."


def _too_long(procedure: Procedure, sms: str, language: str, use: Uses, where: str) -> Iterator[Problem]:
    longest = {word: _longest(procedure, word, language, use) for word in dict.fromkeys(WORD.findall(sms))}
    text = WORD.sub(lambda found: longest[found[1]], sms)
    units = len(text.encode("utf-16-le")) // 2
    most = TWO_PLAIN_PARTS if PLAIN.fullmatch(text) else TWO_PARTS
    if units > most:
        counted = ", ".join(f"{{{word}}} {len(filled)}" for word, filled in longest.items())
        said = f"With everything filled in it takes {units} characters; two text messages hold {most}."
        yield Problem(f"{where}.sms", f"{said} Counted are {counted}." if counted else said)


def _longest(procedure: Procedure, word: str, language: str, use: Uses) -> str:
    """The longest that a word can be in a text message."""
    entry = procedure.fields.get(word)
    match word:
        case "clock" if use.clocks:
            return _of([procedure.clocks[name].title for name in use.clocks], language)
        case "stage":
            return _of([stage.title for stage in procedure.stages.values()], language)
        case "title" if not use.by_duty:
            return _of([procedure.title], language)
        case "title":
            return _of([duty.title for duty in procedure.duties.values()], language)
        case "due" | "received_at":
            return INSTANT[language]
    if entry is not None and entry.choices and entry.type == "choice":
        return _of(list(entry.choices.values()), language)
    if entry is not None and entry.type in ("instant", "date"):
        return INSTANT[language]
    return FILLS.get(word, "文" * CUT)


def _of(titles: list[Words], language: str) -> str:
    return max((words.get(language, "")[:CUT] for words in titles), key=_weight, default="")


def _weight(text: str) -> tuple[bool, int]:
    return (not PLAIN.fullmatch(text), len(text))
