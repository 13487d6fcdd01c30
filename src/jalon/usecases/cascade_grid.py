"""Edit a planning grid: cells, locks, spreads, a target shared out anew, and undo.

Each edit is one transaction: the rows touched, a line that can be undone, the audit.
A figure that changes after it was proposed goes back to draft: whoever carries it must
be asked again.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from jalon.domain.cascade.grid import (
    Grid,
    GridRow,
    shared,
    with_cell,
    with_lock,
    with_total,
)
from jalon.domain.cascade.outcome import Unmet
from jalon.domain.cascade.plan import Method
from jalon.domain.cascade.season import Spread
from jalon.domain.people.permission import Act
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.kpi_values import catalogue
from jalon.queries.planning import beginning, is_mean, measure_of, plannable
from jalon.queries.planning_rates import grain_of
from jalon.records import planning_rows
from jalon.records.plannings import Planning, PlanningEdit
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 60
_NOBODY = (
    "Nobody to plan for: the facts have no people in this period."
    " Import a table of people first."
)
_NO_ROW = "{owner} has no row in this planning."
_NOTHING_TO_UNDO = "There is nothing left to undo."
_UNDO_FIRST = "The last change is by {who}: only they can undo it."

_MOVED = (
    "{who} changed {name}, {month}, on {at}: it was {seen}, it is now {present}; you "
    "typed {asked}. Nothing is written. Read the grid again, then type the figure to "
    "keep."
)

Change = Callable[[GridRow], GridRow]


class CellMovedError(Refusal):
    """Somebody else changed a cell since it was read: who, when, the three figures.

    `month` is its rank; figures and the moment are bare, for the door to word.
    """


class UnknownPlanningError(Refusal, LookupError):
    """No planning has that name."""

    def __init__(self, planning: str) -> None:
        super().__init__("There is no planning called {planning}.", planning=planning)


def create_planning(  # noqa: PLR0913 - what is planned, when, how much, how, by whom
    workspace: Workspace,
    title: str,
    kpi: str,
    period: Period,
    target: Decimal,
    *,
    method: Method = Method.HISTORY,
    spread: Spread = Spread.SEASON,
    step: Decimal | None = None,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> str:
    """Write a planning whose target is shared out at once; return its id.

    Where nobody has a history, the days of work to come are the weights.

    Raises:
        ForbiddenError: If the actor may not decide for the company.
        Refusal: If the KPI does not add up, or there is nobody to plan for.
    """
    authorise(actor, Act.DECIDE)
    known = plannable(workspace, kpi)
    rows = beginning(workspace, kpi, period, on=on)
    if len(rows) == 1:
        raise Refusal(_NOBODY)
    if is_mean(known) and method is Method.CAPACITY:
        method = Method.HISTORY
    if method is Method.HISTORY and not any(row.history for row in rows):
        method = Method.CAPACITY
    measure = measure_of(known, step)
    found = shared(rows, target, method, spread, measure=measure)
    with transaction.atomic():
        planning = Planning(
            id=_free_slug(title, period),
            title=title,
            kpi=kpi,
            first=period.first,
            after=period.after,
            target=target,
            step=grain_of(known) if is_mean(known) else measure.step or Decimal(1),
            created_by=actor.name,
            created_at=at,
        )
        planning_rows.create(planning, found.rows)
        note(actor, "create", "planning", planning.id, at=at, after=target)
    return planning.id


def _free_slug(title: str, period: Period) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = _SLUG.sub("-", plain.lower()).strip("-")[:_LONGEST_SLUG]
    base = slug or f"planning-{period.first:%Y-%m}"
    taken = set(
        Planning.objects.filter(pk__startswith=base)
        .order_by("id")
        .values_list("id", flat=True)
    )
    rank = 1
    found = base
    while found in taken:
        rank += 1
        found = f"{base}-{rank}"
    return found


def set_cells(
    planning: str,
    cells: Mapping[tuple[str, int], Decimal],
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: int | None = None,
) -> Grid:
    """Write some cells, (owner, month) to amount, and return the rows they are in.

    `seen` is the last edit its author read: cells they left as they were keep what
    others wrote meanwhile.

    Raises:
        ForbiddenError: If the actor may not decide for one of the owners.
        CellMovedError: If somebody else changed one of the cells since.
        Refusal: If a month is locked or an amount below 0; nothing is written.
    """
    if seen is not None:
        with transaction.atomic():
            _held(planning)
            mine = _unmoved(planning, cells, seen, actor=actor)
            return set_cells(planning, mine, actor=actor, at=at) if mine else ()
    owners = {owner for owner, _ in cells}

    def change(row: GridRow) -> GridRow:
        for (owner, month), amount in cells.items():
            if owner == row.owner and row.months[month] != amount:
                row = with_cell(row, month, amount)
        return row

    return _edit(planning, "cells", owners, change, actor=actor, at=at)


def set_lock(
    planning: str,
    owner: str,
    month: int | None,
    *,
    locked: bool,
    actor: Actor,
    at: datetime.datetime,
) -> Grid:
    """Lock or unlock one month of an owner, or all of them.

    Raises:
        ForbiddenError: If the actor may not decide for the owner.
    """

    def change(row: GridRow) -> GridRow:
        return with_lock(row, month, locked=locked)

    what = "lock" if locked else "unlock"
    return _edit(planning, what, {owner}, change, actor=actor, at=at)


def set_total(
    planning: str,
    owner: str,
    total: Decimal | None,
    how: Spread,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> Grid:
    """Spread an owner's total over its free months; None keeps the present total.

    Raises:
        ForbiddenError: If the actor may not decide for the owner.
        Refusal: If locked months leave no room for it.
    """
    step = _found(planning).step or Decimal(1)
    season = planning_rows.load(planning)[0].season

    def change(row: GridRow) -> GridRow:
        wanted = row.total if total is None else total
        return with_total(row, wanted, how, step=step, season=season)

    return _edit(planning, f"spread_{how}", {owner}, change, actor=actor, at=at)


def share_out(  # noqa: PLR0913 - how much, how, along which season, by whom and when
    workspace: Workspace,
    planning: str,
    target: Decimal | None,
    method: Method,
    how: Spread,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> tuple[Unmet, ...]:
    """Share the target out anew among the rows not locked; return what is not met.

    Raises:
        ForbiddenError: If the actor may not decide for the company.
        Refusal: If the method lacks what it needs, or locks leave no room.
    """
    authorise(actor, Act.DECIDE)
    with transaction.atomic():
        one = _held(planning)
        wanted = one.target or Decimal(0) if target is None else target
        rows = planning_rows.load(planning)
        kpi = catalogue(workspace)[one.kpi]
        measure = measure_of(kpi, one.step)
        if is_mean(kpi) and method is Method.CAPACITY:
            method = Method.HISTORY
        found = shared(rows, wanted, method, how, measure=measure)
        one.target = wanted
        one.save(update_fields=["target"])
        _write(planning, f"share_{method}", rows, found.rows, actor=actor, at=at)
    return found.unmet


def undo(planning: str, *, actor: Actor, at: datetime.datetime) -> Grid:
    """Put back the rows of the last edit, and return them.

    Raises:
        Refusal: If there is none, or it is somebody else's.
    """
    with transaction.atomic():
        _held(planning)
        edit = planning_rows.last_edit(planning)
        if edit is None:
            raise Refusal(_NOTHING_TO_UNDO)
        if edit.by != actor.name:
            raise Refusal(_UNDO_FIRST, who=edit.by)
        rows = planning_rows.load(planning, owners=edit.before)
        for row in rows:
            authorise(actor, Act.DECIDE, row.owner)
        back = planning_rows.restored(rows, edit.before)
        planning_rows.save(planning, back)
        _reopen(planning, rows, back)
        edit.undone = True
        edit.save(update_fields=["undone"])
        note(actor, "undo", "planning", planning, at=at, after=edit.what)
    return back


def _unmoved(
    planning: str,
    cells: Mapping[tuple[str, int], Decimal],
    seen: int,
    *,
    actor: Actor,
) -> dict[tuple[str, int], Decimal]:
    """Return the cells to write: those typed, not those that others wrote meanwhile.

    Raises:
        CellMovedError: If one was both typed and changed by somebody else.
    """
    edits = planning_rows.edits_since(planning, seen)
    owners = {owner for owner, _ in cells}
    rows = {one.owner: one for one in planning_rows.load(planning, owners=owners)}
    found: dict[tuple[str, int], Decimal] = {}
    for (owner, month), typed in cells.items():
        touching = [one for one in edits if _differs(one, owner, month)]
        last = touching[-1] if touching else None
        if owner not in rows or last is None or last.by == actor.name:
            found[owner, month] = typed
            continue
        was = Decimal(touching[0].before[owner]["months"][month])
        present = rows[owner].months[month]
        if typed in {was, present}:
            continue
        if present == was:
            found[owner, month] = typed
            continue
        raise CellMovedError(
            _MOVED,
            who=last.by,
            name=rows[owner].name,
            month=month,
            at=last.at,
            seen=was,
            present=present,
            asked=typed,
        )
    return found


def _differs(edit: PlanningEdit, owner: str, month: int) -> bool:
    before, after = edit.before.get(owner), edit.after.get(owner)
    return bool(before and after and before["months"][month] != after["months"][month])


def _edit(
    planning: str,
    what: str,
    owners: set[str],
    change: Change,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> Grid:
    for owner in owners:
        authorise(actor, Act.DECIDE, owner)
    with transaction.atomic():
        _held(planning)
        rows = planning_rows.load(planning, owners=owners)
        if missing := owners - {row.owner for row in rows}:
            raise Refusal(_NO_ROW, owner=min(missing))
        changed = tuple(change(row) for row in rows)
        _write(planning, what, rows, changed, actor=actor, at=at)
    return changed


def _write(
    planning: str,
    what: str,
    before: Sequence[GridRow],
    after: Sequence[GridRow],
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Write the rows that changed, the edit that undoes them, and the audit."""
    pairs = [(b, a) for b, a in zip(before, after, strict=True) if b != a]
    if not pairs:
        return
    former, new = [b for b, _ in pairs], [a for _, a in pairs]
    planning_rows.save(planning, new)
    _reopen(planning, former, new)
    kept = planning_rows.kept(former), planning_rows.kept(new)
    PlanningEdit.objects.create(
        planning_id=planning,
        by=actor.name,
        at=at,
        what=what,
        before=kept[0],
        after=kept[1],
    )
    note(
        actor,
        what,
        "planning",
        planning,
        at=at,
        before={row.owner: row.total for row in former},
        after={row.owner: row.total for row in new},
    )


def _reopen(planning: str, before: Sequence[GridRow], after: Sequence[GridRow]) -> None:
    """Send to draft the owners whose months changed: they must be asked again."""
    moved = [
        new.owner
        for old, new in zip(before, after, strict=True)
        if old.months != new.months
    ]
    planning_rows.stand(planning, "draft", moved)


def _held(planning: str) -> Planning:
    try:
        return planning_rows.locked(planning)
    except Planning.DoesNotExist as error:
        raise UnknownPlanningError(planning) from error


def _found(planning: str) -> Planning:
    found = Planning.objects.filter(pk=planning).first()
    if found is None:
        raise UnknownPlanningError(planning)
    return found
