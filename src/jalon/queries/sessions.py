"""Where somebody is logged in, as their account page lists it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.contrib.sessions.models import Session

from jalon.records.sessions import OpenSession

_BROWSERS = (
    (r"Edg/", "Edge"),
    (r"OPR/", "Opera"),
    (r"Firefox/", "Firefox"),
    (r"Chrome/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone|iPad", "iOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X", "macOS"),
    (r"Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One browser; `here` for the one that reads."""

    id: int
    browser: str
    system: str
    address: str
    began_at: datetime.datetime
    seen_at: datetime.datetime
    here: bool = False


def sessions(
    user_id: int, *, key: str, at: datetime.datetime
) -> tuple[SessionLine, ...]:
    """Return the sessions of an account that still live, the reader's own first."""
    living = Session.objects.filter(expire_date__gt=at).values("session_key")
    rows = OpenSession.objects.filter(user=user_id, key__in=living)
    found = [
        SessionLine(
            id=row.pk,
            browser=_named(row.agent, _BROWSERS),
            system=_named(row.agent, _SYSTEMS),
            address=row.address,
            began_at=row.began_at,
            seen_at=row.seen_at,
            here=row.key == key,
        )
        for row in rows.order_by("-seen_at", "id")
    ]
    return tuple(sorted(found, key=lambda one: not one.here))


def _named(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if re.search(sign, agent)), "")
