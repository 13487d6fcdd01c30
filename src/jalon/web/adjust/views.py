"""One page before a re-target: what the figures and the field say, and a proposal.

Nothing is written here: its form opens the page of re-targets, filled in, which shows
what changes and keeps it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.adjusting import adjusting
from jalon.queries.pages import Line
from jalon.queries.retargets import CLOSED
from jalon.reports.review.words import objection
from jalon.web.access import for_objective, viewer
from jalon.web.adjust.words import Told
from jalon.web.language import current
from jalon.web.retarget import forms
from jalon.web.today import today, workspace


@require_safe
@for_objective(Act.DECIDE)
def adjust(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the evidence, a target to consider, and the message it would carry."""
    found = adjusting(
        workspace(),
        viewer(request),
        line,
        because=request.GET.get("because", ""),
        on=today(),
    )
    error, new = "", found.proposal.target
    typed = request.GET.get("new", "").strip()
    if typed:
        try:
            new = forms.target(typed, line)
        except Refusal as refusal:
            error = refusal.told(_)
    mine = Told(found, new, current())
    with override(line.lang):  # what people will read is in the objective's language
        theirs = Told(found, new, line.lang)
        written = {
            "text": theirs.text,
            "message": theirs.message,
            "priorities": theirs.priorities,
        }
    heard = found.field.heard
    context = {
        "on": today(),
        "line": line,
        "found": found,
        "told": mine,
        "new": new,
        "typed": typed or mine.typed,
        "because": request.GET.get("because", ""),
        "written": written,
        "reasons": forms.LISTED,
        "heard": heard,
        "by_class": [
            (objection(name), said, people)
            for name, said, people in (heard.classes if heard else ())
        ],
        "closed": line.state in CLOSED,
        "error": error,
    }
    return render(request, "adjust/page.html", context)
