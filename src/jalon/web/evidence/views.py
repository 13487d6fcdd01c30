"""Somebody's evidence file over a fiscal year, on screen and as a PDF."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.periods.calendar import Grain, containing
from jalon.queries.evidence import Evidence, evidence
from jalon.queries.owners import owner_names
from jalon.usecases.print_evidence import (
    export_own_data,
    print_evidence,
    recognised,
)
from jalon.web.access import actor, signed_in, viewer
from jalon.web.today import today, workspace


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, person: str) -> HttpResponse:
    """Show the file; it prints as it is read. By POST, say whether a PDF is known."""
    found = _found(request, person)
    context: dict[str, object] = {"file": found, "person": person}
    given = request.FILES.get("file") if request.method == "POST" else None
    if isinstance(given, UploadedFile):
        record = recognised(given.read())
        known = record if record and record.owner == found.owner else None
        context |= {"given": given.name, "record": known}
    return render(request, "evidence/page.html", context)


@signed_in
@require_safe
def as_pdf(request: HttpRequest, person: str) -> HttpResponse:
    """Give the file as a PDF; its digest is written to the journal."""
    asked = _found(request, person)
    printed = print_evidence(
        workspace(),
        asked.owner,
        asked.period,
        actor=actor(request),
        on=today(),
        at=timezone.now(),
    )
    answer = HttpResponse(printed.content, content_type="application/pdf")
    digest = printed.evidence.digest
    name = f"jalon-{asked.period.first:%Y}-{digest[:12]}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Digest"] = digest
    return answer


@signed_in
@require_safe
def as_json(request: HttpRequest, person: str) -> HttpResponse:
    """Give all that is kept of somebody, as JSON."""
    asked = _found(request, person)
    document = export_own_data(
        workspace(), asked.owner, actor=actor(request), on=today(), at=timezone.now()
    )
    answer = JsonResponse(
        document, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    answer["Content-Disposition"] = (
        f'attachment; filename="jalon-{today():%Y-%m-%d}.json"'
    )
    return answer


def _found(request: HttpRequest, person: str) -> Evidence:
    """Return the file of a person, over the fiscal year of the day asked.

    Raises:
        PermissionDenied: If it is neither the reader's nor of whom they lead.
        Http404: If nobody has that key.
    """
    owner, on = f"person:{person}", today()
    if not may(viewer(request), Act.SEE_PAY, subject=Subject(owner)):
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
