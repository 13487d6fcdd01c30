"""The page of data quality, and the rows behind each of its lines."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act
from jalon.queries.data_quality import (
    EXPORTED,
    SHOWN,
    QualityLine,
    WrongRows,
    quality,
    wrong_rows,
)
from jalon.queries.kpi_values import catalogue
from jalon.web.access import for_company
from jalon.web.data.views import harmless
from jalon.web.language import current
from jalon.web.today import today, workspace
from jalon.web.upload.words import column_word


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with the KPIs it bends by their names."""

    line: QualityLine
    kpis: tuple[tuple[str, str], ...]


@for_company(Act.SEE_DATA)
@require_safe
def quality_page(request: HttpRequest) -> HttpResponse:
    """Show each rule: how many rows, their share, the KPIs they bend."""
    lines = quality(workspace(), on=today())
    context = {
        "found": [_shown(one) for one in lines if one.count],
        "fine": [one for one in lines if not one.count],
        "on": today(),
        "any": bool(lines),
    }
    return render(request, "quality/page.html", context)


@for_company(Act.SEE_DATA)
@require_safe
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """Show the first rows of a rule."""
    found = _found(code, SHOWN)
    context = {"found": found, "shown": _shown(found.line), "most": SHOWN}
    return render(request, "quality/rows.html", context)


@for_company(Act.SEE_DATA)
@require_safe
def rows_csv(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001 - Django's
    """Send all of them, as a spreadsheet."""
    found = _found(code, EXPORTED)
    response = HttpResponse(written(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return response


def written(found: WrongRows) -> bytes:
    """Return the rows as CSV that a spreadsheet opens; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    names = [column_word(name) for name, _value in found.rows[0].shown]
    writer.writerow([_("Key"), _("Name"), _("Owner"), *names, _("In the CRM")])
    for one in found.rows:
        values = [value for _name, value in one.shown]
        cells = [one.key, one.label, one.owner, *values, one.link]
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _found(code: str, limit: int) -> WrongRows:
    found = wrong_rows(workspace(), code, on=today(), limit=limit)
    if found is None or not found.rows:
        raise Http404
    return found


def _shown(line: QualityLine) -> Shown:
    known = catalogue(workspace())
    names = tuple(
        (key, known[key].label.get(current(), key))
        for key in line.bends
        if key in known
    )
    return Shown(line, names)
