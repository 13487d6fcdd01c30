"""Webhooks: make one, try it, stop it, read what left and what did not."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import hooks as queries
from jalon.usecases import hooks as usecases
from jalon.usecases.acting import ForbiddenError
from jalon.web.access import actor, for_company
from jalon.web.today import workspace

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_company(Act.CONNECT)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the webhooks; a form posted makes one, its secret shown this once."""
    if request.method != "POST":
        return _page(request)
    chosen = request.POST.getlist("event")
    url = request.POST.get("url", "")
    try:
        hook, secret = usecases.make(
            workspace(), url, chosen, actor=actor(request), at=timezone.now()
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        context = {"fault": refusal.told(_), "url": url}
        return _page(request, chosen, status=WRONG, **context)
    return _page(request, made=hook, secret=secret)


@require_safe
@for_company(Act.CONNECT)
def one(request: HttpRequest, hook_id: int) -> HttpResponse:
    """Show one webhook and its last messages."""
    found = queries.hook(hook_id)
    if found is None:
        raise Http404
    context = {"hook": found}
    return render(request, "machines/hook.html", context)


@require_POST
@for_company(Act.CONNECT)
def change(request: HttpRequest, hook_id: int) -> HttpResponse:
    """Try, stop or resume a webhook; have a message sent once more."""
    if queries.hook(hook_id) is None:
        raise Http404
    does, who, at = request.POST.get("do", ""), actor(request), timezone.now()
    if does == "try":
        sent = usecases.attempt(workspace(), hook_id, actor=who, at=at)
        told = _("The trial was answered with {status}.").format(status=sent.status)
        if sent.status is None:
            told = _("The trial did not arrive: nobody answers, or it is refused.")
        (messages.success if sent.arrived else messages.error)(request, told)
    elif does == "stop":
        usecases.stop(hook_id, actor=who, at=at)
    elif does == "resume":
        usecases.resume(hook_id, actor=who, at=at)
    elif does == "again" and request.POST.get("delivery", "").isdecimal():
        usecases.again(int(request.POST["delivery"]), actor=who, at=at)
    return redirect("webhook", hook_id)


def _page(
    request: HttpRequest,
    chosen: list[str] | None = None,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    ticked = set(chosen or [])
    context = {
        "hooks": queries.hooks(),
        "events": [(key, text, key in ticked) for key, text in _words().items()],
        "fault": "",
        "url": "",
        "secret": "",
        "made": 0,
    }
    return render(request, "machines/hooks.html", context | more, status=status)


def _words() -> dict[str, str]:
    return {
        "objective.reached": _("An objective is reached"),
        "target.changed": _("A target changes"),
        "objective.moved": _("An objective is proposed, agreed, published, closed…"),
        "alert.raised": _("An alert is raised"),
        "review.frozen": _("A review is frozen"),
        "refresh.failed": _("A source could not be read"),
    }
