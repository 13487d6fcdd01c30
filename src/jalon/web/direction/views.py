"""Where the company stands; an htmx request gets the same part without the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.people.permission import Act
from jalon.queries.board import lines
from jalon.queries.direction import direction as found_direction
from jalon.web.access import for_company, visible
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged

SLICES = 5


@require_safe
@vary_on_headers("HX-Request")
@for_company(Act.SEE_COURSE)
@unless_unchanged
def direction(request: HttpRequest) -> HttpResponse:
    """Show the cascade, three horizons, the gap by team, the year, the segments."""
    on = today()
    seen = visible(request, lines(workspace(), on=on))
    found = found_direction(workspace(), seen, family=request.GET.get("gap", ""), on=on)
    context = {
        "on": on,
        "direction": found,
        "slices": SLICES,
        "currency": workspace().settings.currency,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"direction/{'part' if part else 'page'}.html", context)
