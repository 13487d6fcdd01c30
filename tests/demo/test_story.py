"""The story of the sample company, read with SQL of our own on its generation."""

from __future__ import annotations

import duckdb
import pytest

CLOSED = """
    SELECT *, closed_on >= DATE '2026-09-27' AS late, closed_on - created_on AS days
    FROM deals
    WHERE outcome IN ('won', 'lost')
      AND closed_on BETWEEN DATE '2025-09-27' AND DATE '2026-11-22'
"""


def _one(generation: duckdb.DuckDBPyConnection, query: str) -> tuple[float, ...]:
    found = generation.cursor().execute(query).fetchone()
    assert found is not None
    return tuple(float(value) for value in found)


def _rates(
    generation: duckdb.DuckDBPyConnection, where: str = "true"
) -> tuple[float, ...]:
    return _one(
        generation,
        f"""SELECT avg((outcome = 'won')::INT) FILTER (NOT late),
                   avg((outcome = 'won')::INT) FILTER (late)
            FROM ({CLOSED}) WHERE {where}""",
    )


def test_conversion_falls_by_fifteen_percent_in_the_last_eight_weeks(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    before, since = _rates(generation)
    assert before == pytest.approx(0.24, abs=0.015)
    assert since / before - 1 == pytest.approx(-0.15, abs=0.05)


def test_conversion_falls_in_sme_sales_above_all(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    before, since = _rates(generation, "pipeline = 'Nouveaux clients'")
    other_before, other_since = _rates(generation, "pipeline <> 'Nouveaux clients'")
    assert since / before < other_since / other_before


def test_the_cycle_lengthens_by_forty_percent(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    before, since = _one(
        generation,
        f"""SELECT avg(days) FILTER (NOT late), avg(days) FILTER (late)
            FROM ({CLOSED}) WHERE outcome = 'won'""",
    )
    assert before == pytest.approx(43, abs=3)
    assert since / before - 1 == pytest.approx(0.40, abs=0.06)


def test_nothing_of_the_sort_happened_in_the_year_before(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    blocks = (
        generation.cursor()
        .execute(
            """SELECT (DATE '2026-09-27' - closed_on - 1) // 56 AS block,
                      avg((outcome = 'won')::INT),
                      avg(closed_on - created_on) FILTER (outcome = 'won')
               FROM deals
               WHERE closed_on < DATE '2026-09-27' AND closed_on >= DATE '2025-09-28'
               GROUP BY block HAVING count(*) > 100 ORDER BY block"""
        )
        .fetchall()
    )
    assert len(blocks) >= 6
    for _, rate, days in blocks:
        assert rate > 0.22
        assert days < 47


def test_one_competitor_explains_it(generation: duckdb.DuckDBPyConnection) -> None:
    before, since = _one(
        generation,
        f"""SELECT avg((coalesce(competitor, '') = 'Quadrille')::INT) FILTER (NOT late),
                   avg((coalesce(competitor, '') = 'Quadrille')::INT) FILTER (late)
            FROM ({CLOSED}) WHERE outcome = 'lost'""",
    )
    assert before < 0.06
    assert since > 0.3


def test_customers_and_salespeople_name_the_competitor(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    said = generation.cursor().execute(
        """SELECT survey, min(answered_at)::DATE >= DATE '2026-09-27', count(*)
           FROM answers WHERE comment LIKE '%Quadrille%' GROUP BY survey"""
    )
    found = {survey: (late, number) for survey, late, number in said.fetchall()}
    assert set(found) == {"nps", "engagement"}
    assert all(late and number >= 3 for late, number in found.values())


@pytest.mark.parametrize(
    ("query", "low", "high"),
    [
        pytest.param(
            """SELECT sum(amount) FROM deals WHERE outcome = 'won'
               AND closed_on BETWEEN DATE '2025-11-23' AND DATE '2026-11-22'""",
            6_000_000,
            8_000_000,
            id="six to eight million signed a year",
        ),
        pytest.param(
            """SELECT 100 * avg(CASE WHEN score >= 9 THEN 1 WHEN score <= 6 THEN -1
               ELSE 0 END) FROM answers WHERE survey = 'nps'
               AND answered_at >= DATE '2025-11-23'""",
            31,
            39,
            id="an NPS about 35",
        ),
        pytest.param(
            """SELECT count(*) FILTER (EXISTS (SELECT 1 FROM subscriptions AS later
                   WHERE later.account_id = start.account_id AND later.first <= DATE '2026-11-22'
                   AND (later.after IS NULL OR later.after > DATE '2026-11-22'))) / count(*)
               FROM (SELECT DISTINCT account_id FROM subscriptions
                     WHERE first <= DATE '2025-11-22'
                     AND (after IS NULL OR after > DATE '2025-11-22')) AS start""",
            0.89,
            0.93,
            id="nine customers in ten stay",
        ),
        pytest.param(
            """SELECT sum(amount) FILTER (month(closed_on) = 8)
                      / sum(amount) FILTER (month(closed_on) = 6)
               FROM deals WHERE outcome = 'won'""",
            0.15,
            0.55,
            id="August is quiet",
        ),
        pytest.param(
            """SELECT avg((dayofweek(closed_on) IN (0, 6))::INT) FROM deals""",
            0,
            0,
            id="nobody signs at the weekend",
        ),
        pytest.param(
            """SELECT avg(amount) FROM deals WHERE outcome = 'won'
               AND pipeline = 'Nouveaux clients'""",
            7_500,
            9_500,
            id="an SME basket of 8 500 euros",
        ),
    ],
)
def test_figures_are_those_of_a_small_software_company(
    query: str, low: float, high: float, generation: duckdb.DuckDBPyConnection
) -> None:
    (value,) = _one(generation, query)
    assert low <= value <= high


def test_histories_skip_stages_go_back_and_put_off(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    skipped, backward, put_off = _one(
        generation,
        """WITH ranked AS (
               SELECT deal_id, "at", expected_close_on,
                      list_position(['Découverte', 'Qualification', 'Démonstration',
                          'Proposition', 'Négociation'], stage) AS rank
               FROM stage_changes),
           moves AS (
               SELECT rank - lag(rank) OVER history AS step,
                      expected_close_on > lag(expected_close_on) OVER history AS later
               FROM ranked WINDOW history AS (PARTITION BY deal_id ORDER BY "at"))
           SELECT count(*) FILTER (step > 1), count(*) FILTER (step < 0),
                  count(*) FILTER (later) FROM moves""",
    )
    assert min(skipped, backward, put_off) > 100


def test_nothing_in_the_sample_is_suspect(
    generation: duckdb.DuckDBPyConnection,
) -> None:
    found = generation.cursor().execute("SELECT DISTINCT code FROM suspects").fetchall()
    assert found == []
