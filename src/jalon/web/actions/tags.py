"""The plan on an objective's page, and the actions due on anybody's first page.

`{% plan_of_actions line %}` and `{% actions_due %}`, both from the request's reader.
"""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.queries.actions import PlanLine, due, owners_for, plan
from jalon.queries.pages import Line
from jalon.web.access import allowed, viewer
from jalon.web.language import current
from jalon.web.today import today, workspace

register = template.Library()
PERSON = "person:"


@register.inclusion_tag("actions/plan.html", takes_context=True)
def plan_of_actions(context: template.Context, line: Line) -> dict[str, object]:
    """Show the plan of an objective, with its forms for whoever may act."""
    return plan_context(context["request"], line)


@register.inclusion_tag("actions/due.html", takes_context=True)
def actions_due(context: template.Context) -> dict[str, object]:
    """Show what the reader should do in the coming fortnight."""
    request = context["request"]
    found = due(workspace(), viewer(request), today())
    return {"request": request, "due": found, "on": today()}


def plan_context(request: HttpRequest, line: Line) -> dict[str, object]:
    """Return what the fragment needs."""
    on, space = today(), workspace()
    found = plan(space, line.id, on=on, lang=current())
    may_act = allowed(request, Act.ACT, line) and not found.closed
    who = viewer(request)
    finishable = {
        one.rank
        for one in found.lines
        if not one.done and (may_act or _given(who, one.owner))
    }
    return {
        "request": request,
        "on": on,
        "line": line,
        "plan": found,
        "may_act": may_act,
        "finishable": finishable,
        "people": owners_for(space, line.owner, on=on) if may_act else (),
        "fresh": PlanLine(),
        "alone": False,
        "error": "",
    }


def _given(who: Viewer, owner: str) -> bool:
    key = owner if owner.startswith(PERSON) else f"{PERSON}{owner}"
    return bool(owner) and may(who, Act.ACT, subject=Subject(key))
