"""What a person reads when a page cannot be shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jalon.domain.refusals import Refusal


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the page is for others, and whom to ask."""
    if isinstance(exception, Refusal):
        told = exception.told(_)
        return _page(request, _("This is not yours to do"), told, status=403)
    text = _(
        "Your role does not reach this far. Results are open to everybody; the rows"
        " behind a figure are for its owner and those above."
    )
    return _page(request, _("This page is not open to you"), text, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """Say that there is nothing here."""
    text = _("There is nothing at this address, or it is not published yet.")
    return _page(request, _("Page not found"), text, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    text = _("Something went wrong on our side. The log of the server says more.")
    return _page(request, _("This page is broken"), text, status=500)


def _page(request: HttpRequest, title: str, text: str, *, status: int) -> HttpResponse:
    context = {"title": title, "text": text}
    return render(request, "errors/page.html", context, status=status)
