"""Arrange one's first page: which tiles, in which order, by keyboard alone too."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.queries.tiles import HOME, TILES_OF, Arrangement, arrangement
from jalon.usecases.arrange_tiles import arrange, as_they_come
from jalon.web.access import actor, signed_in
from jalon.web.undo.views import told_undoable


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile as the page of arranging shows it."""

    name: str
    label: str
    shown: bool


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def my_tiles(request: HttpRequest) -> HttpResponse:
    """Show the tiles in their order; a form posted keeps, moves one, or resets."""
    if request.method == "POST":
        return _told(request)
    found = _mine(request)
    labels = _labels()
    tiles = [Tile(x, labels[x], x not in found.hidden) for x in found.order]
    return render(request, "my_objectives/arrange.html", {"tiles": tiles})


def tiles_shown(request: HttpRequest) -> list[str] | None:
    """Return the templates of the tiles as the reader arranged them, if they did."""
    found = arrangement(HOME, account=_account(request))
    if found is None:
        return None
    return [f"my_objectives/tile_{name}.html" for name in found.shown]


def _told(request: HttpRequest) -> HttpResponse:
    told, who, at = request.POST, actor(request), timezone.now()
    if told.get("do") == "reset":
        number = as_they_come(HOME, actor=who, at=at)
        told_undoable(request, _("The page is as it comes."), number)
        return redirect("my_objectives")
    order, shown = told.getlist("tile"), told.getlist("shown")
    way, _colon, moved = told.get("do", "").partition(":")
    if way in {"up", "down"}:
        order = _moved(order, moved, by=-1 if way == "up" else 1)
    number = arrange(HOME, order=order, shown=shown, actor=who, at=at)
    if way in {"up", "down"}:
        return redirect("my_tiles")
    told_undoable(request, _("Your page is arranged."), number)
    return redirect("my_objectives")


def _moved(order: list[str], name: str, *, by: int) -> list[str]:
    """Return the order with one name a place further, where there is one."""
    if name not in order:
        return order
    left = [one for one in order if one != name]
    place = min(max(order.index(name) + by, 0), len(left))
    return [*left[:place], name, *left[place:]]


def _mine(request: HttpRequest) -> Arrangement:
    found = arrangement(HOME, account=_account(request))
    return found or Arrangement(TILES_OF[HOME])


def _account(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _labels() -> dict[str, str]:
    return {
        "alert": _("To look at first"),
        "cards": _("My objectives"),
        "tree": _("Where they fit in, what hangs under them"),
        "due": _("My actions due"),
        "actions": _("Next actions of those under me"),
    }
