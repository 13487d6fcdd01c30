"""A person's coaching page: the person and who leads them, nobody else."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act, Subject, may
from jalon.queries import coaching as queries
from jalon.queries.snapshots import NoDataError
from jalon.web.access import signed_in, viewer
from jalon.web.coaching.words import Reading
from jalon.web.today import today, workspace


@require_safe
@signed_in
def coaching(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show a funnel beside the person's past and the team."""
    if not may(viewer(request), Act.COACH, subject=Subject(f"person:{person_id}")):
        raise PermissionDenied
    try:
        found = queries.coaching(workspace(), person_id, on=today())
    except NoDataError:
        found = None
    if found is None:
        raise Http404
    own = viewer(request).person_id == person_id
    context = {"on": today(), "read": Reading(found), "own": own}
    response = render(request, "coaching/page.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
