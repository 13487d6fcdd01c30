"""Pacing of the owner chosen; an htmx request gets the same part without the page."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.people.permission import Act, Subject, may
from jalon.queries.board import lines
from jalon.queries.pacing import owner_for, owners, paces
from jalon.queries.pages import running
from jalon.web.access import allowed, signed_in, viewer, visible
from jalon.web.pacing.terms import Term, terms
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged


@require_safe
@vary_on_headers("HX-Request")
@signed_in
@unless_unchanged
def pacing(request: HttpRequest) -> HttpResponse:
    """Show where each running objective of an owner stands and what it still takes."""
    on = today()
    seen = visible(request, running(lines(workspace(), on=on), on=on))
    known = owners(seen)
    owner = owner_for(
        viewer(request), request.GET.get("owner", ""), [key for key, _ in known]
    )
    found = paces(workspace(), [line for line in seen if line.owner == owner])
    context = {
        "on": on,
        "owner": owner,
        "owner_name": dict(known).get(owner, ""),
        "owners": known,
        "paces": [(pace, _terms(request, terms(pace))) for pace in found],
        "explained": {
            pace.line.id for pace in found if allowed(request, Act.SEE_ROWS, pace.line)
        },
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"pacing/{'part' if part else 'page'}.html", context)


def _terms(request: HttpRequest, found: tuple[Term, ...]) -> tuple[Term, ...]:
    """Keep the links to rows only where the reader may see these rows."""
    who = viewer(request)
    return tuple(
        term
        if may(who, Act.SEE_ROWS, subject=Subject(term.owner))
        else replace(term, link="")
        for term in found
    )
