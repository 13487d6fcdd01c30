"""One's own account: accept an invitation, change name, language and password."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jalon.queries.sessions import sessions as list_of_sessions
from jalon.usecases import accounts as usecases
from jalon.usecases import sessions
from jalon.usecases.accounts import InvitationOverError
from jalon.usecases.second_factor import has_second_factor, recovery_left
from jalon.web.access import actor, public, signed_in
from jalon.web.language import KNOWN, current
from jalon.web.session.entering import enter
from jalon.web.session.limit import count_failure, forget, is_blocked

LANGUAGES = (("fr", "Français"), ("en", "English"))
GONE = 410


@sensitive_post_parameters()
@never_cache
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password from an invitation, and come in."""
    at = timezone.now()
    try:
        invited = usecases.open_invitation(token, at=at)
    except InvitationOverError as refusal:
        over = {"title": _("This invitation is over"), "text": refusal.told(_)}
        return render(request, "errors/page.html", over, status=GONE)
    context: dict[str, object] = {
        "invited": invited,
        "languages": LANGUAGES,
        "chosen": current(),
        "name": "",
    }
    if request.method != "POST":
        return render(request, "accounts/invitation.html", context)
    told = request.POST
    fault = _unequal(request)
    if not fault:
        try:
            user = usecases.accept(
                token,
                name=told.get("name", ""),
                password=told.get("password", ""),
                language=told.get("language", ""),
                at=at,
            )
        except ValidationError as error:
            fault = error.messages
        else:
            return enter(request, user)
    context |= {"faults": fault, "name": told.get("name", "")}
    return render(request, "accounts/invitation.html", context, status=400)


@signed_in
def my_account(request: HttpRequest) -> HttpResponse:
    """Show one's account; by POST, change name and language."""
    if request.method == "POST":
        language = request.POST.get("language", "")
        usecases.change_own(
            _me(request),
            name=request.POST.get("name", ""),
            language=language,
            actor=actor(request),
            at=timezone.now(),
        )
        messages.success(request, _("Your account is changed."))
        response = redirect("my_account")
        if language in KNOWN:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    return _mine(request)


@sensitive_post_parameters()
@require_POST
@signed_in
def my_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; other sessions end, this one goes on."""
    email = str(getattr(request.user, "email", ""))
    faults = _unequal(request)
    if is_blocked(request, email):
        faults = [_("Too many tries. Wait five minutes, then try again.")]
    elif (
        authenticate(request, username=email, password=request.POST.get("former", ""))
        is None
    ):
        count_failure(request, email)
        faults = [_("This is not your present password.")]
    if not faults:
        forget(request, email)
        try:
            user = usecases.change_password(
                _me(request),
                request.POST.get("password", ""),
                actor=actor(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            faults = error.messages
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed."))
            return redirect("my_account")
    return _mine(request, faults, status=400)


@require_POST
@signed_in
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of one's own, this one too."""
    usecases.log_out_everywhere(_me(request), actor=actor(request), at=timezone.now())
    messages.success(request, _("You are logged out everywhere."))
    return redirect("login")


@require_POST
@signed_in
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one session of one's own, in another browser or in this one."""
    now = timezone.now()
    ended = sessions.end_session(_me(request), session_id, actor=actor(request), at=now)
    if not ended:
        raise Http404
    messages.success(request, _("That session is ended."))
    return redirect("my_account")


def _mine(
    request: HttpRequest, faults: Sequence[str] = (), *, status: int = 200
) -> HttpResponse:
    me = _me(request)
    context = {
        "languages": LANGUAGES,
        "faults": faults,
        "sessions": list_of_sessions(
            me, key=request.session.session_key or "", at=timezone.now()
        ),
        "has_second_factor": has_second_factor(me),
        "recovery_left": recovery_left(me),
    }
    return render(request, "accounts/mine.html", context, status=status)


def _me(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _unequal(request: HttpRequest) -> list[str]:
    same = request.POST.get("password", "") == request.POST.get("again", "")
    return [] if same else [_("The two passwords differ.")]
