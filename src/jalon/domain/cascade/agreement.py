"""From a proposed figure to an agreed one: who may say what, and the compromise.

    draft -> proposed -> agreed
                      -> contested -> proposed (a compromise) | overruled (openly)
             proposed -> overruled

Nothing is published while a contest has no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jalon.domain.cascade.descent import cascaded
from jalon.domain.cascade.grid import GridRow
from jalon.domain.cascade.outcome import Unmet
from jalon.domain.cascade.plan import Measure, Method, Node, Plan
from jalon.domain.refusals import Refusal

ZERO = Decimal(0)


class Standing(StrEnum):
    """Where somebody stands with their figure."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    CONTESTED = "contested"
    OVERRULED = "overruled"


class Said(StrEnum):
    """What may be said of a figure."""

    PROPOSED = "proposed"
    OFFERED = "offered"  # a figure from below, before or beside the one proposed
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    COMPROMISE = "compromise"
    OVERRULED = "overruled"


NEXT: dict[tuple[Standing, Said], Standing] = {
    (Standing.DRAFT, Said.PROPOSED): Standing.PROPOSED,
    (Standing.DRAFT, Said.OFFERED): Standing.DRAFT,
    (Standing.PROPOSED, Said.PROPOSED): Standing.PROPOSED,
    (Standing.PROPOSED, Said.OFFERED): Standing.PROPOSED,
    (Standing.PROPOSED, Said.ACCEPTED): Standing.AGREED,
    (Standing.PROPOSED, Said.CONTESTED): Standing.CONTESTED,
    (Standing.PROPOSED, Said.OVERRULED): Standing.OVERRULED,
    (Standing.CONTESTED, Said.ACCEPTED): Standing.AGREED,
    (Standing.CONTESTED, Said.COMPROMISE): Standing.PROPOSED,
    (Standing.CONTESTED, Said.OVERRULED): Standing.OVERRULED,
    (Standing.OVERRULED, Said.ACCEPTED): Standing.AGREED,
}
SETTLED = frozenset({Standing.AGREED, Standing.OVERRULED})
FROM_BELOW = frozenset({Said.OFFERED, Said.ACCEPTED, Said.CONTESTED})
WITH_REASON = frozenset({Said.CONTESTED, Said.OVERRULED})


class UnableToSayError(Refusal):
    """The figure does not stand where that may be said, or a reason is missing."""


def after(standing: Standing, said: Said, *, reason: str = "") -> Standing:
    """Return where a figure stands after something was said of it.

    Raises:
        UnableToSayError: If that may not be said now, or a reason is missing.
    """
    if (standing, said) not in NEXT:
        raise UnableToSayError(
            'This figure is "{standing}": it cannot be {said} now.',
            standing=Refusal(f"standing.{standing}"),
            said=Refusal(f"said.{said}"),
        )
    if said in WITH_REASON and not reason.strip():
        raise UnableToSayError(
            "A reason is missing: it is kept with its date and shown to both sides."
            ' Example: "My largest account closes its site in March."'
        )
    return NEXT[standing, said]


@dataclass(frozen=True, slots=True)
class Offer:
    """A figure from below and how sure it is, 0 to 1 (None: not said)."""

    figure: Decimal
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One owner in the reconciliation: asked, offered, and the compromise.

    `gap` is asked - offered: the part of the whole gap this owner holds.
    """

    owner: str
    asked: Decimal
    offered: Decimal | None
    compromise: Decimal

    @property
    def gap(self) -> Decimal:
        """Return asked - offered, 0 where nothing was offered."""
        return ZERO if self.offered is None else self.asked - self.offered


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All owners beside one another; `unmet` where bounds leave no compromise."""

    sides: Mapping[str, Side]
    unmet: tuple[Unmet, ...]

    @property
    def gap(self) -> Decimal:
        """Return asked - offered of all who offered: above 0, too little is."""
        return sum((side.gap for side in self.sides.values()), ZERO)


def reconciled(
    rows: Sequence[GridRow],
    offers: Mapping[str, Offer],
    settled: Mapping[str, bool],
    target: Decimal,
    *,
    measure: Measure,
) -> Reconciliation:
    """Return the compromise nearest to all that was asked and offered.

    Who agreed, was overruled or is locked keeps their figure; the others move, the less
    sure the more. The sum stays the target.
    """
    nodes = tuple(_node(row, offers.get(row.owner), settled) for row in rows)
    method = Method.WEIGHTS if measure.additive else Method.EFFORT
    plan = Plan(measure, target, method, nodes=nodes)
    cascade = cascaded(plan, lambda _: measure)
    found = {each.id: Decimal(str(each.target)) for each in cascade.given}
    for row in rows:
        if row.volumes:
            grain = 10 * row.grain
            found[row.owner] = (found[row.owner] / grain).quantize(Decimal(1)) * grain
    sides = {
        row.owner: Side(
            row.owner,
            row.total,
            offer.figure if (offer := offers.get(row.owner)) else None,
            found[row.owner],
        )
        for row in rows
    }
    return Reconciliation(sides, cascade.unmet)


def _node(row: GridRow, offer: Offer | None, settled: Mapping[str, bool]) -> Node:
    person = row.owner.startswith("person:")
    kept = person and (settled.get(row.owner, False) or row.is_locked)
    return Node(
        id=row.owner,
        parent=row.parent,
        weight=row.total if person and not row.volumes else None,
        history=row.total if person and row.volumes else None,
        volume=sum(row.volumes, ZERO) if person and row.volumes else None,
        locked=row.total if kept else None,
        proposed=offer.figure if offer else None,
        confidence=offer.confidence if offer else None,
    )
