"""How much a figure can be trusted: how fresh its facts are, how complete.

Freshness is the number of days since the last dated fact; completeness the share of the
rows read that were accepted; CRM adoption the KPI of that name over the last four whole
weeks, unknown where nothing tells who keeps the CRM up to date.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import week_of
from jalon.queries import kpi_values
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.workspace.folder import Workspace

LAST_FACT = """
SELECT max(day) FROM (
    SELECT max(created_on) AS day FROM deals WHERE created_on <= $1
    UNION ALL SELECT max(closed_on) FROM deals WHERE closed_on <= $1
    UNION ALL SELECT max(created_on) FROM leads WHERE created_on <= $1
    UNION ALL SELECT max("on") FROM order_lines WHERE "on" <= $1
    UNION ALL SELECT max(CAST(done_at AS DATE)) FROM activities
        WHERE CAST(done_at AS DATE) <= $1
    UNION ALL SELECT max(CAST(answered_at AS DATE)) FROM answers
        WHERE CAST(answered_at AS DATE) <= $1
    UNION ALL SELECT max(CAST(opened_at AS DATE)) FROM tickets
        WHERE CAST(opened_at AS DATE) <= $1
    UNION ALL SELECT max("first") FROM subscriptions WHERE "first" <= $1
)
"""
USED = 'SELECT count(*) FROM crm_usage WHERE "on" >= $1 AND "on" < $2'
WEEKS = datetime.timedelta(weeks=4)
ACCEPTED = "SELECT sum(accepted), sum(accepted) + sum(rejected) FROM imports"
STEP = Decimal("1e-6")


def trust(
    workspace: Workspace, *, on: datetime.date, snapshot: str | None = None
) -> dict[str, object]:
    """Return freshness and completeness, ready for JSON; None where unknown."""
    unknown: dict[str, object] = {
        "last_fact_on": None,
        "freshness_days": None,
        "completeness": None,
        "crm_adoption": None,
    }
    try:
        reader = Generations(workspace.warehouse).reader(snapshot)
    except NoGenerationError:
        return unknown
    (last,) = reader.execute(LAST_FACT, [on]).fetchall()[0]
    accepted, read = reader.execute(ACCEPTED).fetchall()[0]
    return {
        "last_fact_on": last.isoformat() if last else None,
        "freshness_days": (on - last).days if last else None,
        "completeness": _share(accepted, read),
        "crm_adoption": _adoption(workspace, on=on, snapshot=snapshot),
    }


def is_connected(workspace: Workspace) -> bool:
    """Return whether a source was ever read here, without asking the database."""
    return (workspace.warehouse / "landing").is_dir()


def whole_weeks(on: datetime.date, week_start: int) -> Period:
    """Return the last four whole weeks that ended by that day."""
    running = week_of(on, week_start).first
    return Period(running - WEEKS, running)


def _adoption(
    workspace: Workspace, *, on: datetime.date, snapshot: str | None
) -> float | None:
    period = whole_weeks(on, workspace.settings.first_weekday)
    reader = Generations(workspace.warehouse).reader(snapshot)
    (rows,) = reader.execute(USED, [period.first, period.after]).fetchall()[0]
    if not rows:
        return None
    question = Question(kpi="crm_adoption", period=period)
    answer = kpi_values.value(workspace, question, on=on, snapshot=snapshot)
    value = answer.rows[0].value if answer.rows else None
    return None if value is None else float(value.quantize(STEP))


def _share(accepted: int | None, read: int | None) -> float | None:
    if not accepted or not read:
        return None
    return float((Decimal(accepted) / Decimal(read)).quantize(STEP))
