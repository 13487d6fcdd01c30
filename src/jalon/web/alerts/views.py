"""The list of alerts; seeing, noting and acting are use cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.drift.alerts import Change
from jalon.domain.objectives.objective import Action
from jalon.domain.people.pasted import day_of
from jalon.domain.people.permission import Act
from jalon.queries.alerts import ALL, WAITING, Wanted
from jalon.queries.alerts import alerts as lines_of
from jalon.usecases import alerts as usecases
from jalon.usecases.actions import PlanRefusedError
from jalon.web.access import actor, for_some, viewer
from jalon.web.today import today, workspace
from jalon.web.undo.views import told_undoable

SEEN_AT_ONCE = 300


@require_safe
@for_some(Act.SEE_ALERTS)
def alerts(request: HttpRequest) -> HttpResponse:
    """List the alerts, filtered by what waits, which way, of whom, since when."""
    wanted = _wanted(request)
    found = lines_of(workspace(), wanted, viewer=viewer(request), on=today())
    mine = str(getattr(request.user, "person_id", ""))
    context = {"found": found, "wanted": wanted, "mine": f"person:{mine}"}
    return render(request, "alerts/page.html", context)


@require_POST
@for_some(Act.SEE_ALERTS)
def alerts_seen(request: HttpRequest) -> HttpResponse:
    """Remember what the list has shown; the page asks by itself."""
    told = request.POST.getlist("alert")[:SEEN_AT_ONCE]
    ids = [int(one) for one in told if one.isascii() and one.isdigit()]
    usecases.see(ids, actor=actor(request), at=timezone.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("alerts")


@require_POST
@for_some(Act.SEE_ALERTS)
def alert_note(request: HttpRequest, alert: int) -> HttpResponse:
    """Take note of an alert, in a word if one wishes."""
    text = request.POST.get("text", "")
    try:
        undone_by = usecases.take_note(
            alert, text=text, actor=actor(request), at=timezone.now()
        )
    except usecases.NoSuchAlertError as error:
        raise Http404 from error
    told_undoable(request, _("Noted: it no longer waits."), undone_by)
    return redirect(_way_back(request))


@require_POST
@for_some(Act.SEE_ALERTS)
def alert_action(request: HttpRequest, alert: int) -> HttpResponse:
    """Plan an action because of an alert."""
    told = request.POST
    action = Action(
        action=told.get("action", "").strip(),
        owner=_owner(request),
        due=day_of(told.get("due", "")),
    )
    try:
        usecases.act_on(
            alert,
            action,
            objective=told.get("objective", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except usecases.NoSuchAlertError as error:
        raise Http404 from error
    except PlanRefusedError as refusal:
        messages.error(request, refusal.told(_))
    else:
        messages.success(request, _("The action is in the plan of the objective."))
    return redirect(_way_back(request))


def _owner(request: HttpRequest) -> str:
    """Return the reader, where they are somebody and keep the action for themselves."""
    person = str(getattr(request.user, "person_id", ""))
    return f"person:{person}" if person and request.POST.get("mine") else ""


def _wanted(request: HttpRequest) -> Wanted:
    told = request.GET
    change = told.get("change", "")
    return Wanted(
        show=ALL if told.get("show") == ALL else WAITING,
        change=change if change in set(Change) else "",
        owner=told.get("owner", ""),
        since=day_of(told.get("since", "")),
    )


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else reverse("alerts")
