"""`{% author by %}`: who wrote something, by their name, and not by their address."""

from __future__ import annotations

from django import template

from jalon.queries.accounts import account_name
from jalon.web.components.cells import worded

register = template.Library()
KEPT = "jalon.authors"


@register.simple_tag(takes_context=True)
def author(context: template.Context, by: str) -> str:
    """Return a name, "Jalon" or the command line; asked once a page for each author."""
    request = context.get("request")
    kept: dict[str, str] = {}
    if request is not None:
        kept = request.META.setdefault(KEPT, kept)
    if by not in kept:
        kept[by] = worded(f"journal.by.{by}", "") or account_name(by) or by
    return kept[by]


@register.filter
def signature(by: str) -> str:
    """Return an address as it is kept, as a proof needs; a word for Jalon itself."""
    return worded(f"journal.by.{by}", by)
