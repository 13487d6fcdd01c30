"""The sheet of the cascade in templates: the diagram handed to the drawing."""

from __future__ import annotations

from collections import Counter

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from jalon.charts.cascade_tree import Box, cascade_tree
from jalon.locale import figures
from jalon.queries.cascade_diagram import Diagram
from jalon.queries.direction import Node
from jalon.web.components import wording
from jalon.web.language import current

register = template.Library()
EACH_MOST = 60  # beyond, the people of a team are one box on paper


@register.simple_tag
def cascade_sheet(diagram: Diagram) -> SafeString:
    """Return the drawing that is printed on one page."""
    folded = diagram.count > EACH_MOST
    drawn = cascade_tree(
        [_box(node, folded=folded) for node in diagram.roots],
        title=_("Diagram of the cascade"),
        description=_("The objectives of {day}, each under the one it serves.").format(
            day=figures.day(diagram.on, lang=current())
        ),
    )
    return mark_safe(drawn)  # noqa: S308 - escaped by charts.svg


def _box(node: Node, *, folded: bool) -> Box:
    line = node.line
    people = [one for one in node.children if not one.children]
    kept = [one for one in node.children if one.children or not folded]
    children = [_box(one, folded=folded) for one in kept]
    if folded and people:
        children.append(_together(people))
    target = "—" if line.target is None else wording.said(line.target, line)
    return Box(
        name=line.owner_name,
        what=f"{target} · {line.kpi_label.get(current()) or line.kpi}",
        status=line.status,
        said=" · ".join(filter(None, [_state(line.status), _share(node)])),
        children=tuple(children),
    )


def _together(people: list[Node]) -> Box:
    """Return one box for many, with how many stand in each state."""
    counts = Counter(one.line.status for one in people)
    return Box(
        name=ngettext(
            "{number} objective below", "{number} objectives below", len(people)
        ).format(number=len(people)),
        what="",
        status="",
        said=" · ".join(
            f"{wording.SIGNS.get(status, '?')} {number}"
            for status, number in counts.most_common()
        ),
    )


def _state(status: str) -> str:
    message = f"status.{status}"
    word = gettext(message)
    return f"{wording.SIGNS.get(status, '?')} {word[:1].upper()}{word[1:]}"


def _share(node: Node) -> str:
    if node.share is None:
        return ""
    return _("{share} of it").format(
        share=figures.percent(node.share, lang=current(), digits=0)
    )
