"""A page that is still the one the browser holds is not made again: 304, no body.

Only for pages that read and write nothing. The mark (ETag) is of all the page can
show and of who reads it how: two readers, two languages, two addresses or two log-ins
never share one. Browsers alone may keep the page, and ask each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from jalon.queries.standing import letters, standing
from jalon.web.language import current
from jalon.web.page import THEME_COOKIE
from jalon.web.today import today, workspace

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
KEPT = "private, no-cache"


def unless_unchanged(view: View[P]) -> View[P]:
    """Answer 304 to a browser that holds the page as it still is."""

    @wraps(view)
    def asked(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        mark = _mark(request)
        held = {
            one.removeprefix("W/")
            for one in parse_etags(request.headers.get("If-None-Match", ""))
        }
        if mark is None:
            return view(request, *args, **kwargs)
        if mark in held:
            return _marked(HttpResponseNotModified(), mark)
        response = view(request, *args, **kwargs)
        return (
            _marked(response, mark)
            if response.status_code == HTTPStatus.OK
            else response
        )

    return asked


def _marked(response: HttpResponse, mark: str) -> HttpResponse:
    response["ETag"], response["Cache-Control"] = mark, KEPT
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    return response


def _mark(request: HttpRequest) -> str | None:
    """Return the mark of the page asked; None for one with a word to say once."""
    if len(get_messages(request)):
        return None
    now = standing(workspace(), on=today(), at=timezone.now())
    if now is None:
        return None
    reader = (
        request.user.pk,
        request.session.session_key,
        request.COOKIES.get(settings.CSRF_COOKIE_NAME),  # the forms carry its word
        request.COOKIES.get(THEME_COOKIE),
        current(),
    )
    asked = (request.get_full_path(), request.headers.get("HX-Request"))
    return f'"{letters(now, reader, asked, request.get_host())}"'
