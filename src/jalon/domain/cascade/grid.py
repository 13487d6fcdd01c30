"""The planning grid: owners by months, and what may be done to its cells.

A row is an owner; a cell is an amount of one month. People are under teams, teams
under the company. A parent's row is what is asked of it; the sum of its parts is shown
beside, never written over it.

A rate or a mean does not add up: each of its months carries a volume (the deals closed,
say), a total is the mean weighted by them, and so is what the parts come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.cascade.descent import cascaded
from jalon.domain.cascade.outcome import Unmet
from jalon.domain.cascade.plan import Measure, Method, Node, Plan
from jalon.domain.cascade.season import Spread, spread
from jalon.domain.refusals import Refusal

ZERO, CENT = Decimal(0), Decimal("0.01")
_ALL_LOCKED = "Every month of {name} is locked. Unlock one to change its total."
_LOCKED = "This month of {name} is locked. Unlock it to change it."
_BELOW_LOCKS = (
    "The locked months of {name} add up to {locked}, more than {total}."
    " Expected a higher total, or a month unlocked."
)
_NO_ROOM = (
    "The locked months of {name} leave no room for that mean. Unlock one, or expect"
    " a figure nearer to theirs."
)
_NEGATIVE = "{found} is below 0. Expected an amount such as 12500."


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One owner's months; `season` are last year's, `presence` the work to come.

    `presence` counts working days, ramp, part-time and absences; only shares count.
    A rate has `volumes`, last year's denominators, and is told to the `grain`.
    """

    owner: str
    parent: str
    name: str
    months: tuple[Decimal, ...]
    locks: tuple[bool, ...]
    season: tuple[Decimal, ...]
    presence: tuple[Decimal, ...]
    volumes: tuple[Decimal, ...] = ()
    grain: Decimal = CENT

    @property
    def total(self) -> Decimal:
        """Return the year."""
        return self._whole(self.months)

    @property
    def history(self) -> Decimal:
        """Return last year."""
        return self._whole(self.season)

    def _whole(self, months: Sequence[Decimal]) -> Decimal:
        if not self.volumes:
            return sum(months, ZERO)
        return mean(months, self.volumes, grain=10 * self.grain) or ZERO

    @property
    def is_locked(self) -> bool:
        """Return whether no cell may move."""
        return all(self.locks)


Grid = tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """What the parts of a row add up to, by month and in all."""

    months: tuple[Decimal, ...]
    total: Decimal


def mean(
    values: Iterable[Decimal], volumes: Iterable[Decimal], *, grain: Decimal
) -> Decimal | None:
    """Return the mean weighted by volumes, to the grain; None without any volume."""
    pairs = list(zip(values, volumes, strict=True))
    whole = sum((volume for _, volume in pairs), ZERO)
    if not whole:
        return None
    found = sum((value * volume for value, volume in pairs), ZERO) / whole
    return (found / grain).quantize(Decimal(1)) * grain


def below(rows: Iterable[GridRow]) -> dict[str, Below]:
    """Return what the parts of each owner that has any come to: sum, or mean."""
    rows = tuple(rows)
    if any(row.volumes for row in rows):
        return {
            owner: _mean_of(parts)
            for owner, parts in parts_of(rows).items()
            if owner and parts
        }
    found: dict[str, list[Decimal]] = {}
    for row in rows:
        if not row.parent:
            continue
        sums = found.setdefault(row.parent, [ZERO] * len(row.months))
        for rank, amount in enumerate(row.months):
            sums[rank] += amount
    return {
        owner: Below(tuple(months), sum(months, ZERO))
        for owner, months in found.items()
    }


def _mean_of(parts: Sequence[GridRow]) -> Below:
    grain = parts[0].grain
    months = tuple(
        mean(
            [part.months[rank] for part in parts],
            [part.volumes[rank] for part in parts],
            grain=grain,
        )
        or ZERO
        for rank in range(len(parts[0].months))
    )
    values = [value for part in parts for value in part.months]
    volumes = [volume for part in parts for volume in part.volumes]
    return Below(months, mean(values, volumes, grain=10 * grain) or ZERO)


