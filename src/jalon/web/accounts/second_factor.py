"""The second factor of one's own account: set, proven, taken away."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jalon.domain.people.permission import Act
from jalon.queries import accounts as queries
from jalon.usecases import second_factor as usecases
from jalon.usecases.second_factor import WrongCodeError
from jalon.web.access import actor, for_some, signed_in, viewer
from jalon.web.session.limit import count_failure, forget, is_blocked
from jalon.web.today import today, workspace

GROUP = 4


@sensitive_post_parameters()
@never_cache
@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show the secret to an application of codes; by POST, prove it by a code."""
    me = int(request.user.pk or 0)
    if usecases.has_second_factor(me):
        return redirect("my_account")
    asked = usecases.ask_second_factor(workspace(), me)
    context: dict[str, object] = {
        "picture": _picture(asked.address),
        "secret": _grouped(asked.secret),
    }
    if request.method != "POST":
        return render(request, "accounts/second_factor.html", context)
    try:
        codes = usecases.prove_second_factor(
            workspace(),
            me,
            request.POST.get("code", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except WrongCodeError as refusal:
        context["fault"] = refusal.told(_)
        return render(request, "accounts/second_factor.html", context, status=400)
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@sensitive_post_parameters()
@require_POST
@signed_in
def second_factor_off(request: HttpRequest) -> HttpResponse:
    """Take one's own second factor away; the password is asked once more."""
    email = str(getattr(request.user, "email", ""))
    password = request.POST.get("password", "")
    if is_blocked(request, email):
        messages.error(request, _("Too many tries. Wait five minutes, then try again."))
    elif authenticate(request, username=email, password=password) is None:
        count_failure(request, email)
        messages.error(request, _("This is not your present password."))
    else:
        forget(request, email)
        usecases.take_away_second_factor(
            int(request.user.pk or 0), actor=actor(request), at=timezone.now()
        )
        messages.success(request, _("Your password alone lets you in again."))
    return redirect("my_account")


@require_POST
@for_some(Act.INVITE)
def account_second_factor_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take away the second factor of somebody who lost their phone."""
    line = queries.account(workspace(), user_id, on=today())
    if line is None or not queries.may_change(viewer(request), line):
        raise Http404
    usecases.take_away_second_factor(user_id, actor=actor(request), at=timezone.now())
    messages.success(request, _("The password alone lets this account in again."))
    return redirect("account", user_id)


def _picture(address: str) -> SafeString:
    """Return the address as a square of dots, without any style or script."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass="dots",
        lineclass=None,
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made here, of dots alone


def _grouped(secret: str) -> str:
    parts = (secret[at : at + GROUP] for at in range(0, len(secret), GROUP))
    return " ".join(parts)
