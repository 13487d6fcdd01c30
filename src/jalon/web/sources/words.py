"""Words of the sources in templates: answers, faults, paces, what asked for a run."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from jalon.queries.sources import (
    KIND,
    FindingView,
    RunView,
    SourceView,
    fault_message,
    late,
)
from jalon.web.upload.words import counted

register = template.Library()
PACES = (0, 15, 60, 240, 1440)
_STATES = {"done": "on_track", "failed": "off_track"}
_LEVELS = {"fine": "on_track", "warning": "watch", "refused": "off_track"}
HOUR, DAY = 60, 1440


@register.filter
def said(text: str) -> str:
    """Return a sentence of a source in the language being spoken."""
    return gettext(text) if text else ""


@register.filter
def finding_words(found: FindingView) -> str:
    """Return one plain answer of a check."""
    filled = {
        name: counted(value) if isinstance(value, int) else _kind(name, value)
        for name, value in found.parameters.items()
    }
    return gettext(found.sentence).format(**filled)


def _kind(name: str, value: Any) -> Any:  # noqa: ANN401 - what fills a sentence
    """Return what a key sees in words; a vendor's own name stays as it is."""
    if name != "kind":
        return value
    code = f"{KIND}{value}"
    said = gettext(code)
    return value if said == code else said


@register.filter
def level_status(found: FindingView) -> str:
    """Return an answer's level as a state of the boards."""
    return _LEVELS[found.level]


@register.filter
def fault_words(fault: Mapping[str, Any]) -> str:
    """Return why a run failed."""
    sentence, parameters = fault_message(fault)
    return gettext(sentence).format(**parameters)


@register.filter
def run_status(run: RunView) -> str:
    """Return a run's state as a state of the boards."""
    return _STATES.get(run.state, "watch")


@register.filter
def run_word(run: RunView) -> str:
    """Return where a run stands."""
    return gettext("source_run." + run.state)


@register.filter
def why_asked(run: RunView) -> str:
    """Return what asked for a run, and who."""
    if run.why == "hand":
        by = gettext("command line") if run.by == "operator" else run.by
        return gettext("by hand, {who}").format(who=by)
    return gettext("source_why." + run.why)


@register.filter
def pace_of(minutes: int) -> str:
    """Return how often a source is read."""
    if not minutes:
        return gettext("by hand only")
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("every day", "every {count} days", days).format(count=days)
    if minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("every hour", "every {count} hours", hours).format(count=hours)
    return gettext("every {count} minutes").format(count=minutes)


@register.simple_tag
def source_state(
    source: SourceView, at: datetime.datetime, *, stale: bool
) -> Mapping[str, str]:
    """Return a source's state on the boards' scale, with its word."""
    del at
    last = source.last
    if source.at_work:
        return {"status": "watch", "word": gettext("being read")}
    if last is not None and last.fault:
        return {"status": "off_track", "word": gettext("last refresh failed")}
    if stale:
        return {"status": "off_track", "word": gettext("stale")}
    if last is None:
        return {"status": "watch", "word": gettext("never read")}
    return {"status": "on_track", "word": gettext("up to date")}


@register.inclusion_tag("sources/late.html")
def late_sources() -> Mapping[str, object]:
    """Return what says, beside figures, that some of their sources are late."""
    return {"late": late(at=timezone.now())}


@register.filter
def of(found: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - what is there
    """Return what a mapping holds under a name, nothing where it does not."""
    return found.get(name, "")


@register.filter
def counted_or_none(value: int | str) -> str:
    """Return a count, a dash where there is none."""
    return counted(value) if isinstance(value, int) else "–"


@register.filter
def role_word(role: str) -> str:
    """Return what a role of a stage is called."""
    return gettext("stage_role." + role)


@register.filter
def deed_word(deed: str) -> str:
    """Return what is done with a target in the CRM."""
    return gettext("deed." + deed)
