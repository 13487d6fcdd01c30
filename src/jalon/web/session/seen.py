"""Remember who was here, with what, and let a session live on while it is used.

All is written every five minutes at most: a page is read far more often.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jalon.usecases.accounts import SEEN_EVERY, seen
from jalon.usecases.sessions import remember_session

LISTED = "listed"  # in the session: its own key, once it has a row


class SeenMiddleware:
    """Note the visit of whoever is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note the visit."""
        response = self.get_response(request)
        user = request.user
        if user.is_authenticated:
            now, last = timezone.now(), user.seen_at
            known = request.session.get(LISTED) == request.session.session_key
            if not known or last is None or now - last >= SEEN_EVERY:
                seen(user.pk, at=now)
                _remember(request, user.pk, now)
        return response


def _remember(request: HttpRequest, user_id: int, now: datetime.datetime) -> None:
    key = request.session.session_key
    if key is None:
        return
    remember_session(
        user_id,
        key,
        agent=request.headers.get("User-Agent", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        at=now,
    )
    request.session[LISTED] = key
