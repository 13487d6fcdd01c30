"""Keep what past forecasts were worth, by KPI and level, once a quarter."""

from __future__ import annotations

import datetime

from jalon.queries.track_record import computed, key_of, lacking
from jalon.records import reading_rows
from jalon.workspace.folder import Workspace


def keep_track_record(
    workspace: Workspace, *, on: datetime.date, most: int | None = None
) -> tuple[tuple[str, str], ...]:
    """Compute and keep the records that the running quarter lacks; return which.

    At most `most` of them: each takes seconds.
    """
    wanted = lacking(workspace, on=on)[:most]
    for kpi, level in wanted:
        answer = computed(workspace, kpi, level, on=on)
        reading_rows.keep([(key_of(kpi, level, on), answer)])
    return wanted
