"""Distributions of accounts: the list, one before and after, its decision, its file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.queries import territory_plans as queries
from jalon.queries.snapshots import NoDataError
from jalon.queries.territories import Scope, scopes
from jalon.queries.territory_plans import MoveLine, PlanPage
from jalon.reports.territory_moves import KINDS, written
from jalon.usecases import territories as usecases
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.meanwhile import mark
from jalon.web.access import actor, for_some, viewer
from jalon.web.territories import forms
from jalon.web.today import today, workspace

WRONG = 422
MOVES_SHOWN = 60
CAP = 50


@for_some(Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def territories(request: HttpRequest) -> HttpResponse:
    """List the distributions; a form posted draws a new one up."""
    error = ""
    if request.method == "POST":
        try:
            return redirect("distribution", _drawn(request))
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
    try:
        mine, plans = _scopes(request), _plans(request)
    except NoDataError:
        mine, plans = (), ()
    context = {
        "plans": plans,
        "scopes": mine,
        "cap": CAP,
        "given": {name: request.POST.get(name, "") for name in forms.FIELDS},
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "territories/list.html", context, status=status)


def _plans(request: HttpRequest) -> tuple[PlanPage, ...]:
    return queries.plans(workspace(), viewer(request), on=today())


def _scopes(request: HttpRequest) -> tuple[Scope, ...]:
    """Return what the reader may decide for, teams first: most share out one team."""
    able = [
        one
        for one in scopes(workspace(), on=today())
        if may(viewer(request), Act.DECIDE, subject=Subject(one.key))
    ]
    return (*able[1:], *able[:1])


def _drawn(request: HttpRequest) -> int:
    given = request.POST.dict()
    return usecases.draw_up(
        workspace(),
        given.get("title", ""),
        forms.read(given, frozenset()),
        actor=actor(request),
        on=today(),
        at=timezone.now(),
    )


@for_some(Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def distribution(request: HttpRequest, plan: int) -> HttpResponse:
    """Show it before and after; a form posted draws it up anew."""
    page = _page(request, plan)
    error = ""
    if request.method == "POST":
        try:
            _drawn_anew(request, page)
            return redirect("distribution", plan)
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
    return _shown(request, page, error)


def _drawn_anew(request: HttpRequest, page: PlanPage) -> None:
    posted = request.POST
    typed = posted.get("lock_id", "").replace(",", " ").split()
    kept = page.asked.locks - {*posted.getlist("unlock")}
    locks = kept | {*posted.getlist("lock"), *typed}
    asked = forms.read(posted.dict(), locks, page.scope)
    usecases.draw_anew(
        workspace(),
        page.id,
        asked,
        actor=actor(request),
        on=today(),
        at=timezone.now(),
        seen=posted.get("seen"),
    )


def _shown(request: HttpRequest, page: PlanPage, error: str) -> HttpResponse:
    who = request.GET.get("person", "")
    moves = [one for one in page.moves if _of(one, who)]
    context = {
        "page": page,
        "moves": moves[:MOVES_SHOWN],
        "hidden": max(len(moves) - MOVES_SHOWN, 0),
        "person": who,
        "locks": sorted(page.asked.locks),
        "seen": mark(page.asked),
        "on": today(),
        "error": error,
        "spread": {
            "before": page.spread(after=False),
            "after": page.spread(after=True),
            "work_before": page.spread(after=False, of="workload"),
            "work_after": page.spread(after=True, of="workload"),
        },
    }
    status = WRONG if error else 200
    return render(request, "territories/page.html", context, status=status)


def _of(move: MoveLine, person: str) -> bool:
    return not person or person in {move.former, move.new}


@for_some(Act.DECIDE)
@require_POST
def decide(request: HttpRequest, plan: int) -> HttpResponse:
    """Make a draft the decision, or drop it."""
    page = _page(request, plan)
    try:
        if request.POST.get("do") == "drop":
            usecases.drop(plan, actor=actor(request), on=today(), at=timezone.now())
        else:
            decision = forms.read_decision(request.POST.dict(), on=today())
            usecases.apply(
                plan,
                decision,
                actor=actor(request),
                at=timezone.now(),
                seen=request.POST.get("seen"),
            )
            told = _("Decided. Carry the list of moves out in your CRM.")
            messages.success(request, told)
    except ForbiddenError:
        raise
    except Refusal as refusal:
        return _shown(request, page, refusal.told(_))
    return redirect("distribution", plan)


@for_some(Act.DECIDE)
@require_safe
def moves(request: HttpRequest, plan: int, kind: str) -> HttpResponse:
    """Give the list of moves as a file."""
    if kind not in KINDS:
        raise Http404
    page = _page(request, plan)
    answer = HttpResponse(written(page, kind=kind), content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="moves-{plan}.{kind}"'
    return answer


def _page(request: HttpRequest, plan: int) -> PlanPage:
    found = queries.plan(workspace(), plan, viewer(request), on=today())
    if found is None:
        raise Http404
    return found
