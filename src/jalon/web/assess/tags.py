"""`{% qualitative line %}`: what a survey or a graded statement adds to its page."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from jalon.domain.objectives.graded import GRADED
from jalon.domain.people.permission import Act
from jalon.queries.pages import Line
from jalon.queries.qualitative import statement, survey
from jalon.usecases.assess import sides_of
from jalon.web.access import actor, allowed
from jalon.web.today import today, workspace

register = template.Library()


@register.inclusion_tag("assess/panel.html", takes_context=True)
def qualitative(context: template.Context, line: Line) -> dict[str, object]:
    """Show the margin of a survey or the levels of a statement; else nothing."""
    return panel_context(context["request"], line)


def panel_context(request: HttpRequest, line: Line) -> dict[str, object]:
    """Return what the panel needs."""
    graded = line.kpi == GRADED
    evidence = graded and allowed(request, Act.SEE_NOTES, line)
    found = (
        statement(workspace(), line.id, on=today(), evidence=evidence)
        if graded
        else None
    )
    return {
        "request": request,
        "line": line,
        "survey": survey(line),
        "statement": found,
        "sides": sides_of(actor(request), line.owner) if found else (),
    }
