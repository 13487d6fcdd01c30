"""The lists somebody kept: each a screen, a name and what the list was narrowed to."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.records.views import SavedView

# The screens whose address says the whole list, by the name of that address.
SCREENS = (
    *("explorer", "objectives", "team", "direction", "pacing", "balance"),
    *("alerts", "funnel", "weekly", "journal", "themes", "track_record"),
)


@dataclass(frozen=True, slots=True)
class View:
    """One list kept; `link` is "" while nobody else may follow it."""

    id: int
    screen: str
    name: str
    query: str
    link: str


def views(account: int) -> tuple[View, ...]:
    """Return the views of an account, by screen and name, in one query."""
    rows = SavedView.objects.filter(user=account).order_by("screen", "name")
    return tuple(map(_view, rows))


def view_of(view: int, *, account: int) -> View | None:
    """Return one view of an account."""
    row = SavedView.objects.filter(pk=view, user=account).first()
    return _view(row) if row else None


def shared(link: str) -> View | None:
    """Return the view of a link, while the account it belongs to is open."""
    rows = SavedView.objects.filter(link=link, user__is_active=True)
    row = rows.first() if link else None
    return _view(row) if row else None


def _view(row: SavedView) -> View:
    return View(row.pk, row.screen, row.name, row.query, row.link or "")
