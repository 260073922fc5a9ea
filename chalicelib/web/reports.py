"""What staff call of reports: which there are, one of a period in several forms, issuing one."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.cases.report_views import PeriodView, ReportList, ReportView
from chalicelib.web.routes import Answer, Call, serve

Id = Annotated[str, Meta(max_length=64)]
PeriodName = Annotated[str, Meta(max_length=40)]


class Whose(Struct, kw_only=True, forbid_unknown_fields=True):
    """Of which site; it may be left out where there is one."""

    site: Id = ""


class Wanted(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which period (`2026-11-17..2026-11-23`, `2026-11`, `2026-Q4`, `2026-W47`, a day; empty: the latest), and as what.

    A period that no duty has prepared is computed as it stands now, and says so.
    """

    period: PeriodName = ""
    site: Id = ""
    format: Literal["json", "html", "xlsx"] = "json"


class Issue(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which period to issue. `hash`: only if the report still is the one that had this hash."""

    period: Annotated[str, Meta(min_length=1, max_length=40)]
    site: Id = ""
    hash: Annotated[str, Meta(max_length=64)] = ""


class Issued(Struct, kw_only=True):
    """What was issued: by whom, when, and the hash by which it can be told from any other."""

    duty: str
    site: str
    hash: str
    period: PeriodView


@serve("GET", "/v1/reports", who="staff", summary="Which reports there are", query=Whose, answers={200: ReportList})
def reports(call: Call) -> Answer:
    """The duties of a site with their latest periods: what is prepared, issued, late, and by whom."""
    staff = call.staff
    return Answer(call.world.show_reports.entries(staff.org, call.query.site, staff.person, call.language))


@serve(
    "GET", "/v1/reports/{report}", who="staff", summary="A report of a period", query=Wanted,
    answers={200: ReportView},
)  # fmt: skip
def report(call: Call) -> Answer:
    """By the id of a duty or of a report: as JSON, as a page to print, or as a workbook with charts."""
    staff, wanted, language = call.staff, call.query, call.language
    view = call.world.show_reports(
        staff.org, wanted.site, call.path["report"], wanted.period, staff.person, language
    )  # fmt: skip
    if wanted.format == "json":
        return Answer(view)
    from chalicelib.cases import report_prints as prints  # noqa: PLC0415 # no file is made at start-up

    if wanted.format == "html":
        return Answer(prints.page(view, language).encode(), headers=prints.PAGE_HEADERS)
    name = prints.name_of_file(view, "xlsx")
    kept = {"Content-Type": prints.WORKBOOK, "Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(prints.workbook(view, language), headers=kept)


@serve(
    "POST", "/v1/reports/{report}/issue", who="staff", summary="Issue a report", body=Issue, answers={200: Issued},
)  # fmt: skip
def issue(call: Call) -> Answer:
    """By who has the duty. It is recorded and locked, and those it goes to are told. The same again changes nothing."""
    staff, body, show = call.staff, call.body, call.world.show_reports
    run, replayed = show.issue(staff.org, body.site, call.path["report"], body.period, staff.person, body.hash)
    answer = Issued(duty=run.duty, site=run.site, hash=run.hash, period=show.period_view(staff.org, run))
    return Answer(answer, headers={"Idempotency-Replayed": "true"} if replayed else {})
