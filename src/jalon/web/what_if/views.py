"""Suppositions on one objective; htmx gets the same answer, without the frame."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.forecast.what_if import Deal, Supposed
from jalon.domain.people.permission import Act
from jalon.locale import figures
from jalon.queries import what_if as queries
from jalon.queries.pages import Line
from jalon.queries.what_if import WhatIf
from jalon.web.access import for_objective
from jalon.web.components import wording
from jalon.web.language import current
from jalon.web.today import today, workspace

MOST_POINTS, MOST_HIRES = 50.0, 50
HUNDREDTH = 0.01


@require_safe
@vary_on_headers("HX-Request")
@for_objective(Act.SEE_ROWS)
def what_if(request: HttpRequest, line: Line) -> HttpResponse:
    """Show where the figure would land; deals are named, to who may see rows."""
    what = supposed(request)
    found = queries.what_if(workspace(), line.id, what, on=today())
    context: dict[str, object] = {"line": line, "what": what, "found": found}
    if found is not None:
        context |= {
            "deals": [(deal.id, _said(deal, line)) for deal in found.deals],
            "points": _plain(what.points / HUNDREDTH),
            "hires": what.hires,
            "win_rate": figures.percent(
                Decimal(str(found.win_rate)), lang=current(), digits=1
            ),
            "answer": _answer(found, line) if what.anything else "",
        }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"what_if/{'part' if part else 'page'}.html", context)


def supposed(request: HttpRequest) -> Supposed:
    """Return what the address supposes; what cannot be read is not supposed."""
    given = request.GET
    points = min(max(_number(given.get("points", "")), -MOST_POINTS), MOST_POINTS)
    hires = min(max(int(_number(given.get("hires", ""))), 0), MOST_HIRES)
    return Supposed(
        lost=given.get("lost", ""),
        slipped=given.get("slipped", ""),
        won=given.get("won", ""),
        points=points * HUNDREDTH,
        hires=hires,
    )


def _number(text: str) -> float:
    try:
        found = float(text.replace(",", ".").strip() or 0)
    except ValueError:
        return 0.0
    return found if abs(found) < float("inf") else 0.0


def _plain(number: float) -> str:
    return f"{round(number, 2):g}"


def _said(deal: Deal, line: Line) -> str:
    return _("{deal}: {worth}, {chance} to be signed in the period").format(
        deal=deal.name,
        worth=wording.said(Decimal(str(deal.worth)), line),
        chance=figures.chance(Decimal(str(deal.chance)), lang=current()),
    )


def _answer(found: WhatIf, line: Line) -> str:
    before, after = found.before, found.after
    words = {
        "middle": wording.said(after.middle, line),
        "before": wording.said(before.middle, line),
        "low": wording.said(after.low, line),
        "high": wording.said(after.high, line),
    }
    landing = _(
        "Landing {middle} instead of {before}; between {low} and {high} eight times "
        "in ten."
    ).format(**words)
    if after.probability is None or before.probability is None:
        return landing
    chances = _("Probability of the target: {after} instead of {before}.").format(
        after=figures.chance(after.probability, lang=current()),
        before=figures.chance(before.probability, lang=current()),
    )
    return f"{landing} {chances}"
