"""A KPI's own funnel: its levels, the drivers between them, the lever of each.

Levels run from the widest to the KPI itself (leads, qualified leads, closings, wins,
revenue). A driver is a level divided by the one before; their product is the KPI. A
level without data, or at 0, is passed over: its driver then covers two steps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jalon.domain.gaps.chain import lmdi, shapley

Texts = Mapping[str, str]  # by language
ALONE = {"win_rate.denominator": "opportunities"}  # a first level's own driver


@dataclass(frozen=True, slots=True)
class Funnel:
    """Levels as "kpi" or "kpi.numerator", and the name of the driver of each."""

    kpi: str
    basis: str
    levels: tuple[str, ...]
    drivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """What can be done, in both languages."""

    key: str
    label: Texts
    action: Texts


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver's words and the lever it leads to."""

    key: str
    label: Texts
    lever: Lever


@dataclass(frozen=True, slots=True)
class Effect:
    """What a driver was, is, and owns of the change (in the KPI's unit).

    `was` and `now` are None where the driver has no value of its own (rate, mix).
    """

    driver: str
    was: float | None
    now: float | None
    amount: float


def funnel_of(kpi: str, basis: str, *, alone: str = "volume") -> Funnel:
    """Return the funnel of a KPI; one of a single level where none is described.

    `alone` names the driver of that level.
    """
    for funnel in _funnels():
        if funnel.kpi == kpi and funnel.basis in {"", basis}:
            return funnel
    return Funnel(kpi, "", (kpi,), (alone,))


def effects(
    funnel: Funnel, was: Sequence[float | None], now: Sequence[float | None]
) -> tuple[Effect, ...]:
    """Return the effects of the drivers; they add up to the change of the last level.

    `was` and `now` are the levels' values, None where there is no data.
    """
    held = _held(was, now)
    before = _factors([was[rank] or 0.0 for rank in held])
    after = _factors([now[rank] or 0.0 for rank in held])
    names = [_name(funnel, rank, first=rank == held[0]) for rank in held]
    exact = shapley if min(*before, *after) < 0 else lmdi
    shares = exact(before, after)
    return tuple(
        Effect(*each) for each in zip(names, before, after, shares, strict=True)
    )


@cache
def drivers() -> Mapping[str, Driver]:
    """Return the drivers by key, with their levers."""
    found = levers()
    return {
        key: Driver(key, each["label"], found[each["lever"]])
        for key, each in _read("levers.toml")["drivers"].items()
    }


def lever_of_slice(dimensions: Sequence[str]) -> Lever:
    """Return the lever of a slice whose rate fell: that of its last dimension."""
    return levers()[_slices()[dimensions[-1]]]


@cache
def levers() -> Mapping[str, Lever]:
    """Return the levers by key."""
    return {
        key: Lever(key, each["label"], each["action"])
        for key, each in _read("levers.toml")["levers"].items()
    }


@cache
def _slices() -> Mapping[str, str]:
    return dict(_read("levers.toml")["slices"])


@cache
def _funnels() -> tuple[Funnel, ...]:
    folder = files("jalon.domain.gaps.funnels")
    names = sorted(entry.name for entry in folder.iterdir())
    return tuple(
        Funnel(
            kpi=one["kpi"],
            basis=one["basis"],
            levels=tuple(one["levels"]),
            drivers=tuple(one["drivers"]),
        )
        for one in (
            _read(name)
            for name in names
            if name.endswith(".toml") and name != "levers.toml"
        )
    )


def _read(name: str) -> dict[str, Any]:
    text = files("jalon.domain.gaps.funnels").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


def _held(was: Sequence[float | None], now: Sequence[float | None]) -> list[int]:
    """Return the ranks of the levels that can be divided by; the last one always is."""
    last = len(was) - 1
    ranks = [
        rank
        for rank, (a, b) in enumerate(zip(was, now, strict=True))
        if rank != last and a and b
    ]
    return [*ranks, last]


def _factors(levels: Sequence[float]) -> list[float]:
    return [
        level / levels[rank - 1] if rank else level for rank, level in enumerate(levels)
    ]


def _name(funnel: Funnel, rank: int, *, first: bool) -> str:
    if first:
        return ALONE.get(funnel.levels[rank], funnel.drivers[rank])
    return funnel.drivers[rank]
