"""What if, on its page: the kept samples moved, shown to who may see the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from jalon.queries import evaluations, what_if
from jalon.records import objective_rows, reading_rows
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
PAGE = "/objectives/ca-t2-bob/what-if/"


@pytest.fixture
def kept(company: Workspace) -> None:
    """Samples by hand: 40,000 to 49,950 €, one deal of 4,000 € won every other time."""
    objective = objective_rows.load(["ca-t2-bob"])["ca-t2-bob"]
    snapshot = evaluations.current_snapshot(company)
    answer = {
        "actual": 30000.0,
        "target": "45000",
        "up": True,
        "samples": [40000.0 + 50 * rank for rank in range(200)],
        "still_open": [5000.0] * 200,
        "to_come": [6000.0] * 200,
        "deals": [
            {
                "id": "d99",
                "name": "Tara suite",
                "worth": 4000.0,
                "chance": 0.5,
                "won": "01" * 100,
            }
        ],
        "win_rate": 0.5,
        "heads": 1,
    }
    reading_rows.keep([(what_if.key_of(objective, followed.ON, snapshot), answer)])


def test_a_deal_lost_lowers_the_landing_and_its_probability(
    reader: Reader, kept: None
) -> None:
    found = reader("bob").get(f"{PAGE}?lost=d99").context["found"]
    assert found.before.probability == 0.5
    assert found.after.probability < 0.5
    assert found.before.middle - found.after.middle > 0


def test_htmx_gets_the_same_answer_without_the_frame(
    reader: Reader, kept: None
) -> None:
    whole = reader("bob").get(f"{PAGE}?hires=1").content.decode()
    part = reader("bob").get(f"{PAGE}?hires=1", headers={"HX-Request": "true"})
    assert "<html" in whole
    assert "<html" not in part.content.decode()
    assert part.content.decode().strip() in whole


def test_what_cannot_be_read_supposes_nothing(reader: Reader, kept: None) -> None:
    answer = reader("bob").get(f"{PAGE}?points=abc&hires=-3&lost=nobody")
    assert answer.context["found"].after == answer.context["found"].before


def test_a_short_history_is_said_in_words(reader: Reader) -> None:
    answer = reader("bob").get(PAGE)
    assert answer.status_code == 200
    assert answer.context["found"] is None
