"""The balance of the company's objectives, on the day."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalon.domain.objectives.focus import MOST_KPIS, MOST_OBJECTIVES
from jalon.queries.focus import Carried
from jalon.queries.focus import balance as balance_of
from jalon.web.access import signed_in
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged

SHOWN = 60  # carriers of a page


@require_safe
@signed_in
@unless_unchanged
def balance(request: HttpRequest) -> HttpResponse:
    """Show who carries how many, on which horizons; only published objectives count."""
    on = today()
    found = balance_of(workspace(), on=on)
    page = Paginator(found.carriers, SHOWN).get_page(request.GET.get("page"))
    context = {
        "on": on,
        "balance": found,
        "page": page,
        "carriers": [(one, _boxes(one)) for one in page],
    }
    return render(request, "balance/page.html", context)


def _boxes(one: Carried) -> tuple[str, ...]:
    """Return a box for each objective (each KPI for a team), then those still free."""
    team = one.level == "team"
    count = len(one.kpis) if team else one.count
    most = MOST_KPIS if team else MOST_OBJECTIVES
    if one.level == "company":
        return ("held",) * count
    held = ("held",) * min(count, most)
    return (*held, *("over",) * (count - most), *("free",) * (most - count))
