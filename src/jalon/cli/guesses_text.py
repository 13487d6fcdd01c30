"""What an import guessed, in words: each guess, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from jalon.usecases.import_file import Guess, Recognition

UNSURE = 0.7


def guess_lines(found: Recognition) -> Iterator[str]:
    """Yield each guess with its reason, the unsure ones marked, then what is left."""
    for guess in found.guesses:
        if guess.column or guess.reason == "joined":
            mark = "?" if guess.confidence < UNSURE else " "
            yield f" {mark} {_said(guess)}  ({guess.confidence:.0%}, {_why(guess)})"
    if found.unmapped:
        names = ", ".join(found.unmapped)
        yield _("  Kept as attributes: {names}").format(names=names)


def _said(guess: Guess) -> str:
    if not guess.column:
        return f"{guess.table} : {guess.source}"
    column = f"{guess.table}.{guess.column}"
    if "value" in guess.parameters:
        return f"{column} : « {guess.parameters['value']} » → {_meaning(guess)}"
    return f"{column} = {guess.source}"


def _meaning(guess: Guess) -> str:
    return guess.parameters.get("meaning") or "—"


def _why(guess: Guess) -> str:
    return _("guess." + guess.reason).format(**guess.parameters)
