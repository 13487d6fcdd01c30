"""Make a token, seen once; see those there are, and take one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jalon.domain.refusals import Refusal
from jalon.queries.tokens import tokens
from jalon.usecases import tokens as usecases
from jalon.usecases.tokens import Scope, Wanted
from jalon.web.access import actor, signed_in

WRONG = 422
DAYS = (30, 90, 366)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's tokens; a form posted makes one, shown this once."""
    if request.method != "POST":
        return _page(request)
    given = request.POST
    days = given.get("days", "")
    wanted = Wanted(
        name=given.get("name", ""),
        scopes=given.getlist("scope"),
        days=int(days) if days.isdecimal() else 0,
    )
    try:
        made = usecases.make(
            wanted, account=_me(request), actor=actor(request), at=timezone.now()
        )
    except Refusal as refusal:
        return _page(request, fault=refusal.told(_), told=wanted, status=WRONG)
    return _page(request, made=made)


@require_POST
@signed_in
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Take one's own token back."""
    at = timezone.now()
    if token_id not in {one.id for one in tokens(at=at, account=_me(request))}:
        raise Http404
    usecases.revoke(token_id, actor=actor(request), at=at)
    messages.success(request, _("The token is taken back: it opens nothing any more."))
    return redirect("my_tokens")


def _page(
    request: HttpRequest,
    *,
    made: str = "",
    fault: str = "",
    told: Wanted | None = None,
    status: int = 200,
) -> HttpResponse:
    words = {
        Scope.READ: _("Read results: objectives, KPIs, forecasts, alerts, people"),
        Scope.ROWS: _("Read the rows behind the figures"),
        Scope.NOTES: _("Read the check-ins"),
        Scope.WRITE: _("Write objectives, targets and actions"),
        Scope.DATA: _("Import files, see the sources and have them read"),
    }
    chosen = set(told.scopes) if told else {Scope.READ.value}
    context = {
        "tokens": tokens(at=timezone.now(), account=_me(request)),
        "scopes": [(one.value, text, one in chosen) for one, text in words.items()],
        "days": DAYS,
        "chosen_days": told.days if told else DAYS[1],
        "name": told.name if told else "",
        "made": made,
        "fault": fault,
    }
    return render(request, "machines/tokens.html", context, status=status)


def _me(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
