"""The cascade as a diagram, today or as it was on a day."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.queries import cascade_diagram as queries
from jalon.web.access import signed_in, visible
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged

UNFOLDED = ("usual", "all", "none")
OPEN_MOST = 60  # boxes that are all open at first


@require_safe
@signed_in
@unless_unchanged
def diagram(request: HttpRequest) -> HttpResponse:
    """Show the boxes of a day; `unfold` opens all of them, or none."""
    now = today()
    day, fault = asked_day(request.GET.get("on", ""), now=now)
    seen = visible(request, queries.lines_on(workspace(), day, today=now))
    found = queries.diagram(seen, day, today=now)
    unfold = request.GET.get("unfold", "")
    unfold = unfold if unfold in UNFOLDED else UNFOLDED[0]
    depth = {"all": 99, "none": 0}.get(unfold, 99 if found.count <= OPEN_MOST else 2)
    context = {
        "on": day,
        "today": now,
        "past": day < now,
        "diagram": found,
        "unfold": unfold,
        "open_depth": depth,
        "fault": fault,
    }
    return render(request, "diagram/page.html", context)


def asked_day(text: str, *, now: datetime.date) -> tuple[datetime.date, str]:
    """Return the day asked, at most today, and what is wrong with it."""
    if not text:
        return now, ""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return now, _("{found} is no date. Expected e.g. 2025-06-16.").format(
            found=text
        )
    if day > now:
        return now, _("Nothing is known of a day to come: today is shown.")
    return day, ""
