"""The track record of forecasts, from what was kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalon.queries.track_record import LEVELS
from jalon.queries.track_record import track_record as kept
from jalon.web.access import signed_in
from jalon.web.today import workspace


@require_safe
@signed_in
def track_record(request: HttpRequest) -> HttpResponse:
    """Show chances said beside how many came true, and errors beside the usual ways."""
    kpi, level = request.GET.get("kpi", ""), request.GET.get("level", "")
    level = level if level in LEVELS else ""
    context = {
        "found": kept(workspace(), kpi=kpi, level=level),
        "kpi": kpi,
        "level": level,
        "levels": LEVELS,
    }
    return render(request, "track_record/page.html", context)
