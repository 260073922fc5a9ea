"""The figures of a report as tables in one language: what pages, mails and workbooks print."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.desk.words import said
from chalicelib.reports.counted import ClockFigures, Count, Figures, Group, Share, TableSums
from chalicelib.reports.words import word

Value = str | int | float
Chart = Literal["", "columns", "bars", "stacked"]

OF_TIME = ("day", "week", "month")


class Table(Struct, frozen=True, kw_only=True):
    """A table with its heads; `chart`: how its `series` (columns of numbers) are drawn against the first column."""

    id: str
    title: str
    heads: list[str]
    rows: list[list[Value]]
    chart: Chart = ""
    series: list[int] = []


class Told:
    """The tables of some figures, in one language."""

    def __init__(self, of: Figures, language: str) -> None:
        self._of, self._language = of, language

    def in_print(self) -> list[Table]:
        """The tables for a reader: of days only those on which something came in, no chart of a single bar."""
        found = []
        for table in self.all():
            rows = [row for row in table.rows if row[1]] if table.id in OF_TIME else table.rows
            if table.id not in OF_TIME[1:] or len(rows) > 1:
                found.append(replace(table, rows=rows, chart=table.chart if len(rows) > 1 else ""))
        return found

    def all(self) -> list[Table]:
        """Every table that has something to say; the overview always has."""
        found = [self.overview()]
        if self._of.cases:
            found += [self._group(group) for group in self._of.groups if group.counts]
            found += self._limits("limits", "limit", self._of.clocks)
            found += self._limits("limits_by_stage", "item", self._of.stages)
            found += self._satisfaction() + self._repeats() + self._recurring()
            found += [table for sums in self._of.tables for table in self._sums(sums)]
        return found

    def overview(self) -> Table:
        """How many, and the shares."""
        of = self._of
        rows: list[list[Value]] = [
            [self._word("cases"), len(of.cases)],
            [self._word("received"), len(of.received)],
            [self._word("closed"), len(of.closed)],
            [self._word("open"), len(of.open)],
            [self._word("late_share"), self.share(of.late)],
            [self._word("satisfied_share"), self.share(of.satisfaction.share)],
        ]
        return Table(id="overview", title=self._word("overview"), heads=self._heads("item", "count"), rows=rows)

    def share(self, share: Share) -> str:
        """A share with what it is of: 12.5% (1 of 8)."""
        if share.share is None:
            return self._word("no_share")
        percent = f"{share.share:.1%}".replace(".0%", "%")
        return self._word("share_of").format(share=percent, of=share.denominator, some=share.numerator)

    def _group(self, group: Group) -> Table:
        asked = bool(self._of.satisfaction.asked) and group.id not in OF_TIME
        names = ["count", "late", "satisfied", "dissatisfied"] if asked else ["count", "late"]

        def row(count: Count) -> list[Value]:
            figures: list[Value] = [count.count, len(count.late), len(count.satisfied), len(count.dissatisfied)]
            return [said(count.title, self._language) or count.id, *figures[: len(names)]]

        title = said(group.title, self._language)
        first = self._word("item") if group.id in (*OF_TIME, "status") else title
        chart: Chart = "columns" if group.id in OF_TIME else "bars"
        heads = [first, *self._heads(*names)]
        return Table(
            id=group.id, title=title, heads=heads, rows=[row(c) for c in group.counts], chart=chart, series=[1]
        )

    def _limits(self, id: str, first: str, clocks: list[ClockFigures]) -> list[Table]:
        names = ["in_time", "late", "running", "unlimited", "runs"]
        rows: list[list[Value]] = [
            [said(clock.title, self._language), *(getattr(clock, name) for name in names)] for clock in clocks
        ]
        if not rows:
            return []
        heads = self._heads(first, *names)
        return [Table(id=id, title=self._word(id), heads=heads, rows=rows, chart="stacked", series=[1, 2])]

    def _satisfaction(self) -> list[Table]:
        of = self._of.satisfaction
        if not of.asked:
            return []
        names = ("satisfied", "dissatisfied", "no_answer")
        rows: list[list[Value]] = [[self._word(name), len(getattr(of, name))] for name in names]
        heads, title = self._heads("item", "count"), self._word("satisfaction")
        return [Table(id="satisfaction", title=title, heads=heads, rows=rows, chart="bars", series=[1])]

    def _repeats(self) -> list[Table]:
        rows: list[list[Value]] = [
            [f"{self._word('customer')} {n}", len(cases), self._list(cases)]
            for n, cases in enumerate(self._of.repeats, 1)
        ]
        heads = self._heads("customer", "count", "numbers")
        title = self._word("repeats")
        return [Table(id="repeats", title=title, heads=heads, rows=rows, chart="bars", series=[1])] if rows else []

    def _recurring(self) -> list[Table]:
        rows: list[list[Value]] = []
        for one in self._of.recurring:
            titles = (said(one.category_title, self._language), said(one.cause_title, self._language))
            rows.append([" · ".join(filter(None, titles)), one.count, self._list(one.cases)])
        heads, title = self._heads("item", "count", "numbers"), self._word("recurring")
        return [Table(id="recurring", title=title, heads=heads, rows=rows, chart="bars", series=[1])] if rows else []

    def _sums(self, sums: TableSums) -> list[Table]:
        if not sums.people:
            return []
        title = said(sums.title, self._language)
        people: list[list[Value]] = [
            [one.name, len(one.cases), len(one.rows), float(one.sum), one.not_counted] for one in sums.people
        ]
        each: list[list[Value]] = [
            [one.name, row.what, row.amount, row.number] for one in sums.people for row in one.rows
        ]
        heads = self._heads("person", "count", "rows", "sum", "not_counted")
        return [
            Table(id=sums.id, title=title, heads=heads, rows=people, chart="bars", series=[3]),
            Table(
                id=f"{sums.id}_rows", title=f"{title} — {word('report', 'lines', self._language)}",
                heads=self._heads("person", "what", "amount", "numbers"), rows=each,
            ),
        ]  # fmt: skip

    def _heads(self, *names: str) -> list[str]:
        return [self._word(name) for name in names]

    def _list(self, cases: list[str]) -> str:
        return word("marks", "and", self._language).join(cases)

    def _word(self, name: str) -> str:
        return word("figure", name, self._language)
