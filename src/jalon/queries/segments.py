"""The company's revenue by segment, sector, region and product line, against N-1.

Asked of the facts when objectives are evaluated and kept with them; a page asks for
what is kept. The period is the running fiscal year up to the day, like for like.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jalon.domain.attainment.segments import Segments, Slice, segments
from jalon.domain.kpis.question import AnswerRow, Question
from jalon.domain.periods import Period
from jalon.domain.periods.comparison import in_n_1
from jalon.queries import kpi_values
from jalon.records import evaluation_rows, reading_rows
from jalon.records.reading_rows import Answer, Key
from jalon.workspace.folder import Workspace

DIMENSIONS = ("segment", "sector", "region", "line")
MONEY, SALES = "revenue", "average_basket"
ABOUT, DEFINITION = "segments", "revenue-2"
ONE = datetime.timedelta(days=1)
ZERO = Decimal(0)


def key_of(on: datetime.date, snapshot: str) -> Key:
    """Return the name the answer is kept under."""
    return Key(ABOUT, on, snapshot, DEFINITION)


def year_to_date(workspace: Workspace, *, on: datetime.date) -> Period:
    """Return the running fiscal year up to the end of the day."""
    year = kpi_values.running_period(workspace, on=on)
    return Period(year.first, on + ONE)


def company_segments(
    workspace: Workspace, *, on: datetime.date, snapshot: str
) -> Segments | None:
    """Return the slices, kept or computed now; None before the first import."""
    if not snapshot:
        return None
    key = key_of(on, snapshot)
    kept = reading_rows.kept([key]).get(key)
    answer = computed(workspace, on=on, snapshot=snapshot) if kept is None else kept
    slices = [_read(one) for one in answer["slices"]]
    return segments(_read(answer["company"]), slices)


def computed(workspace: Workspace, *, on: datetime.date, snapshot: str) -> Answer:
    """Return the slices as they are kept."""
    now = year_to_date(workspace, on=on)
    asked = [(kpi, one) for one in (now, in_n_1(now)) for kpi in (MONEY, SALES)]
    names = ("", *DIMENSIONS)
    questions = [
        Question(kpi, period, (name,) if name else ())
        for name in names
        for kpi, period in asked
    ]
    answers = iter(kpi_values.values(workspace, questions, on=on, snapshot=snapshot))
    found: dict[str, dict[str | None, list[Decimal]]] = {}
    for name in names:
        for at, (kpi, _period) in enumerate(asked):
            for row in next(answers).rows:
                cells = found.setdefault(name, {}).setdefault(
                    row.labels.get(name), [ZERO] * len(asked)
                )
                cells[at] = _figure(kpi, row)
    (whole,) = found[""].values()
    return {
        "company": _written("", None, whole),
        "slices": [
            _written(name, label, cells)
            for name in DIMENSIONS
            for label, cells in found.get(name, {}).items()
        ],
    }


def _figure(kpi: str, row: AnswerRow) -> Decimal:
    return (row.value if kpi == MONEY else row.denominator) or ZERO


def _written(name: str, label: str | None, cells: list[Decimal]) -> dict[str, Any]:
    rounded = [evaluation_rows.rounded(cell) or ZERO for cell in cells]
    return {"by": name, "label": label, "cells": [format(one, "f") for one in rounded]}


def _read(kept: Mapping[str, Any]) -> Slice:
    now, sales_now, before, sales_before = (Decimal(cell) for cell in kept["cells"])
    return Slice(
        dimension=kept["by"],
        label=kept["label"],
        now=now,
        before=before,
        sales_now=sales_now,
        sales_before=sales_before,
    )
