"""Who keeps the CRM up to date, counted from what the CRM itself tells.

Where no log of use is given, a day's updates of a person are: the deals created or
moved that day while theirs (each once, whatever the moves), and the activities they
recorded. A deal's first line, where it is inferred, says what it was before we looked:
it is no update. Only the last `WINDOW` is counted again at a refresh: what a CRM tells
later than that is not. Rows of a log of use, under another source, are left alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb

from jalon.warehouse.sums import written

WINDOW = timedelta(days=35)
EVENTS = "events"

_EVENTS = """
    SELECT owner_id AS person_id, CAST("at" AS DATE) AS day, 'deal ' || deal_id AS what
    FROM stage_changes AS line LEFT JOIN (
        SELECT deal_id, min("at") AS began FROM stage_changes
        WHERE deal_id IN (SELECT deal_id FROM stage_changes WHERE "at" >= $first)
        GROUP BY deal_id
    ) AS known USING (deal_id)
    WHERE "at" >= $first AND NOT (origin = 'inferred' AND "at" = began)
    UNION SELECT owner_id, created_on, 'deal ' || deal_id FROM deals
    WHERE created_on >= $first
    UNION SELECT person_id, CAST(done_at AS DATE), 'activity ' || activity_id
    FROM activities WHERE CAST(done_at AS DATE) >= $first
"""
_COUNTED = f"""
    SELECT person_id, day, count(*) AS updates FROM ({_EVENTS})
    WHERE person_id IS NOT NULL AND day <= $last
    GROUP BY person_id, day
"""  # noqa: S608 - constants; values are bound
_CLEARED = 'DELETE FROM crm_usage WHERE starts_with(source, $own) AND "on" >= $first'
_ADDED = f"""
    INSERT INTO crm_usage (person_id, "on", updates, source)
    SELECT counted.person_id, counted.day, counted.updates, $own || '{EVENTS}'
    FROM ({_COUNTED}) AS counted
    ANTI JOIN crm_usage AS held
    ON held.person_id = counted.person_id AND held."on" = counted.day
"""  # noqa: S608 - constants; values are bound


def count_events(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: str,
    at: datetime,
    since: datetime | None,
) -> None:
    """Count the updates of the days that may have changed since the last refresh.

    `source` names the rows; `since` is None at the first refresh: all days are counted
    then. Moments have no zone, as the warehouse keeps them.
    """
    first = (since - WINDOW).date() if since else date.min
    days = {"first": first, "own": f"{source}/"}
    written(connection, "crm_usage")
    connection.execute(_CLEARED, days)
    connection.execute(_ADDED, {**days, "last": at.date()})
