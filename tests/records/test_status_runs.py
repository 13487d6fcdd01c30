"""Since when a status has been unbroken, from the evaluations kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jalon.records import evaluation_rows, objective_rows
from jalon.records.evaluations import Evaluation
from tests.records.test_rows import WHOLE

pytestmark = pytest.mark.django_db

DAYS = [date(2026, 3, day) for day in range(1, 7)]


def test_a_run_begins_at_the_last_change_and_the_last_word_of_a_day_counts() -> None:
    said = ["watch", "on_track", "watch", "watch", "watch"]
    keep("one", [*zip(DAYS, said, strict=False)])
    keep("one", [(DAYS[3], "on_track")], snapshot="later")

    runs = evaluation_rows.status_runs(until=DAYS[-1])

    assert runs == {"one": (DAYS[4], "watch")}
    assert evaluation_rows.status_runs(until=DAYS[2]) == {"one": (DAYS[2], "watch")}
    assert evaluation_rows.status_runs(until=DAYS[-1], ids=["other"]) == {}


def keep(objective: str, said: list[tuple[date, str]], snapshot: str = "first") -> None:
    objective_rows.save([replace(WHOLE, id=objective)])
    for day, status in said:
        Evaluation.objects.create(
            objective_id=objective,
            on=day,
            snapshot=snapshot,
            definition=snapshot,
            status=status,
        )
