"""`{% retargets_unread %}`: re-targets the reader has not taken note of yet."""

from __future__ import annotations

from django import template

from jalon.queries.retargets import unread
from jalon.web.access import viewer
from jalon.web.today import today, workspace

register = template.Library()


@register.inclusion_tag("retarget/unread.html", takes_context=True)
def retargets_unread(context: template.Context) -> dict[str, object]:
    """Show a line for each re-target to take note of."""
    request = context["request"]
    return {"unread": unread(workspace(), viewer(request), on=today())}
