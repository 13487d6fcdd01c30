"""Between the rows of the database and the readings of the boards."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalon.records.objective_rows import BATCH
from jalon.records.readings import Reading

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """What names a reading: the subject, the day, the snapshot, the definition."""

    about: str
    on: datetime.date
    snapshot: str
    definition: str


def kept(keys: Collection[Key]) -> dict[Key, Answer]:
    """Return the readings kept under these keys, in one query."""
    wanted = set(keys)
    rows = Reading.objects.filter(
        about__in={key.about for key in wanted}, on__in={key.on for key in wanted}
    ).order_by("id")
    found = {
        Key(row.about, row.on, row.snapshot, row.definition): row.answer for row in rows
    }
    return {key: answer for key, answer in found.items() if key in wanted}


def latest(about: str) -> dict[Key, Answer]:
    """Return the last reading of each subject whose name begins so."""
    rows = Reading.objects.filter(about__startswith=about).order_by("on", "id")
    found = {row.about: row for row in rows}
    return {
        Key(row.about, row.on, row.snapshot, row.definition): row.answer
        for row in found.values()
    }


def keep(readings: Sequence[tuple[Key, Answer]]) -> None:
    """Write readings; one already kept under the same key stays as it is."""
    Reading.objects.bulk_create(
        [
            Reading(
                about=key.about,
                on=key.on,
                snapshot=key.snapshot,
                definition=key.definition,
                answer=dict(answer),
            )
            for key, answer in readings
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
