"""The company's own log-in: leave for the provider, come back from it.

Leaving is a plain link: `form-action` of the security policy lets no form go elsewhere.
State, nonce and verifier wait in the session, and serve once.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jalon.domain.people.sign_on import SignOn
from jalon.domain.refusals import Refusal
from jalon.usecases.sign_on import signed_on
from jalon.web.access import public
from jalon.web.session import provider
from jalon.web.today import workspace

WAITING = "sign_on"
REFUSED = 403


def setting() -> SignOn | None:
    """Return how the company logs in, None where it has no log-in of its own."""
    found: SignOn | None = getattr(settings, "SIGN_ON", None)
    return found


@require_safe
@never_cache
@public
def leave(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    known = setting()
    if known is None:
        return redirect("login")
    try:
        leaving = provider.leaving(known, back=_back(request))
    except Refusal as refusal:
        return _refused(request, refusal)
    request.session[WAITING] = {**leaving.kept(), "then": _then(request)}
    return redirect(leaving.address)


@require_safe
@never_cache
@public
def back(request: HttpRequest) -> HttpResponse:
    """Take whoever comes back in."""
    known, kept = setting(), request.session.pop(WAITING, None)
    if known is None or not kept or request.GET.get("state") != kept["state"]:
        return redirect("login")
    address = request.build_absolute_uri()
    try:
        claims = provider.claims(known, kept, back=_back(request), address=address)
        user = signed_on(workspace(), claims, known, at=timezone.now())
    except Refusal as refusal:
        return _refused(request, refusal)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(kept["then"] or "my_objectives")


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sign_on_back"))


def _then(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    told = {"title": _("You are not let in"), "text": refusal.told(_)}
    return render(request, "errors/page.html", told, status=REFUSED)
