"""What a person reads when a page cannot be shown."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jalon.domain.refusals import Refusal
from jalon.workspace import machine


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
    """Say that the fault is ours, or what the machine refuses."""
    found = machine.refused(sys.exc_info()[1])
    if found is not None:
        return _away(found)
    text = _("Something went wrong on our side. The log of the server says more.")
    return _page(request, _("This page is broken"), text, status=500)


def _away(found: machine.MachineError) -> HttpResponse:
    """Say what the machine refuses, on a page that needs nothing of it."""
    told = {
        "title": _("The machine does not follow"),
        "text": found.told(_),
        "language": get_language() or "fr",
    }
    page = render_to_string("errors/machine.html", told)
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})


def _page(request: HttpRequest, title: str, text: str, *, status: int) -> HttpResponse:
    context = {"title": title, "text": text}
    return render(request, "errors/page.html", context, status=status)
