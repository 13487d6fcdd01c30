"""One objective and the rows behind its figure."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act
from jalon.queries import board
from jalon.queries.pages import Line, Page
from jalon.web.access import allowed, for_objective
from jalon.web.components import wording
from jalon.web.objective.rows import screen, sheets
from jalon.web.objective.spreadsheet import KINDS, written
from jalon.web.today import today, workspace

EXPORTED = 1_000_000


@require_safe
@for_objective(Act.SEE_RESULT)
def objective(request: HttpRequest, line: Line) -> HttpResponse:
    """Show an objective, whole."""
    on = today()
    page = board.page(workspace(), line.id, on=on)
    context = {
        "on": on,
        "line": line,
        "page": page,
        "may_explain": allowed(request, Act.SEE_ROWS, line),
        "path_rows": _path_rows(page),
        "sum_words": _sum_words(page),
    }
    return render(request, "objective/page.html", context)


@require_safe
@for_objective(Act.SEE_ROWS)
def explain(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the rows counted in an objective's figure and how each entered."""
    on = today()
    found = board.explanation(workspace(), line.id, on=on)
    names = board.names(workspace(), on=on)
    context = {
        "on": on,
        "line": line,
        "explanation": found,
        "screens": [
            screen(sheet, names=names) for sheet in sheets(found, unit=line.unit)
        ],
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
