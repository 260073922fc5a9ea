"""Sheets to print, save and send: a heading and tables of cells, or the boxes of a form. What the files are made of."""

from datetime import datetime

from msgspec import Struct, field

from chalicelib.reports.views import Cell, Head


class Table(Struct, kw_only=True):
    """Lines under heads. `marks`: for each line how it stands out (`differs`, `gone`, ...), empty where it does not."""

    title: str
    heads: list[Head]
    lines: list[list[Cell]]
    marks: list[str] = field(default_factory=list)
    empty: str = ""  # said where there are no lines


class Sheet(Struct, kw_only=True):
    """A register or list: its heading as (what, text), then tables. `notes` stand under the heading."""

    language: str
    title: str
    facts: list[tuple[str, str]]
    tables: list[Table]
    notes: list[str] = field(default_factory=list)
    source: str = ""  # the rules it carries out


class Signature(Struct, kw_only=True):
    """A signature line; `by` and `at` where the desk knows who stands for it and when, else left for a pen."""

    title: str
    by: str = ""
    at: str = ""


class Option(Struct, frozen=True):
    """One of the answers that a form offers, ticked or left for a pen."""

    title: str
    ticked: bool


class Entry(Struct, kw_only=True):
    """One entry of a form; `wide`: it takes a line of its own."""

    head: Head
    cell: Cell
    options: list[Option] = field(default_factory=list)
    wide: bool = False


class Box(Struct, kw_only=True):
    """A part of a form: its entries, and who signs it."""

    title: str
    entries: list[Entry]
    signatures: list[Signature] = field(default_factory=list)


class FormSheet(Struct, kw_only=True):
    """A form of one case."""

    language: str
    title: str
    facts: list[tuple[str, str]]
    boxes: list[Box]
    source: str = ""


class FormView(Struct, kw_only=True):
    """A form of one case as one reader gets it."""

    form: str
    title: str
    number: str
    organisation: str
    organisation_name: str
    site: str
    site_name: str
    zone: str
    printed_at: datetime
    boxes: list[Box]
    rules: list[str]


class FormEntry(Struct, kw_only=True):
    """A form that a case has."""

    id: str
    title: str
    rules: list[str]
