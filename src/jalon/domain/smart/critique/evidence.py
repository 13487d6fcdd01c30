"""What the data say of a sentence: measured elsewhere, judged here."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 3  # past periods before a place among them means something


@dataclass(frozen=True, slots=True)
class Effort:
    """What the target asks more of one plain driver than today's rate gives."""

    kpi: str
    more: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Figures of one owner and KPI, in the KPI's unit (a share as a fraction).

    `history` is what past periods of the same length were worth, oldest first.
    `reason` says why there is no baseline; `missing` names the facts the KPI lacks.
    `probability` is None with `no_probability` saying why. `parent`, `role_fits` and
    `within_reach` are None where nothing tells.
    """

    baseline: float | None = None
    baseline_told: str = ""
    history: tuple[float, ...] = ()
    target: float | None = None
    lower_is_better: bool = False
    efforts: tuple[Effort, ...] = ()
    probability: float | None = None
    no_probability: str = "no_data"
    missing: tuple[str, ...] = ()
    reason: str = ""
    parent: str = ""
    role_fits: bool | None = None
    within_reach: bool | None = None
    carried: int | None = None
    most: int = 3
    currency: str = "EUR"


NOTHING = Evidence(reason="no_data")
