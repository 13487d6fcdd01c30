"""A review as a workbook: one sheet a part, numbers as numbers, shares in percent."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from jalon.queries.review_document import Result
from jalon.reports.review.words import Telling, objection

Cell = str | Decimal | datetime.date | None
FORMATS = {
    "money": "#,##0.00",
    "share": "0.0%",
    "percent": "0.0%",
    "count": "#,##0",
    "day": "0.0",
}
WIDEST = 60


class _Book:
    """A workbook being written."""

    def __init__(self) -> None:
        self.out = BytesIO()
        self.book = xlsxwriter.Workbook(
            self.out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self.head = self.book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.text = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._numbers: dict[str, xlsxwriter.format.Format] = {}

    def number(self, unit: str) -> xlsxwriter.format.Format:
        """Return the format of a unit."""
        shape = FORMATS.get(unit, "#,##0.##")
        if shape not in self._numbers:
            self._numbers[shape] = self.book.add_format(
                {"num_format": shape, "valign": "top"}
            )
        return self._numbers[shape]

    def sheet(
        self,
        name: str,
        head: Sequence[str],
        rows: Iterable[tuple[Sequence[Cell], str]],
    ) -> None:
        """Write a sheet; each row comes with the unit of its figures."""
        page = self.book.add_worksheet(name[:31])
        widths = [len(one) for one in head]
        for column, one in enumerate(head):
            page.write_string(0, column, one, self.head)
        for rank, (cells, unit) in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                self._write(page, rank, column, cell, unit)
                widths[column] = max(widths[column], len(str(cell or "")))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(max(width + 2, 10), WIDEST))
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def _write(
        self,
        page: xlsxwriter.worksheet.Worksheet,
        rank: int,
        column: int,
        cell: Cell,
        unit: str,
    ) -> None:
        if isinstance(cell, Decimal):
            page.write_number(rank, column, float(cell), self.number(unit))
        elif isinstance(cell, datetime.date):
            page.write_datetime(rank, column, cell, self.day)
        elif cell is not None:
            page.write_string(rank, column, cell, self.text)


def sheets(told: Telling, labels: dict[str, str]) -> bytes:
    """Return the workbook; `labels` are the names of KPIs."""
    book = _Book()
    _results(book, told)
    _causes(book, told)
    _field(book, told)
    _deeds(book, told, labels)
    book.book.close()
    return book.out.getvalue()


def _results(book: _Book, told: Telling) -> None:
    head = (
        _("Owner"),
        _("KPI"),
        _("Objective"),
        _("First day"),
        _("First day outside"),
        _("State"),
        _("Actual"),
        _("First target"),
        _("Target in force"),
        _("Landing, P10"),
        _("Landing, P50"),
        _("Landing, P90"),
    )
    shares = (_("On the first target"), _("Attainment"), _("Probability"))
    results = told.document.results
    book.sheet(
        _("Results"),
        head,
        [(_figures(one, told), one.unit) for one in results],
    )
    book.sheet(
        _("Attainment"),
        (_("Owner"), _("KPI"), *shares),
        [
            (
                (
                    one.owner_name,
                    told.label(one),
                    one.original_attainment,
                    one.attainment,
                    one.probability,
                ),
                "share",
            )
            for one in results
        ],
    )


def _figures(one: Result, told: Telling) -> tuple[Cell, ...]:
    landing = one.landing or (None, None, None)
    return (
        one.owner_name,
        told.label(one),
        one.statement,
        one.first,
        one.after,
        told.status(one),
        one.actual,
        one.original_target,
        one.target,
        *landing,
    )


def _causes(book: _Book, told: Telling) -> None:
    rows: list[tuple[tuple[Cell, ...], str]] = []
    for cause in told.document.causes:
        result = told.of(cause.objective)
        if result is None:
            continue
        name = told.named(result)
        rows += [
            ((name, told.driver(one.driver), one.amount), result.unit)
            for one in cause.drivers
        ]
        rows.append(((name, _("Gap"), cause.gap), result.unit))
    book.sheet(_("Causes"), (_("Objective"), _("Driver"), _("Amount")), rows)


def _field(book: _Book, told: Telling) -> None:
    field = told.document.heard
    rows: list[tuple[tuple[Cell, ...], str]] = [
        (
            (_("Objection"), objection(one.name), Decimal(one.said), None),
            "count",
        )
        for one in field.classes
    ]
    rows += [
        (
            (_("Word"), one.name, Decimal(one.said), Decimal(one.before)),
            "count",
        )
        for one in field.rising
    ]
    if rows:
        book.sheet(_("Field"), (_("Kind"), _("Theme"), _("Voices"), _("Before")), rows)


def _deeds(book: _Book, told: Telling, labels: dict[str, str]) -> None:
    document = told.document
    book.sheet(
        _("Actions"),
        (_("Action"), _("Owner"), _("Due"), _("Done on"), _("Result")),
        [
            (
                (
                    one.text,
                    one.owner_name,
                    one.due,
                    one.done_on or (_("done") if one.done else _("to do")),
                    one.result,
                ),
                "count",
            )
            for one in document.deeds
        ],
    )
    book.sheet(
        _("Decisions"),
        (_("Decision"), _("Owner"), _("KPI"), _("Due"), _("Kept")),
        [
            (
                (
                    one.text,
                    one.owner_name,
                    labels.get(one.kpi, one.kpi),
                    one.due,
                    told.kept(one) if former else "",
                ),
                "count",
            )
            for former, listed in (
                (True, document.commitments),
                (False, document.decisions),
            )
            for one in listed
        ],
    )
    book.sheet(
        _("Learnings"),
        (_("What was tried"), _("What it gave"), _("KPI")),
        [
            ((one.tried, one.gave, labels.get(one.kpi, one.kpi)), "count")
            for one in document.learnings
        ],
    )
