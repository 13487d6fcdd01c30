# ruff: noqa: S608 -- no value is written in a query; all are bound
"""Three months later: the sample company goes on, and what it changed worked.

Facts are added to the warehouse, none is taken away. Open deals close near the day
they were expected; what begins and ends meanwhile is last year's, 52 weeks on (the same
day of the week). From the fourth week, once objectives were adjusted, each pipeline of
new business wins six points more than in the weeks of the story; meetings are fewer,
more leads are qualified, the sales force is happier. Subscriptions stay as they are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import duckdb

from jalon.demo import company
from jalon.demo.calendar import STORY_DAYS
from jalon.warehouse import load
from jalon.warehouse.generations import Generations

BACK = 364  # a year, on the same day of the week
GAIN = 0.06
SETTLING = 21  # days before what was changed shows
FEWER = 80  # meetings in a hundred that still take place
IMPORT = "demo-sequel"
_NEW = "('Nouveaux clients', 'Grands comptes')"

_DEALS = f"""
CREATE TEMP TABLE sequel_deals AS
WITH going AS (
    SELECT deal_id, 0 AS shift,
           greatest(expected_close_on, $on + 3 + CAST(hash(deal_id) % 20 AS INTEGER))
               AS ends_on
    FROM deals WHERE outcome = 'open' AND expected_close_on <= $later
), coming AS (
    SELECT deal_id, $back AS shift, closed_on + $back AS ends_on
    FROM deals
    WHERE created_on > $on - $back AND closed_on <= $later - $back
      AND pipeline <> 'Renouvellements'
), placed AS (
    SELECT deals.*, shift, CASE WHEN dayofweek(ends_on) IN (0, 6)
               THEN ends_on + 2 ELSE ends_on END AS ends_on
    FROM (SELECT * FROM going UNION ALL SELECT * FROM coming) JOIN deals USING (deal_id)
), rated AS (
    SELECT pipeline,
           count(*) FILTER (outcome = 'won') / count(*) AS rate
    FROM deals
    WHERE outcome IN ('won', 'lost') AND closed_on > $on - $story AND closed_on <= $on
    GROUP BY pipeline
), grouped AS (
    SELECT *, ends_on > $on + $settling AND pipeline IN {_NEW} AS better
    FROM placed WHERE ends_on <= $later
), ranked AS (
    SELECT grouped.*, rate,
           row_number() OVER (PARTITION BY pipeline, better
               ORDER BY md5(deal_id || 'sequel')) AS place,
           count(*) OVER (PARTITION BY pipeline, better) AS number
    FROM grouped JOIN rated USING (pipeline)
)
SELECT * EXCLUDE (shift, ends_on, better, rate, place, number) REPLACE (
           CASE WHEN shift = 0 THEN deal_id ELSE deal_id || '+' END AS deal_id,
           created_on + shift AS created_on,
           qualified_on + shift AS qualified_on,
           ends_on AS expected_close_on,
           ends_on AS closed_on,
           CASE WHEN won THEN 'won' ELSE 'lost' END AS outcome,
           CASE WHEN won THEN 'Gagnée' ELSE 'Perdue' END AS stage,
           CASE WHEN won THEN 'closed' ELSE 'omitted' END AS forecast_category,
           CASE WHEN NOT won THEN CASE WHEN place % 4 = 0 THEN 'Concurrent'
                                       WHEN place % 4 = 1 THEN 'Prix'
                                       ELSE 'Pas de décision' END END AS lost_reason,
           CASE WHEN NOT won AND place % 4 = 0 THEN $rival END AS competitor,
           coalesce(mover, owner_id) AS owner_id,
           CASE WHEN shift = 0 THEN source_id ELSE source_id || '+' END AS source_id
       ),
       won
