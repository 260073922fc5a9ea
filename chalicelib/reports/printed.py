"""Sheets and forms as pages that print on A4, without a script: what one reads on paper and signs.

Jinja2 is imported when the first page is made.
"""

import base64
import hashlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.reports.sheets import FormSheet, Sheet
from chalicelib.reports.words import word

if TYPE_CHECKING:
    from jinja2 import Environment

    from chalicelib.reports.acknowledgement import Acknowledgement

TEMPLATES = Path(__file__).parent / "templates"
TYPE = "text/html; charset=utf-8"


def page_of(sheet: Sheet) -> str:
    """A register or list, across the page; the heads of a table stand again on every page."""
    return _rendered("sheet.html", sheet, sheet.language)


def page_of_form(form: FormSheet) -> str:
    """A form as the paper one is drawn: boxes, and lines to sign on."""
    return _rendered("form.html", form, form.language)


def page_of_acknowledgement(of: "Acknowledgement", track: str) -> str:
    """A letter of one page. `track`: where complainants follow a case with number and query code."""
    from chalicelib.reports.acknowledgement import said, square  # noqa: PLC0415 # few need it

    template = _environment().get_template("acknowledgement.html")
    w = partial(said, language=of.language)
    return template.render(of=of, w=w, style=_marked_up(_style()), code=square(of.tracking_url), page=track)


@cache
def policy() -> str:
    """The Content-Security-Policy of these pages: their own style sheet, and nothing else at all."""
    style = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'; base-uri 'none'"


def _rendered(template: str, of: Sheet | FormSheet, language: str) -> str:
    said = partial(_said, language)
    return _environment().get_template(template).render(of=of, w=said, style=_marked_up(_style()))


def _said(language: str, name: str) -> str:
    return word("sheet", name, language)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 # slow to import

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


@cache
def _style() -> str:
    return (TEMPLATES / "print.css").read_text("utf-8")


def _marked_up(style: str) -> Any:
    from markupsafe import Markup  # noqa: PLC0415 # it comes with Jinja2

    return Markup(style)  # noqa: S704 # a file of ours
