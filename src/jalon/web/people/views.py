"""People and teams: the page of all, of one, and what may be changed of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.people.pasted import read_people
from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.queries import staff as queries
from jalon.usecases import people as usecases
from jalon.usecases.acting import ForbiddenError, authorise
from jalon.usecases.evaluate import evaluate
from jalon.usecases.meanwhile import WrittenMeanwhileError, mark
from jalon.web.access import actor, for_some, signed_in, viewer
from jalon.web.people.forms import day, person_told
from jalon.web.today import today, workspace

KINDS = ("leave", "sick", "parental", "training", "other")
REFUSED = 400


@require_safe
@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody in their team of the day."""
    return _list(request)


@for_some(Act.MANAGE_PEOPLE)
def add(request: HttpRequest) -> HttpResponse:
    """Read a pasted list: shown first, entered once accepted."""
    text = request.POST.get("people", "")
    context: dict[str, object] = {"text": text}
    status = 200
    if request.method == "POST":
        try:
            preview = usecases.preview_people(workspace(), text, on=today())
            context["preview"] = preview
            context["faults"] = [one.told(_) for one in preview.pasted.faults]
            if request.POST.get("accept") == "1" and preview.pasted.entries:
                return _accepted(request, text)
        except ForbiddenError:
            raise
        except Refusal as refusal:
            context["faults"] = [refusal.told(_)]
            status = REFUSED
    return render(request, "people/add.html", context, status=status)


@require_POST
@for_some(Act.MANAGE_PEOPLE)
def team(request: HttpRequest) -> HttpResponse:
    """Add a team, or tell one otherwise."""
    told = {name: request.POST.get(name, "").strip() for name in ("name", "parent")}
    more: dict[str, Any] = {**told, "purpose": request.POST.get("purpose", "").strip()}
    key = request.POST.get("team_id", "")
    return _changed(
        request,
        lambda **who: (
            usecases.change_team(workspace(), key, **more, **who)
            if key
            else usecases.add_team(workspace(), **more, **who)
        ),
        refused=lambda fault: _list(request, {"fault": fault, "told": more}),
        back=lambda: redirect("people"),
    )


@signed_in
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show somebody; by POST, write who they are."""
    if request.method != "POST":
        return _one(request, person_id)

    def change(**who: Any) -> usecases.PeopleReport:  # noqa: ANN401 - actor and moment
        told, seen = person_told(request.POST), request.POST.get("seen")
        return usecases.change_person(workspace(), person_id, told, seen=seen, **who)

    try:
        return _of_person(request, person_id, change)
    except WrittenMeanwhileError as error:
        typed = person_told(request.POST)
        return _one(request, person_id, {"fault": error.told(_), "form": typed})


@require_POST
@for_some(Act.MANAGE_PEOPLE)
def move(request: HttpRequest, person_id: str) -> HttpResponse:
    """Put somebody in a team from a day on."""
    return _of_person(
        request,
        person_id,
        lambda **who: usecases.move_person(
            workspace(),
            person_id,
            request.POST.get("team_id", ""),
            since=day(request.POST, "since"),
            **who,
        ),
    )


@require_POST
@for_some(Act.MANAGE_PEOPLE)
def leave(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record that somebody leaves."""
    return _of_person(
        request,
        person_id,
        lambda **who: usecases.record_leaving(
            workspace(), person_id, left_on=day(request.POST, "left_on"), **who
        ),
    )


@require_POST
@for_some(Act.MANAGE_PEOPLE)
def away(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record an absence."""
    kind = request.POST.get("kind", "")
    return _of_person(
        request,
        person_id,
        lambda **who: usecases.set_absence(
            workspace(),
            person_id,
            first=day(request.POST, "first"),
            after=day(request.POST, "after"),
            kind=kind if kind in KINDS else "",
            **who,
        ),
    )


@require_POST
@for_some(Act.MANAGE_PEOPLE)
def back(request: HttpRequest, person_id: str) -> HttpResponse:
    """Leave no day of an absence written by mistake."""
    return _of_person(
        request,
        person_id,
        lambda **who: usecases.withdraw_absence(
            workspace(), person_id, first=day(request.POST, "first"), **who
        ),
    )


Change = Callable[..., usecases.PeopleReport]


def _of_person(request: HttpRequest, person_id: str, change: Change) -> HttpResponse:
    """Make a change of somebody, once it is known that the reader may."""
    authorise(actor(request), Act.MANAGE_PEOPLE, f"person:{person_id}")
    return _changed(
        request,
        change,
        refused=lambda fault: _one(request, person_id, {"fault": fault}),
        back=lambda: redirect("person", person_id),
    )


def _changed(
    request: HttpRequest,
    change: Change,
    *,
    refused: Callable[[str], HttpResponse],
    back: Callable[[], Any],
) -> HttpResponse:
    """Make a change; what it does to the figures is kept before the answer."""
    try:
        report = change(actor=actor(request), at=timezone.localtime())
    except (ForbiddenError, WrittenMeanwhileError):
        raise
    except Refusal as refusal:
        return refused(refusal.told(_))
    if report.generation:
        evaluate(workspace(), on=today())
        messages.success(request, _("Written. The past stays as it was."))
    else:
        messages.info(request, _("Nothing new: it was known already."))
    response: HttpResponse = back()
    return response


def _accepted(request: HttpRequest, text: str) -> HttpResponse:
    return _changed(
        request,
        lambda **who: usecases.add_people(
            workspace(), read_people(text).entries, on=today(), **who
        ),
        refused=lambda fault: render(
            request,
            "people/add.html",
            {"text": text, "faults": [fault]},
            status=REFUSED,
        ),
        back=lambda: redirect("people"),
    )


def _list(request: HttpRequest, more: dict[str, object] | None = None) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    teams, _people = queries.choices(workspace(), viewer=viewer(request))
    context = {
        "staff": queries.staff(
            workspace(), viewer=viewer(request), on=today(), search=search
        ),
        "search": search,
        "on": today(),
        "teams": teams,
        "told": {"name": "", "parent": "", "purpose": ""},
    }
    status = REFUSED if more else 200
    return render(
        request, "people/page.html", {**context, **(more or {})}, status=status
    )


def _one(
    request: HttpRequest, person_id: str, more: dict[str, object] | None = None
) -> HttpResponse:
    found = queries.person(workspace(), person_id, viewer=viewer(request), on=today())
    if found is None:
        raise Http404
    teams, everybody = queries.choices(workspace(), viewer=viewer(request))
    context = {
        "page": found,
        "seen": mark(usecases.person_shown(found.person)),
        "form": found.person,
        "on": today(),
        "teams": teams,
        "everybody": [pair for pair in everybody if pair[0] != person_id],
        "kinds": KINDS,
        "sees_evidence": may(
            viewer(request), Act.SEE_PAY, subject=Subject(f"person:{person_id}")
        ),
        "may_erase": may(viewer(request), Act.ERASE, subject=Subject(COMPANY)),
        "may_coach": may(
            viewer(request), Act.COACH, subject=Subject(f"person:{person_id}")
        ),
    }
    status = REFUSED if more else 200
    return render(
        request, "people/person.html", {**context, **(more or {})}, status=status
    )
