"""The track record page: empty, then from what was kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
from django.test import Client

from jalon.domain.forecast.track_record import Case
from jalon.queries.track_record import answer_of, key_of, lacking
from jalon.records import reading_rows
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
TEN = np.arange(1.0, 11.0)


def _keep(kpi: str, level: str, on: datetime.date) -> None:
    """Three figures: 8 or more was said at 0.3, and came once in three."""
    cases = [
        Case(truth, (8.0,), TEN, run_rate=truth + 4, pipeline=None)
        for truth in (5.0, 6.0, 9.0)
    ]
    reading_rows.keep([(key_of(kpi, level, on), answer_of(cases))])


def test_without_a_record_the_page_says_how_to_have_one(reader: Reader) -> None:
    page = reader("bob").get("/forecast/").content.decode()
    assert "jalon forecast backtest --keep" in page


def test_the_page_sets_what_was_said_beside_what_came(reader: Reader) -> None:
    _keep("revenue", "person", followed.ON)
    page = reader("bob").get("/forecast/").content.decode()
    assert "Sur 3 dites vers 30\u202f%, 33\u202f% se sont réalisées" in page
    assert "d’erreur en moins" in page
    other = reader("bob").get("/forecast/?level=team").content.decode()
    assert "Sur 3 dites" not in other


def test_a_record_is_kept_once_a_quarter_by_kpi_and_level(company: Workspace) -> None:
    before = lacking(company, on=followed.ON)
    assert ("win_rate", "person") in before
    _keep("win_rate", "person", datetime.date(2025, 4, 2))  # this quarter
    _keep("win_rate", "team", datetime.date(2025, 3, 30))  # the one before
    after = lacking(company, on=followed.ON)
    assert set(before) - set(after) == {("win_rate", "person")}
