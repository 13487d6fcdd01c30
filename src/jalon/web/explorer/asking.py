"""An exploration in an address: read with what is wrong set aside, and written back.

`first` and `last` are both inside, as people say them; an address without them names a
preset (`period=running_quarter`), which follows the calendar.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from jalon.domain.kpis.conditions import OPERATORS
from jalon.domain.periods import Period
from jalon.domain.periods.presets import CUSTOM, PRESETS, preset_period
from jalon.queries.explorer import AGAINST, Exploration

GRAINS = ("", "day", "week", "month", "quarter", "year")
BASES = ("", "deals", "orders")
FIRST_KPI = "revenue"
LONGEST_YEARS = 30
DIMENSIONS_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks; `adding` is a filter being typed: dimension, sign, value.

    `faults` are codes of what could not be read.
    """

    exploration: Exploration
    preset: str
    adding: tuple[str, str, str] = ("", "=", "")
    sort: str = ""
    page: int = 1
    faults: tuple[str, ...] = field(default=())

    @property
    def last(self) -> datetime.date:
        """Return the last day asked."""
        return self.exploration.period.after - datetime.timedelta(days=1)

    def address(self, **changes: object) -> str:
        """Return the query string of the question, some of its parts changed."""
        asked = self.exploration
        parts: list[tuple[str, str]] = [("kpi", asked.kpi)]
        parts += [("by", name) for name in asked.by]
        if asked.grain:
            parts.append(("grain", asked.grain))
        parts.append(("period", self.preset))
        if self.preset == CUSTOM:
            parts.append(("first", asked.period.first.isoformat()))
            parts.append(("last", self.last.isoformat()))
        parts += [("where", text) for text in asked.where]
        if asked.against:
            parts.append(("against", asked.against))
        if asked.basis:
            parts.append(("basis", asked.basis))
        wanted: dict[str, object] = {"sort": self.sort, **changes}
        parts += [(name, str(value)) for name, value in wanted.items() if value]
        return urlencode(parts)


def read(
    given: QueryDict, *, on: datetime.date, first_month: int, keys: frozenset[str]
) -> Asked:
    """Return what an address asks; what is no choice falls back to the usual one."""
    faults: list[str] = []
    kpi = given.get("kpi", "") or FIRST_KPI
    if kpi not in keys:
        faults.append("explorer.unknown_kpi")
        kpi = FIRST_KPI
    preset, period = _period(given, on, first_month, faults)
    where, adding = _where(given)
    by = tuple(dict.fromkeys(name for name in given.getlist("by") if name))
    if len(by) > DIMENSIONS_MOST:
        faults.append("explorer.too_many_dimensions")
    return Asked(
        exploration=Exploration(
            kpi=kpi,
            period=period,
            by=by[:DIMENSIONS_MOST],
            grain=_choice(given, "grain", GRAINS),
            where=where,
            basis=_choice(given, "basis", BASES),
            against=_choice(given, "against", AGAINST),
        ),
        preset=preset,
        adding=adding,
        sort=given.get("sort", ""),
        page=_page(given.get("page", "")),
        faults=tuple(faults),
    )


def _choice(given: QueryDict, name: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, "")
    return value if value in allowed else ""


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() else 1


def _period(
    given: QueryDict, on: datetime.date, first_month: int, faults: list[str]
) -> tuple[str, Period]:
    preset = given.get("period", "")
    if preset == CUSTOM:
        try:
            first = datetime.date.fromisoformat(given.get("first", ""))
            last = datetime.date.fromisoformat(given.get("last", ""))
        except ValueError:
            faults.append("explorer.bad_days")
        else:
            after = last + datetime.timedelta(days=1)
            if first <= last and after.year - first.year <= LONGEST_YEARS:
                return CUSTOM, Period(first, after)
            faults.append("explorer.bad_days")
    preset = preset if preset in PRESETS else "running_year"
    return preset, preset_period(preset, on=on, first_month=first_month)


def _where(given: QueryDict) -> tuple[tuple[str, ...], tuple[str, str, str]]:
    """Return the filters, the one being typed among them once it is whole."""
    where = [text for text in given.getlist("where") if text.strip()]
    name = given.get("dimension", "")
    sign = given.get("operator", "=")
    sign = sign if sign in OPERATORS else "="
    value = given.get("value", "").strip()
    if name and value:
        where.append(f"{name}{sign}{value}")
        return tuple(dict.fromkeys(where)), ("", "=", "")
    return tuple(dict.fromkeys(where)), (name, sign, value)
