"""Figures that agree at every level: the samples of people add up to the team's.

A team forecast for itself is better than the sum of its people's, and its people must
still add up to it. In each scenario the people's part to come is scaled so that their
sum is the team's sample of the same rank: the team's distribution is kept exactly, the
people's dependence is kept as the simulation drew it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jalon.domain.forecast.history import Floats


def agreed(whole: Floats, parts: Sequence[Floats]) -> list[Floats]:
    """Return the parts, scaled scenario by scenario to add up to the whole.

    All are samples of what is still to come, of one length, none negative. The whole
    is reordered as the sum of the parts is; where all parts are zero in a scenario and
    the whole is not, it is shared equally.
    """
    stacked = np.stack(parts)
    total = stacked.sum(axis=0)
    target = np.empty_like(whole)
    target[np.argsort(total, kind="stable")] = np.sort(whole)
    share = np.where(
        total > 0, stacked / np.where(total > 0, total, 1), 1 / len(stacked)
    )
    return list(share * target)


def reordered(whole: Floats, parts: Sequence[Floats]) -> Floats:
    """Return the whole's samples in the order that the sum of `agreed` parts has."""
    total = np.sum(np.stack(parts), axis=0)
    found = np.empty_like(whole)
    found[np.argsort(total, kind="stable")] = np.sort(whole)
    return found
