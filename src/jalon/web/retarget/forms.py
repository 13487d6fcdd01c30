"""A re-target as its form says it: a figure or a change, a day, a reason, a message."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.objective import RATES
from jalon.domain.objectives.revising import REASONS
from jalon.domain.refusals import Refusal
from jalon.queries.pages import Line
from jalon.usecases.retarget import Retarget
from jalon.web.planning.forms import one_of
from jalon.web.planning.numbers import amount

LISTED = tuple(reason for reason in REASONS if reason != "import")
_NO_TARGET = "The new target is missing. Expected e.g. 120000, 28 % or +12 %."
_NO_BASELINE = (
    "A change such as {found} needs a baseline, which this objective has not."
    " Expected a figure."
)
_AMBIGUOUS = (
    "{found} of a rate has two readings. Expected +6 pt, or a rate such as 28 %."
)
_NO_DAY = "{found} is no date. Expected e.g. 2026-07-01."


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed, to be shown again."""

    new: str = ""
    effective_on: str = ""
    reason: str = ""
    text: str = ""
    priorities: str = ""
    message: str = ""
    seen: str = ""
    carry: bool = True
    credit: bool = True


def given(data: Mapping[str, str], *, on: datetime.date) -> Given:
    """Return what the address or the form says; both choices stand by default."""
    began = "new" in data
    return Given(
        new=data.get("new", "").strip(),
        effective_on=data.get("effective_on") or on.isoformat(),
        reason=data.get("reason", ""),
        text=data.get("text", ""),
        priorities=data.get("priorities", ""),
        message=data.get("message", ""),
        seen=data.get("seen", ""),
        carry="carry" in data or not began,
        credit="credit" in data or not began,
    )


def read(said: Given, line: Line) -> Retarget:
    """Return the re-target asked for.

    Raises:
        Refusal: If a field is missing or cannot be read.
    """
    try:
        day = datetime.date.fromisoformat(said.effective_on)
    except ValueError as error:
        raise Refusal(_NO_DAY, found=said.effective_on) from error
    return Retarget(
        new=target(said.new, line),
        effective_on=day,
        reason=one_of(said.reason or LISTED[0], list(LISTED)),
        text=said.text,
        carry=said.carry,
        credit=said.credit,
        priorities=said.priorities,
        message=said.message,
        seen=_seen(said.seen),
    )


def _seen(text: str) -> Decimal | None:
    """Return the target that the page showed, None where it says none."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def target(text: str, line: Line) -> Decimal:
    """Return the figure typed, or the change from the baseline: `+12 %`, `+6 pt`.

    Raises:
        Refusal: If it is neither.
    """
    if not text:
        raise Refusal(_NO_TARGET)
    rate = line.unit in RATES
    if text[0] in "+-−x×":
        return _changed(text, line, rate=rate)
    percent = text.endswith("%")
    value = amount(text.rstrip("% \u00a0\u202f"))
    return value / 100 if percent and rate else value


def _changed(text: str, line: Line, *, rate: bool) -> Decimal:
    try:
        change = read_change(text, rate=rate)
    except UnreadableChangeError as error:
        raise Refusal(_NO_TARGET) from error
    except AmbiguousChangeError as error:
        raise Refusal(_AMBIGUOUS, found=text) from error
    if line.baseline is None:
        raise Refusal(_NO_BASELINE, found=text)
    return change.of(line.baseline)
