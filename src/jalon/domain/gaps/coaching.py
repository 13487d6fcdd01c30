"""Where help pays most: a person's funnel beside the team's, drawn to it when small.

A person's share at each stage is worked out as if `WEIGHT` deals of the team's share
came before their own, so that three lost deals are no verdict. What a stage would bring
is how many more deals the person would have won at the team's share there, all else
being equal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jalon.domain.gaps.shares import Share, shrunk
from jalon.domain.gaps.stages import Stage

WEIGHT = 20.0
SURE = 0.80  # chance of being below the team from which a stage is named
LEVERS = ("qualification", "pitch", "offer")  # early, middle and late stages


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a person: their share, their past, the team's, what it would bring.

    `share` is shrunk; `below` the chance that theirs is below the team's; `gain` in
    deals won over the window, 0 where they are not below.
    """

    name: str
    own: Share
    share: float
    past: Share
    team: Share
    days: int | None
    team_days: int | None
    below: float
    gain: float
    lever: str


def steps(
    own: Sequence[Stage], past: Sequence[Stage], team: Sequence[Stage], *, won: int
) -> tuple[Step, ...]:
    """Return the stages where the team has a share; `won` is what the person won."""
    last = max(len(own) - 1, 1)
    found = []
    for rank, (mine, before, theirs) in enumerate(zip(own, past, team, strict=True)):
        whole = theirs.moved.value
        if not whole:
            continue
        share = shrunk(mine.moved, whole, weight=WEIGHT)
        found.append(
            Step(
                name=mine.name,
                own=mine.moved,
                share=share,
                past=before.moved,
                team=theirs.moved,
                days=mine.median,
                team_days=theirs.median,
                below=_below(mine.moved, whole),
                gain=max(won * (whole / share - 1), 0.0) if share else 0.0,
                lever=LEVERS[round(rank / last * (len(LEVERS) - 1))],
            )
        )
    return tuple(found)


def where_help_pays(found: Sequence[Step]) -> Step | None:
    """Return the stage that would bring most, among those surely below the team's."""
    below = [one for one in found if one.below >= SURE and one.gain > 0]
    return max(below, key=lambda one: one.gain, default=None)


def _below(own: Share, whole: float) -> float:
    """Return the chance that a share is below the whole's (normal approximation)."""
    share = shrunk(own, whole, weight=WEIGHT)
    deviation = math.sqrt(share * (1 - share) / (own.tried + WEIGHT))
    if not deviation:
        return 0.5
    return 0.5 * (1 + math.erf((whole - share) / deviation / math.sqrt(2)))
