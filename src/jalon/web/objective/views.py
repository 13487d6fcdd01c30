"""One objective and the rows behind its figure."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.objectives.objective import PhasingKind
from jalon.domain.people.permission import Act
from jalon.queries import board
from jalon.queries.formula_words import formula_said, reference_said
from jalon.queries.kpi_values import catalogue
from jalon.queries.objective_page import Detail, detail
from jalon.queries.pages import Line, Page
from jalon.queries.paths import are_kept
from jalon.queries.what_if import OF_DEALS
from jalon.web.access import allowed, for_objective
from jalon.web.components import wording
from jalon.web.objective.rows import ROWS, page_asked, pages, screen, sheets
from jalon.web.objective.spreadsheet import KINDS, written
from jalon.web.today import today, workspace

EXPORTED = 1_000_000


@require_safe
@vary_on_headers("HX-Request")
@for_objective(Act.SEE_RESULT)
def objective(request: HttpRequest, line: Line) -> HttpResponse:
    """Show an objective, whole; to htmx, where it stands."""
    on = today()
    if request.headers.get("HX-Request") == "true":
        return render(request, "objective/standing.html", {"on": on, "line": line})
    drawn = "path" in request.GET or are_kept(workspace(), line.id, on=on)
    page = board.page(workspace(), line.id, on=on, drawn=drawn)
    found = detail(workspace(), page, on=on)
    context = {
        **_path_context(line, page, found, on),
        "drawn": drawn,
        "formula": _formula(line),
        "reference": _reference(line) or page.definition.reference,
        "may_explain": allowed(request, Act.SEE_ROWS, line),
        "may_decide": allowed(request, Act.DECIDE, line),
        "may_hear": allowed(request, Act.SEE_NOTES, line),
        "may_suppose": _may_suppose(request, line, on),
        "sum_words": _sum_words(page),
    }
    return render(request, "objective/page.html", context)


def _may_suppose(request: HttpRequest, line: Line, on: datetime.date) -> bool:
    """Return whether a landing made of deals is there to suppose on."""
    running = line.first <= on < line.after and line.landing is not None
    return running and line.kpi in OF_DEALS and allowed(request, Act.SEE_ROWS, line)


@require_safe
@for_objective(Act.SEE_RESULT)
def path(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the path alone: it reads facts, so the page comes before it."""
    on = today()
    page = board.page(workspace(), line.id, on=on)
    context = _path_context(line, page, detail(workspace(), page, on=on), on)
    return render(request, "objective/path.html", context)


def _path_context(
    line: Line, page: Page, found: Detail, on: datetime.date
) -> dict[str, object]:
    return {
        "on": on,
        "line": line,
        "page": page,
        "detail": found,
        "phasing_words": _phasing_words(found),
        "path_rows": _path_rows(page),
    }


@require_safe
@for_objective(Act.SEE_ROWS)
def explain(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the rows counted in an objective's figure and how each entered."""
    on = today()
    number = page_asked(request.GET.get("page", ""))
    found = board.explanation(workspace(), line.id, on=on, limit=number * ROWS)
    names = board.names(workspace(), on=on)
    shown = sheets(found, unit=line.unit)
    context = {
        "on": on,
        "line": line,
        "explanation": found,
        "formula": _formula(line),
        "screens": [screen(sheet, names=names, number=number) for sheet in shown],
        "rows_pages": pages(shown, number=number),
        "rows_address": "?page=",
    }
    return render(request, "objective/explain.html", context)


@require_safe
@for_objective(Act.SEE_ROWS)
def export_rows(_request: HttpRequest, line: Line, kind: str) -> HttpResponse:
    """Send the same rows, all of them, as a spreadsheet."""
    if kind not in KINDS:
        raise Http404
    found = board.explanation(workspace(), line.id, on=today(), limit=EXPORTED)
    response = HttpResponse(
        written(sheets(found, unit=line.unit), kind=kind), content_type=KINDS[kind]
    )
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in line.id)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _path_rows(page: Page) -> list[dict[str, object]]:
    actual, expected = dict(page.actual_path), dict(page.expected_path)
    return [
        {"day": day, "actual": actual.get(day), "expected": expected.get(day)}
        for day in sorted(actual.keys() | expected.keys())
    ]


def _formula(line: Line) -> str:
    kpis = catalogue(workspace())
    return formula_said(kpis[line.kpi], kpis) if line.kpi in kpis else ""


def _reference(line: Line) -> str:
    kpis = catalogue(workspace())
    return reference_said(kpis[line.kpi]) if line.kpi in kpis else ""


def _phasing_words(found: Detail) -> str:
    """Return how the expected path was drawn, in one sentence."""
    kind = found.phasing.kind
    if kind is PhasingKind.EVEN:
        return _("The expected path is a straight line, as asked.")
    days = {"gone": found.worked_so_far, "all": found.worked}
    if kind is PhasingKind.WEIGHTS:
        return _(
            "The expected path follows the weight given to each month and the working "
            "days: {gone} of {all} are gone."
        ).format(**days)
    return _(
        "The expected path follows the season of past years and the working days, "
        "absences and ramp-up taken off: {gone} of {all} working days are gone."
    ).format(**days)


def _sum_words(page: Page) -> str:
    if page.total is None:
        return ""
    children = wording.said(page.total.children, page.line)
    amount = wording.apart(page.total.difference, page.line)
    if page.total.difference == 0:
        return _("Together they are worth {sum}: exactly this target.").format(
            sum=children
        )
    if page.total.difference > 0:
        return _("Together they are worth {sum}: {gap} more than this target.").format(
            sum=children, gap=amount
        )
    return _(
        "Together they are worth {sum}: {gap} of this target is given to nobody."
    ).format(sum=children, gap=amount)
