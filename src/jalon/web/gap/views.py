"""The gap of one objective: what it is made of, and what can be done about it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.actions import owners_for
from jalon.queries.gap_analysis import AGAINST, PRICES, SPLITS, Gap
from jalon.queries.gap_page import gap_of, splits
from jalon.queries.pages import Line
from jalon.web.access import allowed, for_objective, viewer
from jalon.web.components.spreadsheet import KINDS, written
from jalon.web.gap.words import Reading
from jalon.web.today import today, workspace

ONE_DAY, FORTNIGHT = timedelta(days=1), timedelta(days=14)


@require_safe
@for_objective(Act.SEE_RESULT)
def gap(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the drivers of the gap, by team or person, and the lever of each."""
    against = _against(request, line)
    context: dict[str, object] = {
        "line": line,
        "against": against,
        "ways": _ways(line),
        "split": _split(request, line),
        "splits": _splits(line),
        **_acting(request, line),
        "may_explain": allowed(request, Act.SEE_ROWS, line),
    }
    try:
        found = _found(request, line, against)
    except Refusal as refusal:
        context["refused"] = refusal.told(_)
    else:
        context["read"] = Reading(found, line)
    return render(request, "gap/page.html", context)


@require_safe
@for_objective(Act.SEE_RESULT)
def export_gap(request: HttpRequest, line: Line, kind: str) -> HttpResponse:
    """Send the same drivers and groups as a spreadsheet."""
    if kind not in KINDS:
        raise Http404
    found = _found(request, line, _against(request, line))
    tables = Reading(found, line).tables()
    response = HttpResponse(written(tables, kind=kind), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="gap.{kind}"'
    return response


def _found(request: HttpRequest, line: Line, against: str) -> Gap:
    cut = allowed(request, Act.SEE_ROWS, line)
    split = _split(request, line)
    return gap_of(workspace(), line, against=against, cut=cut, on=today(), split=split)


def _acting(request: HttpRequest, line: Line) -> dict[str, object]:
    """Return what the forms of the levers need: who may do it, and until when."""
    if not allowed(request, Act.ACT, line):
        return {"may_act": False}
    people = owners_for(workspace(), line.owner, on=today())
    mine = f"person:{viewer(request).person_id}"
    near = {key for key, _name in people}
    return {
        "may_act": True,
        "people": people,
        "mine": line.owner if line.owner in near else mine,
        "due": min(today() + FORTNIGHT, max(line.after - ONE_DAY, today())),
    }


def _split(request: HttpRequest, line: Line) -> str:
    asked = request.GET.get("split", "")
    known = [key for key, _words in _splits(line)]
    return asked if asked in known else known[0]


def _splits(line: Line) -> list[tuple[str, str]]:
    words = {
        SPLITS[0]: _("Drivers of the funnel"),
        PRICES: _("Price, volume and mix of products"),
    }
    return [(key, words[key]) for key in splits(workspace(), line)]


def _against(request: HttpRequest, line: Line) -> str:
    asked = request.GET.get("against", "")
    if asked in AGAINST and (asked != AGAINST[0] or line.target is not None):
        return asked
    return AGAINST[0] if isinstance(line.target, Decimal) else AGAINST[1]


def _ways(line: Line) -> list[tuple[str, str]]:
    words = {
        "target": _("The target, to date"),
        "N-1": _("A year earlier (N-1)"),
        "previous": _("The period before"),
    }
    return [
        (key, words[key])
        for key in AGAINST
        if key != AGAINST[0] or line.target is not None
    ]