def with_cell(row: GridRow, month: int, amount: Decimal) -> GridRow:
    """Return the row with one month changed; the others stay.

    Raises:
        Refusal: If the month is locked, or the amount below 0.
    """
    if amount < 0:
        raise Refusal(_NEGATIVE, found=amount)
    if row.locks[month]:
        raise Refusal(_LOCKED, name=row.name)
    months = (*row.months[:month], amount, *row.months[month + 1 :])
    return replace(row, months=months)


def with_lock(row: GridRow, month: int | None, *, locked: bool) -> GridRow:
    """Return the row with a month, or all of them, locked or not."""
    chosen = range(len(row.locks)) if month is None else (month,)
    locks = tuple(
        locked if rank in chosen else lock for rank, lock in enumerate(row.locks)
    )
    return replace(row, locks=locks)


def with_total(
    row: GridRow,
    total: Decimal,
    how: Spread,
    *,
    step: Decimal,
    season: Sequence[Decimal] = (),
) -> GridRow:
    """Return the row spread anew over its free months, whose sum is the total.

    `season` is the whole company's, since one person's months are mostly chance; the
    row's own where it is not given. A rate is brought to that mean.

    Raises:
        Refusal: If all months are locked elsewhere, or lock more than the total.
    """
    if total < 0:
        raise Refusal(_NEGATIVE, found=total)
    kept = [
        amount if lock else None
        for amount, lock in zip(row.months, row.locks, strict=True)
    ]
    locked = sum((amount for amount in kept if amount is not None), ZERO)
    if row.is_locked and row.total != total:
        raise Refusal(_ALL_LOCKED, name=row.name)
    if row.volumes:
        return _with_rate(row, total, how, season)
    if locked > total:
        raise Refusal(_BELOW_LOCKS, name=row.name, locked=locked, total=total)
    return replace(
        row,
        months=spread(
            total, _weights(row, how, season or row.season), step=step, locked=kept
        ),
    )


def _with_rate(
    row: GridRow, total: Decimal, how: Spread, season: Sequence[Decimal]
) -> GridRow:
    """Return the row whose free months bring its mean to the total.

    Evenly, all are the same; by the season, each moves by the same effort from last
    year's. Locked months keep theirs.
    """
    if row.is_locked:
        return row
    last = season or row.season
    from_last = how is Spread.SEASON and all(value > 0 for value in last)
    nodes = tuple(
        Node(
            id=str(rank),
            history=last[rank] if from_last else total,
            volume=row.volumes[rank],
            locked=row.months[rank] if row.locks[rank] else None,
        )
        for rank in range(len(row.months))
    )
    share = row.grain < CENT and max(total, *row.months, *last) < 1
    measure = Measure("", "share" if share else "number", additive=False, step=None)
    found = cascaded(
        Plan(measure, total, Method.EFFORT, nodes=nodes), lambda _: measure
    )
    if found.unmet:
        raise Refusal(_NO_ROOM, name=row.name)
    months = {each.id: Decimal(str(each.target)) for each in found.given}
    return replace(
        row,
        months=tuple(
            (months[str(rank)] / row.grain).quantize(Decimal(1)) * row.grain
            for rank in range(len(row.months))
        ),
    )


def _weights(row: GridRow, how: Spread, whole: Sequence[Decimal]) -> Sequence[Decimal]:
    even = (Decimal(1),) * len(row.months)
    match how:
        case Spread.EVEN:
            return even
        case Spread.WEIGHTED:
            return row.presence if any(row.presence) else even
    season = [
        last * here if any(row.presence) else last
        for last, here in zip(whole, _presence_shares(row), strict=True)
    ]
    return season if any(season) else _weights(row, Spread.WEIGHTED, whole)


