"""Erase somebody's personal data: what will be done is said, their name is typed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.domain.people.names import folded
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.organisation import organisation
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.erase_person import erase_person
from jalon.usecases.evaluate import evaluate
from jalon.web.access import actor, for_company
from jalon.web.today import today, workspace

REFUSED = 400


@for_company(Act.ERASE)
def erase(request: HttpRequest, person_id: str) -> HttpResponse:
    """Say what erasing does; by POST with their name typed, do it."""
    person = organisation(workspace(), on=today()).person.get(person_id)
    if person is None:
        raise Http404
    context: dict[str, object] = {"person": person}
    if request.method != "POST":
        return render(request, "people/erase.html", context)
    if folded(request.POST.get("name", "")) != folded(person.name):
        context["fault"] = _("Type the name as it stands above.")
        return render(request, "people/erase.html", context, status=REFUSED)
    try:
        done = erase_person(
            workspace(), person_id, actor=actor(request), at=timezone.now()
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        context["fault"] = refusal.told(_)
        return render(request, "people/erase.html", context, status=REFUSED)
    evaluate(workspace(), on=today())
    return render(request, "people/erase.html", {"done": done})
