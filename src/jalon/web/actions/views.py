"""The plan of one objective: read it, add to it, say what is done and what it gave."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.domain.people.permission import Act
from jalon.queries.actions import PlanLine, owners_for
from jalon.queries.pages import Line
from jalon.usecases import actions
from jalon.usecases.undoable import PLAN, offered
from jalon.web.access import actor, for_objective
from jalon.web.actions.forms import ActionForm, LineForm
from jalon.web.actions.tags import plan_context
from jalon.web.today import today, workspace
from jalon.web.undo.views import told_undoable

WRONG = 422


@for_objective(Act.SEE_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the plan; a form posted changes one line of it, then goes back."""
    if request.method != "POST":
        return _page(request, line)
    at = timezone.now()
    try:
        error = _done(request, line, at)
    except actions.PlanRefusedError as refusal:
        error = refusal.told(_)
    if error:
        return _page(request, line, error=error, status=WRONG)
    told_undoable(request, _("The plan is kept."), _undone_by(request, at))
    return redirect(_way_back(request, line))


def _undone_by(request: HttpRequest, at: datetime.datetime) -> int:
    return offered(PLAN, actor=actor(request), at=at)


def _done(request: HttpRequest, line: Line, at: datetime.datetime) -> str:
    """Do what the form asks and return "", or what is wrong with it."""
    writing = request.POST.get("do") in {"plan", "rewrite"}
    people = owners_for(workspace(), line.owner, on=today()) if writing else ()
    action = ActionForm(request.POST, people=people)
    if writing and not action.is_valid():
        return _said(action)
    if request.POST.get("do") == "plan":
        actions.plan_action(line.id, action.told, actor=actor(request), at=at)
        return ""
    meant = LineForm(request.POST)
    if not meant.is_valid():
        return _said(meant)
    _changed(request, line.id, meant.cleaned_data, action, at)
    return ""


def _changed(
    request: HttpRequest,
    objective: str,
    said: dict[str, Any],
    action: ActionForm,
    at: datetime.datetime,
) -> None:
    """Change the line meant in the way asked; an unknown way changes nothing."""
    who, rank, known = actor(request), said["rank"], said["known"]
    match request.POST.get("do"):
        case "rewrite":
            actions.rewrite_action(
                objective, rank, action.told, known=known, actor=who, at=at
            )
        case "finish":
            result, on = said["result"], today()
            actions.finish_action(
                objective, rank, known=known, result=result, on=on, actor=who, at=at
            )
        case "reopen":
            actions.reopen_action(objective, rank, known=known, actor=who, at=at)
        case "drop":
            actions.drop_action(objective, rank, known=known, actor=who, at=at)


def _said(form: ActionForm | LineForm) -> str:
    return " ".join(str(text) for texts in form.errors.values() for text in texts)


def _page(
    request: HttpRequest, line: Line, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {**plan_context(request, line), "error": error, "alone": True}
    if error and request.POST.get("do") == "plan":
        context["fresh"] = _typed(request.POST)
    return render(request, "actions/page.html", context, status=status)


def _typed(posted: QueryDict) -> PlanLine:
    """Return what was typed, so that a refusal loses nothing but the date."""
    return PlanLine(
        text=posted.get("action", ""),
        owner=posted.get("owner", ""),
        lever=posted.get("lever", ""),
        effect=posted.get("effect", ""),
    )


def _way_back(request: HttpRequest, line: Line) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else f"{reverse('objective', args=[line.id])}#plan"
