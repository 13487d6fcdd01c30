"""The language of a page: the reader's cookie, their account's, else the company's.

The browser's own preference is not asked: a French company reads French until somebody
chooses otherwise. The hours it tells are the company's.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from jalon.web.today import workspace

KNOWN = tuple(code for code, _ in settings.LANGUAGES)


class LanguageMiddleware:
    """Speak the reader's language, in the company's time, for a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language chosen."""
        language = chosen(request)
        zone = ZoneInfo(workspace().settings.timezone)  # as it is now, not at the start
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


def chosen(request: HttpRequest) -> str:
    """Return "fr" or "en"."""
    wishes = (
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        getattr(request.user, "language", ""),
        workspace().settings.language,
    )
    return next((wish for wish in wishes if wish in KNOWN), KNOWN[0])


def current() -> str:
    """Return the language being spoken."""
    return (translation.get_language() or KNOWN[0])[:2]
