"""Words of files in templates: tables, columns, values, and why a guess was made."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import PurePath
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext, ngettext

from jalon.domain.facts.tables import TABLES
from jalon.locale import figures
from jalon.queries.data_page import SuspectLine
from jalon.queries.uploads import Fault, Why
from jalon.web.components.cells import worded
from jalon.web.language import current
from jalon.web.today import workspace

register = template.Library()
SURE = 0.7
NOTHING = "—"


@register.filter
def table_word(name: str) -> str:
    """Return what a canonical table is called."""
    return worded(f"table.{name}", name)


@register.filter
def column_word(name: str) -> str:
    """Return what a canonical column is called."""
    return worded(f"column.{name}", name)


@register.filter
def table_and_column(name: str) -> str:
    """Return what a column of a table is called, of `deals.created_on`."""
    table, _, column = name.partition(".")
    return f"{table_word(table)}, {column_word(column)}"


@register.filter
def value_word(value: str) -> str:
    """Return what a canonical value is called."""
    return worded(f"value.{value}", value) if value else ""


@register.filter
def why_word(why: Why) -> str:
    """Return why a column was guessed so."""
    return gettext("guess." + why.reason).format(**why.parameters)


@register.filter
def unsure(why: Why | None) -> bool:
    """Return whether a guess should be looked at."""
    return why is not None and why.confidence < SURE


@register.filter
def reason_word(reason: str) -> str:
    """Return why a row was rejected."""
    return worded(f"import.reason.{reason}", reason)


@register.filter
def step_word(step: str) -> str:
    """Return what a worker is at."""
    return worded(f"import.doing.{step}", step)


@register.filter
def fault_words(fault: Fault) -> str:
    """Return a refusal in one line."""
    sentence = gettext(fault.sentence or "import.refused." + fault.code)
    return sentence.format(**fault.parameters)


@register.simple_tag
def canonical_tables() -> list[tuple[str, str]]:
    """Return every canonical table with its word, in the order of the words."""
    named = [(name, table_word(name)) for name in TABLES]
    return sorted(named, key=lambda pair: pair[1].casefold())


@register.filter
def counted(number: int | None) -> str:
    """Return a number of rows, in groups of three."""
    return figures.exact(Decimal(number or 0), "count", lang=current())


@register.filter
def share(value: Decimal | None) -> str:
    """Return a share as a percentage, never rounded up to the whole."""
    if value is None:
        return NOTHING
    kept = min(value, Decimal("0.999")) if value < 1 else value
    return figures.percent(kept, lang=current())


@register.filter
def moment(at: datetime.datetime) -> str:
    """Return a day and a time; what carries no zone is the company's already."""
    zone = ZoneInfo(workspace().settings.timezone)
    local = at.astimezone(zone) if at.tzinfo else at
    return f"{figures.day(local.date(), lang=current())} {local:%H:%M}"


@register.filter
def days_ago(days: int) -> str:
    """Return how long ago a day was."""
    if days == 0:
        return gettext("today")
    return ngettext("{days} day ago", "{days} days ago", days).format(days=days)


@register.filter
def lasted(seconds: float | None) -> str:
    """Return how long something took."""
    if seconds is None:
        return NOTHING
    rounded = figures.rounded(Decimal(str(seconds)), 1)
    return f"{figures.exact(rounded, 'number', lang=current())}{figures.NARROW}s"


@register.filter
def megabytes(size: Decimal) -> str:
    """Return a size."""
    unit = {"fr": "Mo", "en": "MB"}[current()]
    number = figures.exact(figures.rounded(size, 1), "number", lang=current())
    return f"{number}{figures.NARROW}{unit}"


@register.filter
def pin_words(reason: str) -> str:
    """Return why a snapshot is kept."""
    return worded(f"pin.{reason.replace(' ', '_')}", reason)


@register.filter
def file_names(files: str) -> str:
    """Return the names of files told by their paths."""
    return ", ".join(PurePath(one).name for one in files.split(", "))


@register.filter
def suspect_words(one: SuspectLine) -> str:
    """Return a contradiction, where it is and how often."""
    told = worded(f"suspect.{one.code}", one.code)
    return f"{table_word(one.table)}{gettext(':')} {told} ({counted(one.count)})"


@register.filter
def use_word(compared: str) -> str:
    """Return how somebody's last weeks in the CRM stand beside their own past."""
    return gettext("crm_use." + compared)