FROM (
    SELECT *, place <= round(number * (rate + CASE WHEN better THEN $gain ELSE 0 END))
               AS won
    FROM ranked
) LEFT JOIN (
    SELECT gone.person_id AS owner, min(mate.person_id) AS mover
    FROM people AS gone JOIN people AS mate
      ON gone.team_id = mate.team_id AND mate.left_on IS NULL AND mate.role = gone.role
    WHERE gone.left_on IS NOT NULL GROUP BY gone.person_id
) ON owner = owner_id
"""

_STAGED = {
    "deals": """
        SELECT * EXCLUDE (won, owner, mover) FROM sequel_deals
        UNION ALL BY NAME
        SELECT * REPLACE (deal_id || '+' AS deal_id, created_on + $back AS created_on,
                          qualified_on + $back AS qualified_on,
                          closed_on + $back AS expected_close_on,
                          CAST(NULL AS DATE) AS closed_on, 'open' AS outcome,
                          CASE WHEN qualified_on + $back <= $later THEN 'Proposition'
                               ELSE 'Découverte' END AS stage,
                          'pipeline' AS forecast_category,
                          CAST(NULL AS VARCHAR) AS lost_reason,
                          source_id || '+' AS source_id)
        FROM deals
        WHERE created_on > $on - $back AND created_on <= $later - $back
          AND closed_on > $later - $back AND closed_on <= $on
          AND owner_id IN (SELECT person_id FROM people WHERE left_on IS NULL)""",
    "stage_changes": """
        SELECT deal_id, CAST(closed_on AS TIMESTAMP) + INTERVAL 16 HOUR AS "at", stage,
               amount, expected_close_on, owner_id, 'observed' AS origin,
               'demo' AS source, deal_id || '/end' AS source_id
        FROM sequel_deals""",
    "activities": """
        SELECT * REPLACE (activity_id || '+' AS activity_id,
                          done_at + to_days(CAST($back AS INTEGER)) AS done_at,
                          source_id || '+' AS source_id)
        FROM activities
        WHERE CAST(done_at AS DATE) > $on - $back
          AND CAST(done_at AS DATE) <= $later - $back
          AND person_id IN (SELECT person_id FROM people WHERE left_on IS NULL)
          AND (kind <> 'meeting' OR hash(activity_id) % 100 < $fewer)""",
    "leads": """
        SELECT * REPLACE (lead_id || '+' AS lead_id, created_on + $back AS created_on,
                          marketing_qualified_on + $back AS marketing_qualified_on,
                          coalesce(sales_qualified_on,
                              CASE WHEN hash(lead_id) % 100 < 8
                                   THEN created_on + 9 END) + $back
                              AS sales_qualified_on,
                          converted_on + $back AS converted_on,
                          CAST(NULL AS VARCHAR) AS deal_id,
                          lost_on + $back AS lost_on,
                          source_id || '+' AS source_id)
        FROM leads
        WHERE created_on > $on - $back AND created_on <= $later - $back""",
    "answers": """
        SELECT * REPLACE (answer_id || '+' AS answer_id,
                          answered_at + to_days(CAST($back AS INTEGER)) AS answered_at,
                          CASE WHEN survey = 'engagement' THEN least(score + 1, scale)
                               ELSE score END AS score,
                          CASE WHEN survey = 'engagement' AND comment IS NOT NULL
                               THEN $happy ELSE comment END AS comment,
                          source_id || '+' AS source_id)
        FROM answers
        WHERE CAST(answered_at AS DATE) > $on - $back
          AND CAST(answered_at AS DATE) <= $later - $back""",
    "crm_usage": """
        SELECT * REPLACE ("on" + $back AS "on", source_id || '+' AS source_id)
        FROM crm_usage
        WHERE "on" > $on - $back AND "on" <= $later - $back
          AND person_id IN (SELECT person_id FROM people WHERE left_on IS NULL)""",
    "spend": """
        SELECT * REPLACE ("first" + $back AS "first", "after" + $back AS "after",
                          source_id || '+' AS source_id)
        FROM spend WHERE "first" > $on - $back AND "after" <= $later - $back""",
    "rates": """
        SELECT * REPLACE ("on" + $back AS "on", source_id || '+' AS source_id)
        FROM rates WHERE "on" > $on - $back AND "on" <= $later - $back""",
}
HAPPY = "La démonstration comparée nous aide, et on a moins de rendez-vous inutiles."


def load_sequel(generations: Generations, *, on: date, later: date) -> str:
    """Publish what happened from a day to a later one; return the generation's name.

    Asked again for the same days it changes nothing: rows have the same keys.
    """
    given = {
        "on": on,
        "later": later,
        "back": BACK,
        "story": STORY_DAYS,
        "settling": SETTLING,
        "gain": GAIN,
        "rival": company.RIVAL,
        "fewer": FEWER,
        "happy": HAPPY,
    }

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        _run(connection, _DEALS, given)
        for table, query in _STAGED.items():
            _run(connection, f"CREATE TEMP TABLE staged_{table} AS {query}", given)
            load.merge(
                connection,
                table=table,
                staged=f"staged_{table}",
                import_id=f"{IMPORT}-{later}",
            )
            connection.execute(f"DROP TABLE staged_{table}")
        connection.execute("DROP TABLE sequel_deals")
        _book(connection, later)

    at = datetime.combine(later, time(12), tzinfo=UTC).replace(tzinfo=None)
    return generations.publish(change, at=at)


def _run(
    connection: duckdb.DuckDBPyConnection, query: str, given: dict[str, object]
) -> None:
    """Run a query with those of the values it names."""
    used = {name: value for name, value in given.items() if f"${name}" in query}
    connection.execute(query, used)


def _book(connection: duckdb.DuckDBPyConnection, later: date) -> None:
    """Write the line of this import, once."""
    key = f"{IMPORT}-{later}"
    counted = connection.execute(
        "SELECT sum(inserted + replaced + unchanged) FROM merges WHERE import_id = ?",
        [key],
    ).fetchall()[0][0]
    connection.execute("DELETE FROM imports WHERE import_id = ?", [key])
    connection.execute(
        "INSERT INTO imports (import_id, imported_at, files, fingerprint, mapping, "
        "rows_read, accepted, rejected, duplicate) "
        "VALUES (?, ?, 'demo', NULL, NULL, ?, ?, 0, 0)",
        [key, datetime.combine(later, time(12)), counted, counted],
    )
