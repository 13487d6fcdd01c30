"""A password forgotten: ask for a link by mail, choose a new one with it.

The answer is the same whether the address has an account or not. The link is Django's:
signed, good for four hours, and over once the password changed or somebody logged in.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.usecases.accounts import change_password
from jalon.usecases.acting import Actor
from jalon.web.access import public
from jalon.web.accounts.mails import send_reset
from jalon.web.session.entering import enter
from jalon.web.session.limit import count_failure, is_blocked

GONE = 410
PURPOSE = "password"


@public
def asked(request: HttpRequest) -> HttpResponse:
    """Ask for a link; by POST, send it to the address if it has an account."""
    if request.method != "POST":
        return render(request, "accounts/password_asked.html", {})
    email = request.POST.get("email", "").strip().lower()
    if not is_blocked(request, email, purpose=PURPOSE):
        count_failure(request, email, purpose=PURPOSE)
        _send(request, email)
    return render(request, "accounts/password_asked.html", {"sent_to": email})


@sensitive_post_parameters()
@never_cache
@public
def chosen(request: HttpRequest, user: str, token: str) -> HttpResponse:
    """Choose a new password with a link, and come in."""
    found = _user(user)
    if found is None or not default_token_generator.check_token(found, token):
        context = {
            "title": _("This link is over"),
            "text": _("It was used, or is older than four hours. Ask for a new one."),
        }
        return render(request, "errors/page.html", context, status=GONE)
    if request.method != "POST":
        return render(request, "accounts/password_chosen.html", {})
    password = request.POST.get("password", "")
    faults = [_("The two passwords differ.")]
    if password == request.POST.get("again", ""):
        actor = Actor(Viewer(Role(found.role), found.person_id), found.email)
        try:
            changed = change_password(
                found.pk, password, actor=actor, at=timezone.now()
            )
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _("Your password is changed."))
            return enter(request, changed)
    told = {"faults": faults}
    return render(request, "accounts/password_chosen.html", told, status=400)


def _send(request: HttpRequest, email: str) -> None:
    user = get_user_model().objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    link = request.build_absolute_uri(reverse("password_chosen", args=[key, token]))
    send_reset(email, link, language=user.language)


def _user(key: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Django's user
    try:
        number = int(urlsafe_base64_decode(key))
    except ValueError:
        return None
    return get_user_model().objects.filter(pk=number, is_active=True).first()
