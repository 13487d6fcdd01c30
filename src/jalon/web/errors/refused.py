"""A refusal that a view did not answer itself: its sentence on a page, with 400."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from jalon.domain.refusals import Refusal
from jalon.queries.snapshots import NoDataError
from jalon.usecases.acting import ForbiddenError

REFUSED = 400


class RefusalMiddleware:
    """Answer a refusal in words instead of breaking the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Return the page of a refusal; anything else takes its way."""
        if not isinstance(exception, Refusal) or isinstance(exception, ForbiddenError):
            return None
        if isinstance(exception, NoDataError):
            return render(request, "errors/no_data.html")
        context = {
            "title": gettext("This cannot be done"),
            "text": exception.told(gettext),
        }
        return render(request, "errors/page.html", context, status=REFUSED)
