"""What the words in a letter stand for: in this case (or period of a duty), for this recipient, in their language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from chalicelib.desk.complaint import CUSTOMER, Complaint, Message
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wallclock import on_the_wall
from chalicelib.desk.words import said
from chalicelib.messaging import phrases
from chalicelib.reports.period import said_days

SETTING = "setting."
"""What a word begins with that stands for a setting of the site: `{setting.hotline}`."""


class BadLetter(Exception):  # the letter is bad, not the program
    """A letter that cannot be written as it stands; the text names the word, never a value."""


class Enclosure(Struct, frozen=True):
    """What a letter carries within it, as text and as HTML: a report that was issued."""

    text: str = ""
    html: str = ""


class Vocabulary(Struct, frozen=True, kw_only=True):
    """Words by name. `case` is None for a duty; `recipient` is a name, empty where unknown or not to be said."""

    message: Message
    desk: Desk
    case: Complaint | None
    language: str
    recipient: str = ""
    tracking_url: str = ""
    desk_url: str = ""
    report: Enclosure = Enclosure()

    def __getitem__(self, word: str) -> str:
        """What the word stands for, perhaps nothing. BadLetter where there is none such, or not for the recipient."""
        if word in WORDS:
            return WORDS[word](self)
        setting, spoken = word.removeprefix(SETTING), self.desk.procedure.spoken
        if word.startswith(SETTING) and setting in spoken:
            return spoken[setting] or ""
        entry = self.desk.procedure.fields.get(word)
        if entry is None:
            raise BadLetter(f"there is no word {word!r}")
        if self.message.to == CUSTOMER and entry.seen_by != "customer":
            raise BadLetter(f"{word!r} is for staff alone")
        if self.case is None:
            return ""
        return self.answer(entry, self.case.taken(self.message.task).get(word, self.case.values.get(word)))

    def answer(self, entry: Field, value: Any) -> str:
        """An answer in words; in a confidential case nothing that says who complains."""
        if entry.tells_who and self.case and self.case.confidential:
            return self.phrase("withheld")
        match value:
            case None:
                return ""
            case {"unknown": _}:
                return self.phrase("unknown")
            case {"kept": _}:
                return self.phrase("withheld")
            case list() if entry.type == "table":
                return str(len(value))
            case list():
                return self.phrase("and").join(self.answer(entry, one) for one in value)
        return self._one(entry, value)

    def _one(self, entry: Field, value: Any) -> str:
        match entry.type:
            case "yes_no" | "tick":
                return self.phrase("yes" if value in ("yes", True) else "no")
            case "choice" | "choices":
                return said(entry.choices.get(value, {}), self.language) or str(value)
            case "instant":
                return self.instant(datetime.fromisoformat(value) if isinstance(value, str) else value)
            case "date":
                return phrases.day(date.fromisoformat(str(value)), self.language, self.this_year)
            case "person" | "people" | "signatures":
                return self.person(value)
            case "department":
                unit = self.desk.organisation.departments.get(value)
                return said(unit.name, self.language) if unit else str(value)
        return str(value)

    @property
    def zone(self) -> str:
        """The time zone of the site."""
        return self.desk.site.zone

    @property
    def this_year(self) -> int:
        """The year in which the letter is written."""
        return on_the_wall(self.zone, self.message.at).year

    def phrase(self, name: str) -> str:
        """A word of the desk's own."""
        return phrases.phrases(self.language)[name]

    def person(self, id: str) -> str:
        """The name of a member of staff."""
        known = self.desk.organisation.staff.get(id)
        return known.name if known else ""

    def instant(self, at: datetime) -> str:
        """An instant on the site's clock."""
        return phrases.instant(at, self.zone, self.language, self.this_year)

    def title(self) -> str:
        """The duty's, or the procedure's."""
        duty = self.desk.procedure.duties.get(self.message.duty)
        return said(duty.title if duty else self.desk.procedure.title, self.language)

    def clock(self) -> str:
        """The title of the clock that the letter is about; a duty is its own clock."""
        clock = self.desk.procedure.clocks.get(self.message.clock.partition("@")[0])
        return said(clock.title, self.language) if clock else self.title() if self.message.duty else ""

    def stage(self) -> str:
        """The stage the case was at when the letter was born."""
        stage = self.desk.procedure.stages.get(self.message.stage or (self.case.stage if self.case else ""))
        return said(stage.title, self.language) if stage else ""

    def due(self) -> str:
        """When the clock ends; empty where there is no limit."""
        due = self.message.due or (self.case.promised_at if self.case and self.message.to == CUSTOMER else None)
        return phrases.limit(due, self.zone, self.language, self.this_year) if due else ""

    def owner(self) -> str:
        """Whom the case lies with: a person, else a department, else a role."""
        if self.case is None:
            return ""
        owner = self.case.owner
        unit, role = self.desk.organisation.departments.get(owner.department), self.desk.procedure.roles.get(owner.role)
        return self.person(owner.person) or said(unit.name if unit else role.title if role else {}, self.language)


WORDS: dict[str, Callable[[Vocabulary], str]] = {
    "number": lambda v: v.message.number,
    "title": Vocabulary.title,
    "stage": Vocabulary.stage,
    "due": Vocabulary.due,
    "clock": Vocabulary.clock,
    "owner": Vocabulary.owner,
    "recipient": lambda v: v.recipient or v.phrase("customer"),
    "site": lambda v: said(v.desk.site.name, v.language),
    "org_name": lambda v: said(v.desk.organisation.name, v.language),
    "summary": lambda v: v.case.summary if v.case else "",
    "tracking_url": lambda v: v.tracking_url,
    "desk_url": lambda v: v.desk_url,
    "received_at": lambda v: v.instant(v.case.received_at) if v.case else "",
    "round": lambda v: str(v.case.round) if v.case else "",
    "period": lambda v: said_days(v.message.period, v.language),
    "report": lambda v: v.report.text,
}
"""Every word that is no field of the procedure."""
