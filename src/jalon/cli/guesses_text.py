"""What an import guessed, in words: each guess, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jalon.locale import figures
from jalon.usecases.import_file import Guess, Recognition

UNSURE = 0.7


def guess_lines(found: Recognition) -> Iterator[str]:
    """Yield each guess with its reason, the unsure ones marked, then what is left."""
    for guess in found.guesses:
        if guess.column or guess.reason == "joined":
            mark = "?" if guess.confidence < UNSURE else " "
            yield f" {mark} {_said(guess)}  ({_sure(guess)}, {_why(guess)})"
    if found.unmapped:
        names = ", ".join(found.unmapped)
        yield _("  Kept as attributes: {names}").format(names=names)


def _said(guess: Guess) -> str:
    if not guess.column:
        return _("{table}: {source}").format(table=guess.table, source=guess.source)
    column = f"{guess.table}.{guess.column}"
    if "value" in guess.parameters:
        return _("{column}: “{value}” → {meaning}").format(
            column=column, value=guess.parameters["value"], meaning=_meaning(guess)
        )
    return f"{column} = {guess.source}"


def _meaning(guess: Guess) -> str:
    return guess.parameters.get("meaning") or "—"


def _sure(guess: Guess) -> str:
    share = Decimal(str(guess.confidence))
    return figures.percent(share, lang=get_language() or "fr", digits=0)


def _why(guess: Guess) -> str:
    return _("guess." + guess.reason).format(**guess.parameters)
