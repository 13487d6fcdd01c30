"""Somebody's evidence file over a fiscal year, on screen and as a PDF."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.periods.calendar import Grain, containing
from jalon.queries.evidence import Evidence, evidence
from jalon.queries.owners import owner_names
from jalon.reports.printed import pdf
from jalon.web.access import signed_in, viewer
from jalon.web.today import today, workspace


@signed_in
@require_safe
def page(request: HttpRequest, person: str) -> HttpResponse:
    """Show the file; it prints as it is read."""
    found = _found(request, person)
    return render(request, "evidence/page.html", {"file": found, "person": person})


@signed_in
@require_safe
def as_pdf(request: HttpRequest, person: str) -> HttpResponse:
    """Give the file as a PDF whose name carries the beginning of its digest."""
    found = _found(request, person)
    with override("fr"):  # the law asks for French, whoever prints it
        html = render_to_string("evidence/print.html", {"file": found})
    answer = HttpResponse(
        pdf(html, identifier=found.digest), content_type="application/pdf"
    )
    name = f"jalon-{found.period.first:%Y}-{found.digest[:12]}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Digest"] = found.digest
    return answer


def _found(request: HttpRequest, person: str) -> Evidence:
    """Return the file of a person, over the fiscal year of the day asked.

    Raises:
        PermissionDenied: If it is neither the reader's nor of whom they lead.
        Http404: If nobody has that key.
    """
    owner, on = f"person:{person}", today()
    if not may(viewer(request), Act.SEE_ROWS, subject=Subject(owner)):
        raise PermissionDenied
    if owner not in owner_names(workspace(), on=on):
        raise Http404
    try:
        day = datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = on
    first_month = workspace().settings.fiscal_first_month
    period = containing(day, Grain.YEAR, first_month=first_month)
    return evidence(workspace(), owner, period, on=on)
