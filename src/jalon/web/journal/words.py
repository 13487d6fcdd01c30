"""Words of the journal: who, which verb, which noun; a code unknown says itself."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

from jalon.queries.journal import JournalLine
from jalon.usecases import meanwhile

register = template.Library()
LONGEST = 400
GLANCE = 160


@register.filter
def author(line: JournalLine) -> str:
    """Return who did it: a name, the command line, or time itself."""
    return _known(f"journal.by.{line.by}", line.who)


@register.filter
def verb_word(line: JournalLine) -> str:
    """Return what was done."""
    return _known(f"journal.verb.{line.verb}", line.verb)


@register.filter
def noun_word(noun: str) -> str:
    """Return what kind of thing was touched."""
    return _known(f"journal.noun.{noun}", noun)


@register.filter
def which(line: JournalLine, names: Mapping[str, str]) -> str:
    """Return which one was touched, people and teams by their names."""
    if line.noun in {"person", "team"}:
        return names.get(f"{line.noun}:{line.key}", line.key)
    return " ".join(names.get(part, part) for part in line.key.split(" "))


@register.filter
def field_word(name: str) -> str:
    """Return the name of a field."""
    return meanwhile.field_word(name)


@register.filter
def folds(line: JournalLine) -> bool:
    """Return whether what was written is too long to read at a glance."""
    return len(flat(line.before)) + len(flat(line.after)) > GLANCE


@register.filter
def flat(value: object) -> str:
    """Return a value in one line: `name: Marie, role: manager`."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        colon = gettext(":")
        told = (
            f"{field_word(str(k))}{colon} {flat(v) or '–'}" for k, v in value.items()
        )
        return ", ".join(told)[:LONGEST]
    if isinstance(value, (list, tuple)):
        return ", ".join(flat(one) for one in value)[:LONGEST]
    return _known(f"journal.value.{value}", str(value))[:LONGEST]


def _known(code: str, otherwise: str) -> str:
    code = code.replace(" ", "_")
    found = gettext(code)
    return otherwise if found == code else found
