"""The first page after logging in; an htmx request gets the same part, fresh."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.people.permission import Act
from jalon.domain.people.roles import Role
from jalon.queries.board import lines
from jalon.queries.mine import carried
from jalon.queries.pages import CARDS, Line, ancestors, branch, running, to_do
from jalon.queries.viewers import first_name
from jalon.web.access import allowed, signed_in, viewer, visible
from jalon.web.my_objectives.greeting import greeting
from jalon.web.my_objectives.tiles import tiles_shown
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged

WORRYING = ("off_track", "watch")
ACTIONS, BRANCHES = 6, 14


@require_safe
@vary_on_headers("HX-Request")
@signed_in
@unless_unchanged
def my_objectives(request: HttpRequest) -> HttpResponse:
    """Show what the reader carries, and what hangs under it."""
    on, who = today(), viewer(request)
    everything = visible(request, running(lines(workspace(), on=on), on=on))
    mine = carried(everything, viewer=who)
    under = branch(everything, roots={line.id for line in mine})
    name = first_name(workspace(), person_id=who.person_id, on=on)
    context = {
        "on": on,
        "cards": mine[:CARDS],
        "explained": {line.id for line in mine if allowed(request, Act.SEE_ROWS, line)},
        "alert": _alert(under),
        "greeting": greeting(mine, name=name, on=on),
        "tree": _tree(everything, under, mine[:CARDS], role=who.role),
        "actions": to_do(under)[:ACTIONS],
        "tree_title": _tree_title(who.role),
        "arranged": tiles_shown(request),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"my_objectives/{'part' if part else 'page'}.html", context)


def _alert(under: tuple[Line, ...]) -> Line | None:
    """Return the line furthest behind among mine and what hangs under them."""
    late = [line for line in under if line.status in WORRYING and line.lead is not None]
    return min(
        late,
        key=_urgency,
        default=None,
    )


def _urgency(line: Line) -> tuple[int, bool, int, float]:
    """Return the order of worries: the state, money, how high, how far behind."""
    sold = line.flow and line.unit == "money"
    return WORRYING.index(line.status), not sold, line.depth, _behind(line)


def _behind(line: Line) -> float:
    if line.attainment is None or not line.expected_progress:
        return 0.0
    return float(line.attainment / line.expected_progress)


def _tree(
    everything: tuple[Line, ...],
    under: tuple[Line, ...],
    mine: tuple[Line, ...],
    *,
    role: Role,
) -> tuple[Line, ...]:
    """Return my cards with what stands right under them; for a salesperson, above."""
    names = [line.id for line in mine]
    if role is Role.SALESPERSON:
        return ancestors(everything, of=names)
    shown = branch(under, roots=names)
    return tuple(line for line in shown if line.depth <= 1)[:BRANCHES]


def _tree_title(role: Role) -> str:
    if role is Role.SALESPERSON:
        return _("Where my objectives fit in")
    return _("What hangs under my objectives")
