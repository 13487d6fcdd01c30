"""Search over what the reader may see; the keys that lead from screen to screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.people.names import folded
from jalon.queries.search import SHORTEST
from jalon.queries.search import search as found_in
from jalon.web.access import signed_in, viewer
from jalon.web.components.navigation import Entry, menu
from jalon.web.language import current
from jalon.web.today import today, workspace


@require_safe
@vary_on_headers("HX-Request")
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds the words; over another page, the sheet, then its list alone."""
    text = request.GET.get("q", "")
    context = {
        "found": found_in(
            workspace(), text, viewer=viewer(request), on=today(), lang=current()
        ),
        "screens": _screens(request, text),
        "asked": len(text.strip()) >= SHORTEST,
    }
    part = request.headers.get("HX-Request") == "true"
    over = "search/found.html" if "q" in request.GET else "search/sheet.html"
    return render(request, over if part else "search/page.html", context)


@require_safe
@vary_on_headers("HX-Request")
@signed_in
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Show the keys of the reader's own screens."""
    groups = [
        (label, [entry for entry in entries if entry.key])
        for label, entries in menu(viewer(request), path=request.path)
    ]
    part = request.headers.get("HX-Request") == "true"
    name = "search/shortcuts_sheet.html" if part else "search/shortcuts.html"
    context = {"groups": [(label, entries) for label, entries in groups if entries]}
    return render(request, name, context)


def _screens(request: HttpRequest, text: str) -> list[Entry]:
    words = folded(text).split()
    if len("".join(words)) < SHORTEST:
        return []
    entries = [
        entry
        for _label, entries in menu(viewer(request), path=request.path)
        for entry in entries
    ]
    return [one for one in entries if all(word in folded(one.label) for word in words)]
