"""What the grid of a rate starts from: last year's rates and the volumes under them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.cascade.grid import GridRow, mean
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.workspace.folder import Workspace

ZERO, ONE = Decimal(0), Decimal(1)
SHARE_GRAIN, GRAIN = Decimal("0.0001"), Decimal("0.01")
_NO_PAST = (
    "Nobody has a past on {kpi}: there is nothing to start from. Expected facts of a"
    " year at least, or jalon cascade with your own figures."
)
Cell = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Past:
    """Each one's months, (rate, volume) or None; the rate of all, the usual volume."""

    cells: Mapping[str, tuple[Cell | None, ...]]
    rate: Decimal
    volume: Decimal
    months: int
    grain: Decimal


def grain_of(kpi: Kpi) -> Decimal:
    """Return to what the months of a mean are told: a hundredth of a point, a cent."""
    return SHARE_GRAIN if str(kpi.unit) == "share" else GRAIN


def past(
    workspace: Workspace, kpi: str, months: Sequence[Period], *, on: datetime.date
) -> Past:
    """Return the past of everybody in these months, each the last of its name known.

    Raises:
        Refusal: If nobody has any.
    """
    ranks = {f"{month.first:%Y-%m}": rank for rank, month in enumerate(months)}
    whole = Period(min(m.first for m in months), max(m.after for m in months))
    asked = Question(kpi, whole, by=("person", "month"))
    found: dict[str, list[Cell | None]] = {}
    for line in kpi_values.value(workspace, asked, on=on).rows:
        person, month = line.keys.get("person_id"), line.labels.get("month") or ""
        if person and month in ranks and line.value is not None and line.denominator:
            row = found.setdefault(person, [None] * len(months))
            row[ranks[month]] = (line.value, line.denominator)
    cells = [cell for row in found.values() for cell in row if cell is not None]
    if not cells:
        raise Refusal(_NO_PAST, kpi=kpi)
    rates, volumes = zip(*cells, strict=True)
    grain = grain_of(kpi_values.catalogue(workspace)[kpi])
    usual = sum(volumes, ZERO) / (len(found) * len(months))
    return Past(
        cells={person: tuple(row) for person, row in found.items()},
        rate=mean(rates, volumes, grain=grain) or ZERO,
        volume=max(usual, ONE).quantize(GRAIN),
        months=len(months),
        grain=grain,
    )


def leaf(found: Past, owner: str, parent: str, name: str) -> GridRow:
    """Return the row of a person; a month without a past has the rate of all."""
    empty: tuple[Cell | None, ...] = (None,) * found.months
    mine = found.cells.get(owner.removeprefix("person:"), empty)
    cells = [cell or (found.rate, found.volume) for cell in mine]
    season = tuple(
        (rate / found.grain).quantize(ONE) * found.grain for rate, _ in cells
    )
    return GridRow(
        owner=owner,
        parent=parent,
        name=name,
        months=season,
        locks=(False,) * found.months,
        season=season,
        presence=(),
        volumes=tuple(volume for _, volume in cells),
        grain=found.grain,
    )


def as_mean(owner: str, parent: str, name: str, parts: Sequence[GridRow]) -> GridRow:
    """Return the row of a team: the volumes of its parts, and their mean by month."""
    first = parts[0]
    months, volumes = [], []
    for rank in range(len(first.months)):
        weights = [part.volumes[rank] for part in parts]
        rates = [part.season[rank] for part in parts]
        months.append(mean(rates, weights, grain=first.grain) or ZERO)
        volumes.append(sum(weights, ZERO))
    return replace(
        first,
        owner=owner,
        parent=parent,
        name=name,
        months=tuple(months),
        season=tuple(months),
        volumes=tuple(volumes),
    )
