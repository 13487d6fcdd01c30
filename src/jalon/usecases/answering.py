"""Each write of a machine once: what was answered under a key is answered again.

A key is kept for a day. A write under way that was cut short may be tried again after
two minutes: every write of the API also guards itself (an id, a mark).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Literal

from django.db import IntegrityError, transaction

from jalon.records.machines import Answered

KEPT = datetime.timedelta(days=1)
CUT_SHORT = datetime.timedelta(minutes=2)


class State(Enum):
    """Why a write is not begun."""

    UNDER_WAY = auto()
    OTHER = auto()


UNDER_WAY: Final = State.UNDER_WAY
OTHER: Final = State.OTHER


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    headers: Mapping[str, str]
    body: str


def begin(
    token: int, key: str, fingerprint: str, *, at: datetime.datetime
) -> int | Kept | Literal[State.UNDER_WAY, State.OTHER]:
    """Return the row of a write begun, or its answer, or why it is not begun."""
    Answered.objects.filter(at__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            made = Answered.objects.create(
                token_id=token, key=key, fingerprint=fingerprint, at=at
            )
    except IntegrityError:
        return _known(token, key, fingerprint, at=at)
    return int(made.pk)


def keep(row: int, answer: Kept) -> None:
    """Keep what was answered."""
    Answered.objects.filter(pk=row).update(
        status=answer.status, headers=dict(answer.headers), body=answer.body
    )


def forget(row: int) -> None:
    """Let the key be used again: nothing was done."""
    Answered.objects.filter(pk=row).delete()


def _known(
    token: int, key: str, fingerprint: str, *, at: datetime.datetime
) -> int | Kept | Literal[State.UNDER_WAY, State.OTHER]:
    with transaction.atomic():
        found = (
            Answered.objects.select_for_update().filter(token_id=token, key=key).first()
        )
        if found is None:
            return UNDER_WAY
        if found.fingerprint != fingerprint:
            return OTHER
        if found.status:
            return Kept(found.status, found.headers, found.body)
        if at - found.at < CUT_SHORT:
            return UNDER_WAY
        Answered.objects.filter(pk=found.pk).update(at=at)
        return int(found.pk)
