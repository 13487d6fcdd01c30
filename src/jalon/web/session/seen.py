"""Remember who was here, and let a session live on while it is used.

Both are written every five minutes at most: a page is read far more often.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jalon.usecases.accounts import SEEN_EVERY, seen


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
            if last is None or now - last >= SEEN_EVERY:
                seen(user.pk, at=now)
                request.session.modified = True
        return response
