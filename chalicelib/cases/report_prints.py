"""Reports as they are printed, saved and sent: a page, a workbook, and what goes into the mail when one is issued."""

from chalicelib.cases.report_views import ReportView
from chalicelib.cases.show_reports import ShowReports
from chalicelib.desk.complaint import Message
from chalicelib.desk.errors import NotFound
from chalicelib.desk.wording import clock_time
from chalicelib.messaging.vocabulary import Enclosure
from chalicelib.observability import logger
from chalicelib.ports import DutyStore
from chalicelib.reports.report_page import Printed, mail_of, page_of, text_of
from chalicelib.reports.tables import Table, Told
from chalicelib.reports.words import word

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
}
"""Nothing is fetched, nothing runs; the page has its one style sheet in itself."""


def page(view: ReportView, language: str) -> str:
    """The report as a page that prints on A4."""
    return page_of(_printed(view, language))


def workbook(view: ReportView, language: str) -> bytes:
    """The report as a workbook: its lines, and each table of figures with its chart."""
    from chalicelib.reports.charts import report_book  # noqa: PLC0415 # only those who want a workbook wait for it

    lines = [line.cells for line in view.lines]
    return report_book(_printed(view, language, everything=True), view.columns, lines)


def name_of_file(view: ReportView, ending: str) -> str:
    """What the file is saved as.

    >>> from types import SimpleNamespace
    >>> name_of_file(SimpleNamespace(duty="weekly", report="summary", period="2026-11-17..2026-11-23"), "xlsx")
    'weekly-2026-11-17_2026-11-23.xlsx'
    """
    return f"{view.duty or view.report}-{view.period.replace('..', '_')}.{ending}"


def _printed(view: ReportView, language: str, *, everything: bool = False) -> Printed:
    def phrase(name: str, **inner: object) -> str:
        return word("report", name, language).format(**inner)

    told = Told(view.figures, language)
    tables = told.all() if everything else told.in_print()
    facts = [
        (phrase("site"), view.site_name),
        (phrase("period"), view.period.replace("..", f" {phrase('to')} ")),
        (phrase("prepared_at"), clock_time(view.prepared_at, view.zone)),
        (phrase("hash"), view.hash[:16] if view.state == "issued" else ""),
    ]
    return Printed(
        language=language, title=view.title, organisation=view.organisation, facts=facts, notes=view.notes,
        heads=[head.title for head in view.columns],
        lines=[[cell.text for cell in line.cells] for line in view.lines],
        tables=[*tables, *_corrections(view, language)], source=_source(view, language),
    )  # fmt: skip


def _corrections(view: ReportView, language: str) -> list[Table]:
    if view.since is None or not view.since.corrections:
        return []
    heads = [word("columns", "number", language)]
    heads += [word("report", name, language) for name in ("column", "was", "now")]
    rows: list[list[str | int | float]] = [[c.number, c.title, c.was, c.now] for c in view.since.corrections]
    return [Table(id="corrections", title=word("report", "correction", language), heads=heads, rows=rows)]


def _source(view: ReportView, language: str) -> str:
    colon = ": " if language == "en" else "："
    return word("sheet", "basis", language) + colon + ", ".join(view.rules) if view.rules else ""


def enclosure(message: Message, language: str, *, runs: DutyStore, show: ShowReports) -> Enclosure:
    """The report that a letter of a duty tells of, as its recipient may see it; nothing where it is gone."""
    run = runs.load_period(message.org, message.site, message.duty, message.period)
    if run is None:
        return Enclosure()
    try:
        printed = _printed(show.of_run(run, message.to, language), language)
    except NotFound:
        logger().error("an issued report is not there", extra={"duty": message.duty, "period": message.period})
        return Enclosure()
    return Enclosure(text_of(printed), mail_of(printed))
