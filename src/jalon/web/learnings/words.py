"""Learnings and biases in templates: sentences; `{% lessons_for kpi owner %}`."""

from __future__ import annotations

from django import template

from jalon.queries.learnings import Lesson, Lessons, before_the_next
from jalon.reports.review import words
from jalon.web.access import viewer
from jalon.web.language import current
from jalon.web.today import today, workspace

register = template.Library()


@register.filter
def gave_words(lesson: Lesson) -> str:
    """Return what came with a change, in a sentence."""
    return words.gave(lesson, lang=current())


@register.filter
def bias_words(found: Lessons) -> str:
    """Return how far our own last targets were from what came."""
    if found.bias is None:
        return ""
    label = found.kpi_label.get(current()) or found.kpi
    return words.biased(found.bias, label, found.unit, lang=current())


@register.inclusion_tag("learnings/before.html", takes_context=True)
def lessons_for(context: template.Context, kpi: str, owner: str) -> dict[str, object]:
    """Show what to know before the next objective on that KPI for that owner."""
    found = Lessons()
    if kpi and kpi != "other":
        found = before_the_next(
            workspace(),
            viewer(context["request"]),
            kpi,
            owner=owner,
            on=today(),
        )
    return {"found": found}
