"""From the counts of a question to its figures: one formula, many groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.figure import (
    MISSING_RATE,
    NO_FACTS,
    NOT_STARTED,
    Figure,
    Formula,
    Input,
    score_margin,
)
from jalon.domain.kpis.flattening import Flat
from jalon.queries.counting import Counts, Key, nothing


class Reckoning:
    """A KPI's formula over the counts of one question."""

    def __init__(self, kpi: Kpi, flat: Flat, counts: Counts) -> None:
        """Make the formula ready; each figure is then a few additions."""
        self._counts = counts
        self._margin = kpi.margin
        self._formula = Formula(flat.formula, beside=flat.beside, minimum=kpi.minimum)
        parts = flat.components.items()
        self._given = {name: part.given for name, part in parts if part.given}
        self._nothing = {name: nothing(part) for name, part in parts if not part.given}
        self._forward = any(
            part.source is not None and part.source.forward for _, part in parts
        )

    def figure(
        self, key: Key, given: Mapping[str, Decimal], *, future: bool = False
    ) -> Figure:
        """Return the figure of a group; `given` are the components no fact carries."""
        reason = self._silent(key, given, future=future)
        if reason:
            return Figure(None, reason=reason)
        return self.of(self._counts.by_key.get(key, {}), given)

    def of(self, counted: Mapping[str, Input], given: Mapping[str, Decimal]) -> Figure:
        """Return the figure of what was counted."""
        inputs = {**self._nothing, **counted}
        for name, handed in self._given.items():
            inputs[name] = given[handed]
        found = self._formula.figure(inputs)
        return _with_margin(found, inputs) if self._margin else found

    @property
    def forward(self) -> bool:
        """Return whether days to come count."""
        return self._forward

    def needs(self, given: Mapping[str, Decimal]) -> str | None:
        """Return the reason where a component that no fact carries was not given."""
        lacking = (one for one in self._given.values() if one not in given)
        return next((f"needs_{one}" for one in lacking), None)

    def _silent(
        self, key: Key, given: Mapping[str, Decimal], *, future: bool
    ) -> str | None:
        """Return why there can be no figure, before any is worked out."""
        if reason := self.needs(given):
            return reason
        if self._counts.lacks_facts:
            return NO_FACTS
        if key in self._counts.missing:
            return MISSING_RATE
        return NOT_STARTED if future and not self._forward else None


def _with_margin(found: Figure, inputs: Mapping[str, Input]) -> Figure:
    """Add the margin of error of a score and its interval."""
    numbers = [inputs.get(name) for name in ("promoters", "detractors", "answers")]
    if found.value is None or not all(isinstance(one, Decimal) for one in numbers):
        return found
    margin = score_margin(*(one for one in numbers if isinstance(one, Decimal)))
    beside = {
        **found.beside,
        "margin": margin,
        "low": max(found.value - margin, Decimal(-100)),
        "high": min(found.value + margin, Decimal(100)),
    }
    return replace(found, beside=beside)
