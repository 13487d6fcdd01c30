"""A ratio that changed: how much the rates moved, how much the mix.

R = Σ n_i / Σ d_i over segments i: rates r_i = n_i / d_i, shares s_i = d_i / Σ d.
The symmetric (Marshall-Edgeworth) split is exact: rate_i = mean(s_i) · Δr_i and
mix_i = Δs_i · (mean(r_i) - mean(R)). A segment that is new or gone has no rate on one
side: all its effect is mix. A ratio may fall while every rate rises; this shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A segment's numerator and denominator, in the two periods."""

    key: str
    was: tuple[float, float]
    now: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a segment owns of the change: by its rate, by its share."""

    key: str
    rate: float
    mix: float


def rate_and_mix(parts: Sequence[Part]) -> tuple[Effect, ...]:
    """Return the effects of all segments; they add up to the change of the ratio.

    Raises:
        ValueError: If one period has no denominator at all.
    """
    all_was = sum(part.was[1] for part in parts)
    all_now = sum(part.now[1] for part in parts)
    if all_was <= 0 or all_now <= 0:
        message = "a period has no denominator: the ratio has no value there"
        raise ValueError(message)
    ratio_was = sum(part.was[0] for part in parts) / all_was
    ratio_now = sum(part.now[0] for part in parts) / all_now
    middle = (ratio_was + ratio_now) / 2
    return tuple(_effect(part, all_was, all_now, middle) for part in parts)


def _effect(part: Part, all_was: float, all_now: float, middle: float) -> Effect:
    share_was, share_now = part.was[1] / all_was, part.now[1] / all_now
    rate_was, rate_now = _rates(part)
    return Effect(
        key=part.key,
        rate=(share_was + share_now) / 2 * (rate_now - rate_was),
        mix=(share_now - share_was) * ((rate_was + rate_now) / 2 - middle),
    )


def _rates(part: Part) -> tuple[float, float]:
    """Return the two rates; where one is missing, the other stands for it."""
    was = part.was[0] / part.was[1] if part.was[1] else None
    now = part.now[0] / part.now[1] if part.now[1] else None
    if was is None and now is None:
        return 0.0, 0.0
    if was is None or now is None:
        known = now if was is None else was
        return known or 0.0, known or 0.0
    return was, now
