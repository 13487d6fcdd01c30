"""The one way in: the password was right, a second factor may still be asked.

Between the two the session knows who is coming, for five minutes, and nothing else.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jalon.usecases.second_factor import has_second_factor, use_code
from jalon.web.access import public
from jalon.web.session.limit import count_failure, forget, is_blocked
from jalon.web.today import workspace

COMING = "coming_in"
SECONDS = 300
PURPOSE = "code"


def enter(
    request: HttpRequest,
    user: Any,  # noqa: ANN401 - Django's user
    *,
    then: str = "my_objectives",
) -> HttpResponse:
    """Log somebody in and send them on; ask for their code first if they have one."""
    if has_second_factor(user.pk):
        request.session.cycle_key()
        until = int(time.time()) + SECONDS
        request.session[COMING] = {"user": user.pk, "then": then, "until": until}
        return redirect("login_code")
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(then)


@sensitive_post_parameters()
@never_cache
@public
def login_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of whoever gave the right password."""
    coming = request.session.get(COMING) or {}
    user = _coming(coming)
    if user is None:
        return redirect("login")
    if request.method != "POST":
        return render(request, "session/code.html", {})
    if is_blocked(request, user.email, purpose=PURPOSE):
        fault = _("Too many tries. Wait five minutes, then try again.")
        return render(request, "session/code.html", {"fault": fault}, status=429)
    code = request.POST.get("code", "")
    if not use_code(workspace(), user.pk, code, at=timezone.now()):
        count_failure(request, user.email, purpose=PURPOSE)
        fault = _("This code is not the one of now, or was used already.")
        return render(request, "session/code.html", {"fault": fault}, status=400)
    forget(request, user.email, purpose=PURPOSE)
    del request.session[COMING]
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(coming["then"])


def _coming(told: dict[str, Any]) -> Any:  # noqa: ANN401 - Django's user
    if not told or told["until"] < time.time():
        return None
    return get_user_model().objects.filter(pk=told["user"], is_active=True).first()