def _presence_shares(row: GridRow) -> Sequence[Decimal]:
    """Return how much of the fullest month each month is: a season meets a ramp."""
    fullest = max(row.presence, default=ZERO)
    if not fullest:
        return (Decimal(1),) * len(row.months)
    return tuple(share / fullest for share in row.presence)


@dataclass(frozen=True, slots=True)
class Shared:
    """A grid shared out anew, and what could not be handed out."""

    rows: Grid
    unmet: tuple[Unmet, ...]


def shared(
    rows: Grid, target: Decimal, method: Method, how: Spread, *, measure: Measure
) -> Shared:
    """Return the grid with the target shared out among the rows that are not locked.

    The first row without parent carries the target. A row all of whose months are
    locked keeps its total; one with some months locked receives them at least. The
    months of a parent are those of its parts, wherever they add up to its total.
    """
    step = measure.step or Decimal(1)
    most = (
        max(map(_days, rows), default=ZERO),
        max(map(_fullness, rows), default=ZERO),
    )
    nodes = tuple(_node(row, method, most) for row in rows)
    plan = Plan(measure, target, method, nodes=nodes)
    found = cascaded(plan, lambda _: measure)
    totals = {each.id: Decimal(str(each.target)) for each in found.given}
    season = rows[0].season
    moved = tuple(
        row
        if row.is_locked
        else with_total(
            row,
            totals.get(row.owner, row.total),
            how,
            step=step,
            season=season,
        )
        for row in rows
    )
    return Shared(_as_their_parts(moved), found.unmet)


def _as_their_parts(rows: Grid) -> Grid:
    """Return the rows, parents taking the months of their parts where sums agree."""
    found = {row.owner: row for row in rows}
    parts = parts_of(rows)
    for row in reversed(rows):
        under = [found[part.owner] for part in parts.get(row.owner, ())]
        if row.volumes:
            if under and not any(row.locks):
                found[row.owner] = replace(row, months=_mean_of(under).months)
            continue
        months = tuple(
            sum((part.months[rank] for part in under), ZERO)
            for rank in range(len(row.months))
        )
        if under and not any(row.locks) and sum(months, ZERO) == row.total:
            found[row.owner] = replace(row, months=months)
    return tuple(found[row.owner] for row in rows)


def _node(row: GridRow, method: Method, most: tuple[Decimal, Decimal]) -> Node:
    """Return the row as a node; who has months without work is relieved of them.

    Somebody with no past at all has no history, which the split guesses, and says so.
    """
    at_least = sum(
        (amount for amount, lock in zip(row.months, row.locks, strict=True) if lock),
        ZERO,
    )
    person = row.owner.startswith("person:")
    if row.volumes:
        return Node(
            id=row.owner,
            parent=row.parent,
            history=row.history if person else None,
            volume=sum(row.volumes, ZERO) if person else None,
            locked=row.total if row.is_locked and row.parent else None,
        )
    known = row.history > 0
    mine, full = (_fullness(row), most[1]) if known else (_days(row), most[0])
    relieved = person and method is Method.HISTORY and full > 0
    return Node(
        id=row.owner,
        parent=row.parent,
        history=row.history if person and known else None,
        capacity=_days(row) if person else None,
        ramp=mine / full if relieved else Decimal(1),
        locked=row.total if row.is_locked and row.parent else None,
        floor=at_least or None,
    )


def _days(row: GridRow) -> Decimal:
    """Return the days of work to come: working days x part-time x ramp."""
    return sum(row.presence, ZERO) if row.owner.startswith("person:") else ZERO


def _fullness(row: GridRow) -> Decimal:
    """Return how many full months the months to come are worth."""
    return sum(_presence_shares(row), ZERO) if _days(row) else ZERO


def parts_of(rows: Iterable[GridRow]) -> Mapping[str, tuple[GridRow, ...]]:
    """Return the rows under each owner."""
    found: dict[str, list[GridRow]] = defaultdict(list)
    for row in rows:
        found[row.parent].append(row)
    return {owner: tuple(parts) for owner, parts in found.items()}
