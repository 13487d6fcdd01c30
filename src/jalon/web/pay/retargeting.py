"""Pay beside a re-target: what it changes, and whether its owner accepts it."""

from __future__ import annotations

from django import template
from django.utils import timezone

from jalon.queries.pages import Line
from jalon.queries.pay_retarget import acceptances, is_paid_on, pay_effects
from jalon.queries.retargets import Effects
from jalon.usecases.look_at_pay import look_at_many
from jalon.web.access import actor, viewer
from jalon.web.today import today, workspace

register = template.Library()


@register.inclusion_tag("pay/effects.html", takes_context=True)
def pay_effects_of(context: template.Context, found: Effects) -> dict[str, object]:
    """Show pay before and after, to whoever may see it; log the look."""
    request = context["request"]
    targets = {one.line.id: (one.line.owner, one.new) for one in found.changed}
    told = pay_effects(workspace(), targets, viewer=viewer(request), on=today())
    people = {one.person for one in told}
    look_at_many(sorted(people), "retarget", actor=actor(request), at=timezone.now())
    return {"told": told}


@register.inclusion_tag("pay/acceptance.html", takes_context=True)
def pay_acceptance(
    context: template.Context, line: Line, rank: int
) -> dict[str, object]:
    """Show whether a re-target counts for pay; its owner may accept it."""
    request = context["request"]
    person = line.owner.partition("person:")[2]
    own = person == viewer(request).person_id != ""
    paid = bool(person) and own and is_paid_on(person, line.first)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "line": line,
        "rank": rank,
        "own": paid,
        "accepted": acceptances(line.id).get(rank) if paid else None,
    }
