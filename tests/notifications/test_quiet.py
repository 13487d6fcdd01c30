"""When somebody may be told: the moments by hand, in Paris."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from jalon.notifications.quiet import Hours, due

PARIS = ZoneInfo("Europe/Paris")
EACH = Hours(rhythm="each")
DAILY = Hours(rhythm="daily", digest_at=time(9))
WEEKLY = Hours(rhythm="weekly", digest_at=time(8, 30))
NEVER_QUIET = Hours(
    rhythm="each", quiet_from=time(0), quiet_to=time(0), quiet_weekends=False
)
LUNCH = Hours(rhythm="each", quiet_from=time(12), quiet_to=time(14))


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        pytest.param(EACH, "2026-03-04 10:15", "2026-03-04 10:15", id="at once"),
        pytest.param(EACH, "2026-03-04 22:40", "2026-03-05 08:00", id="at night"),
        pytest.param(EACH, "2026-03-04 06:00", "2026-03-04 08:00", id="before dawn"),
        pytest.param(EACH, "2026-03-06 20:00", "2026-03-09 08:00", id="Friday night"),
        pytest.param(EACH, "2026-03-07 11:00", "2026-03-09 08:00", id="a Saturday"),
        pytest.param(NEVER_QUIET, "2026-03-07 23:00", "2026-03-07 23:00", id="always"),
        pytest.param(LUNCH, "2026-03-04 12:30", "2026-03-04 14:00", id="at lunch"),
        pytest.param(DAILY, "2026-03-04 07:00", "2026-03-04 09:00", id="this morning"),
        pytest.param(DAILY, "2026-03-04 09:01", "2026-03-05 09:00", id="tomorrow"),
        pytest.param(DAILY, "2026-03-06 10:00", "2026-03-09 09:00", id="not Saturday"),
        pytest.param(WEEKLY, "2026-03-04 10:00", "2026-03-09 08:30", id="next Monday"),
        pytest.param(WEEKLY, "2026-03-09 08:00", "2026-03-09 08:30", id="this Monday"),
        pytest.param(EACH, "2026-03-28 20:00", "2026-03-30 08:00", id="clocks go on"),
    ],
)
def test_when_a_message_may_leave(hours: Hours, now: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    found = due(hours, moment)
    assert found.strftime("%Y-%m-%d %H:%M") == expected
