"""Between the rows of the database and the domain's planning grid.

Writing belongs in the caller's transaction; `locked` holds the planning's line until
its end, so that two people never edit over each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from jalon.domain.cascade.grid import CENT, Grid, GridRow
from jalon.records.plannings import Planning, PlanningEdit, PlanningRow, PlanningWord

BATCH = 500
Kept = dict[str, object]


def load(planning: str, *, owners: Iterable[str] | None = None) -> Grid:
    """Return the rows of a planning in order, some owners' only where given."""
    rows = PlanningRow.objects.filter(planning_id=planning).order_by("rank")
    if owners is not None:
        rows = rows.filter(owner__in=tuple(owners))
    return tuple(_row(row) for row in rows.select_related("planning"))


def standings(planning: str) -> dict[str, str]:
    """Return where each owner stands with their figure."""
    rows = PlanningRow.objects.filter(planning_id=planning).order_by("rank")
    return dict(rows.values_list("owner", "standing"))


def create(planning: Planning, rows: Sequence[GridRow]) -> None:
    """Write a new planning and its rows."""
    planning.save(force_insert=True)
    PlanningRow.objects.bulk_create(
        [
            PlanningRow(
                planning=planning,
                owner=row.owner,
                parent=row.parent,
                name=row.name,
                rank=rank,
                season=_texts(row.season),
                presence=_texts(row.presence),
                volumes=_texts(row.volumes),
                **_cells(row),
            )
            for rank, row in enumerate(rows)
        ],
        batch_size=BATCH,
    )


def save(planning: str, rows: Sequence[GridRow]) -> None:
    """Write the cells and locks of some rows."""
    by_owner = {row.owner: row for row in rows}
    found = list(
        PlanningRow.objects.filter(planning_id=planning, owner__in=by_owner).order_by(
            "rank"
        )
    )
    for one in found:
        cells = _cells(by_owner[one.owner])
        one.months, one.locks = cells["months"], cells["locks"]
    PlanningRow.objects.bulk_update(found, ["months", "locks"], batch_size=BATCH)


def stand(planning: str, standing: str, owners: Iterable[str]) -> None:
    """Write where some owners stand with their figure."""
    PlanningRow.objects.filter(planning_id=planning, owner__in=tuple(owners)).update(
        standing=standing
    )


def locked(planning: str) -> Planning:
    """Return the planning, held until the end of the transaction.

    Raises:
        Planning.DoesNotExist: If there is none of that name.
    """
    return Planning.objects.select_for_update().get(pk=planning)


def say(  # noqa: PLR0913 - a word, of whom, how much, how sure, why, by whom and when
    planning: str,
    owner: str,
    word: str,
    *,
    by: str,
    at: datetime.datetime,
    on: datetime.date,
    figure: Decimal | None = None,
    confidence: Decimal | None = None,
    text: str = "",
) -> None:
    """Add a word about an owner's figure."""
    PlanningWord.objects.create(
        planning_id=planning,
        owner=owner,
        word=word,
        figure=figure,
        confidence=confidence,
        text=text,
        by=by,
        at=at,
        on=on,
    )


def words(planning: str) -> dict[str, list[PlanningWord]]:
    """Return what was said of each owner's figure, oldest first."""
    found: dict[str, list[PlanningWord]] = {}
    for one in PlanningWord.objects.filter(planning_id=planning).order_by("id"):
        found.setdefault(one.owner, []).append(one)
    return found


def kept(rows: Iterable[GridRow]) -> dict[str, Kept]:
    """Return cells and locks as an edit keeps them."""
    return {row.owner: _cells(row) for row in rows}


def restored(
    rows: Iterable[GridRow], cells: Mapping[str, Mapping[str, list[str]]]
) -> Grid:
    """Return the rows with the cells an edit kept."""
    return tuple(
        GridRow(
            owner=row.owner,
            parent=row.parent,
            name=row.name,
            months=_decimals(cells[row.owner]["months"]),
            locks=tuple(map(bool, cells[row.owner]["locks"])),
            season=row.season,
            presence=row.presence,
            volumes=row.volumes,
            grain=row.grain,
        )
        for row in rows
        if row.owner in cells
    )


def last_edit(planning: str) -> PlanningEdit | None:
    """Return the last edit that was not undone."""
    edits = PlanningEdit.objects.filter(planning_id=planning, undone=False)
    return edits.order_by("-id").first()


def last_number(planning: str) -> int:
    """Return the number of the last edit, undone or not; 0 before the first."""
    edits = PlanningEdit.objects.filter(planning_id=planning).order_by("-id")
    return int(edits.values_list("id", flat=True).first() or 0)


def edits_since(planning: str, seen: int) -> list[PlanningEdit]:
    """Return the edits after one that was read, in their order."""
    edits = PlanningEdit.objects.filter(planning_id=planning, pk__gt=seen)
    return list(edits.order_by("id"))


def _cells(row: GridRow) -> Kept:
    return {"months": _texts(row.months), "locks": list(row.locks)}


def _row(row: PlanningRow) -> GridRow:
    return GridRow(
        owner=row.owner,
        parent=row.parent,
        name=row.name,
        months=_decimals(row.months),
        locks=tuple(map(bool, row.locks)),
        season=_decimals(row.season),
        presence=_decimals(row.presence),
        volumes=_decimals(row.volumes),
        grain=row.planning.step or CENT,
    )


def _texts(numbers: Iterable[Decimal]) -> list[str]:
    return [f"{number.normalize():f}" for number in numbers]


def _decimals(texts: Iterable[str]) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))
