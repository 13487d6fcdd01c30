"""The sentence at the top: how long is left, and for how much."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.queries.pages import Line
from jalon.web.components import wording
from jalon.web.language import current


@dataclass(frozen=True, slots=True)
class Greeting:
    """A sentence with one part in the colour of the house."""

    before: str
    strong: str = ""
    after: str = ""


def greeting(mine: tuple[Line, ...], *, name: str, on: datetime.date) -> Greeting:
    """Return the greeting for the first objective that still has a way to go."""
    open_ones = [
        line for line in mine if line.flow and line.remaining and line.remaining > 0
    ]
    hello = _("Hello {name}").format(name=name) if name else _("Hello")
    if not open_ones:
        return Greeting(hello)
    line = open_ones[0]
    days = (line.last - on).days
    strong = ngettext("{days} day", "{days} days", days).format(days=days)
    whole = _("{hello}, {days} left for {amount}").format(
        hello=hello, days="\0", amount=_amount(line)
    )
    before, _mark, after = whole.partition("\0")
    return Greeting(before, strong, after)


def _amount(line: Line) -> str:
    amount = wording.apart(line.remaining or 0, line)  # type: ignore[arg-type]
    if line.unit == "money":
        return amount
    label = line.kpi_label.get(current(), line.kpi)
    return f"{amount} {label[:1].lower()}{label[1:]}"
