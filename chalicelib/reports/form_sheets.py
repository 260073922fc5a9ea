"""A form of one case (处理单, 记录表): its boxes filled in, to read, to print, to sign.

What is not answered yet stays blank for a pen, and a choice shows all that can be ticked. Who complains stands on it
as the intake took it down, unless the case is confidential or anonymous: then nothing on paper says who.
"""

from datetime import datetime

from chalicelib.desk.complaint import CUSTOMER, Complaint, Identity
from chalicelib.desk.procedure import Field, Form, Section
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import YES_NO, clock_time, name_of
from chalicelib.desk.words import said
from chalicelib.reports.cells import Cells, Hidden
from chalicelib.reports.sheets import Box, Entry, FormSheet, FormView, Option, Signature, Table
from chalicelib.reports.views import Cell, Head
from chalicelib.reports.words import word

IDENTITY = "customer."
WIDE = ("long", "table", "signatures", "file")
LONG, MANY = 30, 4
"""Characters of an answer, and number of choices, for which an entry takes a line of its own."""


def names_customer(desk: Desk, form: Form) -> bool:
    """Whether the form shows who complains."""
    fields = desk.procedure.fields
    named = (name for section in form.sections for name in section.fields)
    return any(name.startswith(IDENTITY) or (name in fields and fields[name].apart) for name in named)


class FormFiller:
    """Fills in the forms of one case, in one language. `identity`: who complains, where the reader may know."""

    def __init__(
        self, desk: Desk, case: Complaint, identity: Identity | None, language: str, hidden: Hidden | None = None
    ) -> None:  # fmt: skip
        self._desk, self._case, self._identity, self._language = desk, case, identity, language
        self._cells = Cells(desk, language, hidden)

    def __call__(self, id: str, form: Form, printed_at: datetime) -> FormView:
        """The form as it stands."""
        desk = self._desk
        return FormView(
            form=id,
            title=said(form.title, self._language),
            number=self._case.number,
            organisation=desk.organisation.id,
            organisation_name=said(desk.organisation.name, self._language),
            site=desk.site.id,
            site_name=said(desk.site.name, self._language),
            zone=desk.calendar.zone,
            printed_at=printed_at,
            boxes=[self._box(section) for section in form.sections],
            rules=form.rules,
        )

    def _box(self, section: Section) -> Box:
        return Box(
            title=said(section.title, self._language),
            entries=[self._entry(name) for name in section.fields],
            signatures=[self._signature(who) for who in section.signed],
        )

    def _entry(self, name: str) -> Entry:
        entry = self._desk.procedure.fields.get(name)
        part = entry.apart if entry else name.removeprefix(IDENTITY) if name.startswith(IDENTITY) else ""
        if part:
            title = said(entry.title, self._language) if entry else self._word("identity", name)
            return Entry(head=Head(id=name, title=title), cell=self._of_customer(part))
        cell, head = self._cells.cell(self._case, name), self._cells.head(name)
        options = self._options(name, entry) if entry else []
        wide = len(cell.text) > LONG or len(options) > MANY or (entry is not None and entry.type in WIDE)
        return Entry(head=head, cell=cell, options=options, wide=wide)

    def _of_customer(self, part: str) -> Cell:
        case = self._case
        if case.confidential or case.anonymous:
            return Cell(text=self._word("marks", "confidential" if case.confidential else "anonymous"), withheld=True)
        return Cell(text=getattr(self._identity, part, "") if self._identity else "")

    def _options(self, name: str, entry: Field) -> list[Option]:
        """What can be ticked, and what is."""
        known = {"choice": entry.choices, "choices": entry.choices, "yes_no": YES_NO, "tick": {"yes": YES_NO["yes"]}}
        given = self._case.values.get(name)
        ticked = given if isinstance(given, list) else [given]
        return [
            Option(said(words, self._language) or id, id in ticked) for id, words in known.get(entry.type, {}).items()
        ]

    def _signature(self, who: str) -> Signature:
        if who == CUSTOMER:
            return Signature(title=self._word("sheet", "customer"))
        procedure, mark = self._desk.procedure, self._case.done.get(who)
        role = next((procedure.roles[r] for r in procedure.actions[who].by if r in procedure.roles), None)
        titled = role is not None and not role.everyone
        title = said(role.title, self._language) if role and titled else self._word("sheet", "handled_by")
        if mark is None:
            return Signature(title=title)
        day = clock_time(mark.at, self._desk.calendar.zone).partition(" ")[0]
        return Signature(title=title, by=name_of(self._desk.organisation, mark.by), at=day)

    def _word(self, group: str, name: str) -> str:
        return word(group, name, self._language)


def form_sheet(view: FormView, language: str) -> FormSheet:
    """The form to print."""
    facts = [
        (word("sheet", "number", language), view.number),
        (word("sheet", "organisation", language), view.organisation_name),
        (word("sheet", "site", language), view.site_name),
        (word("sheet", "printed_at", language), clock_time(view.printed_at, view.zone)),
    ]
    source = (", " if language == "en" else "、").join(view.rules)
    return FormSheet(language=language, title=view.title, facts=facts, boxes=view.boxes, source=source)


def form_table(view: FormView, language: str) -> Table:
    """The form as a list of its entries, box by box."""
    heads = [Head(id=name, title=word("sheet", name, language)) for name in ("section", "item", "answer")]
    lines = []
    for box in view.boxes:
        lines += [[Cell(text=box.title), Cell(text=entry.head.title), entry.cell] for entry in box.entries]
        for one in box.signatures:
            lines.append([Cell(text=box.title), Cell(text=one.title), Cell(text=f"{one.by} {one.at}".strip())])
    return Table(title=view.title, heads=heads, lines=lines)
