"""The list of objectives; an htmx request gets the same table without the page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.queries.board import lines
from jalon.queries.pages import STATUSES, Filters, Line, as_tree, filtered
from jalon.web.access import signed_in, visible
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged

SHOWN, PROPOSED = 50, 60  # lines of a page; names proposed as one types
WHEN = ("now", "coming", "past", "all")


@require_safe
@vary_on_headers("HX-Request")
@signed_in
@unless_unchanged
def objectives(request: HttpRequest) -> HttpResponse:
    """Show the objectives whose result the reader may see, filtered."""
    on, filters = today(), read_filters(request)
    seen = visible(request, lines(workspace(), on=on))
    found = as_tree(filtered(seen, filters, on=on))
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    context = {
        "on": on,
        "filters": filters,
        "choices": _choices(seen, filters.owner),
        "lines": found,
        "page": page,
        "address": _address(filters),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"objectives/{'lines' if part else 'page'}.html", context)


def _address(filters: Filters) -> str:
    """Return the query string of the same list, its page left to add."""
    asked = {"when": filters.when, "status": filters.status, "owner": filters.owner}
    return urlencode({name: value for name, value in asked.items() if value})


def read_filters(request: HttpRequest) -> Filters:
    """Return the filters of the address; what is not a choice is left out."""
    status, when = request.GET.get("status", ""), request.GET.get("when", "")
    return Filters(
        status=status if status in STATUSES else "",
        owner=request.GET.get("owner", ""),
        when=when if when in WHEN else WHEN[0],
    )


def _choices(seen: tuple[Line, ...], asked: str) -> dict[str, object]:
    levels = {"company": 0, "team": 1, "person": 2}
    owners = {line.owner: line for line in seen}.values()
    ranked = sorted(owners, key=lambda x: (levels.get(x.level, 3), x.owner_name))
    names = {
        "now": _("Running today"),
        "coming": _("To come"),
        "past": _("Ended"),
        "all": _("All periods"),
    }
    return {
        "when": [(value, names[value]) for value in WHEN],
        "status": STATUSES,
        "owner": next((one.owner_name for one in owners if one.owner == asked), asked),
        "owners": list(dict.fromkeys(one.owner_name for one in ranked))[:PROPOSED],
    }
