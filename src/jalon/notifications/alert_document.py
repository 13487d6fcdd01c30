"""An alert as machines read it, its sentence in the reader's language."""

from __future__ import annotations

from typing import Any

from jalon.notifications import alert_words
from jalon.queries.alerts import AlertLine


def document(one: AlertLine, *, lang: str) -> dict[str, Any]:
    """Return one alert: of whom, from which state to which, since when."""
    return {
        "id": one.id,
        "fired_on": one.fired_on,
        "owner": one.owner,
        "objective": one.objective or None,
        "state": one.state,
        "former": one.former,
        "change": "worsening" if one.worsening else "recovering",
        "since": one.since,
        "probability": one.probability,
        "said": alert_words.headline(one, lang=lang),
        "waiting": one.latest and one.worsening and not one.handled,
    }
