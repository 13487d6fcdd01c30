"""Sentences of the board: what happened to somebody, over or under, each column."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jalon.domain.objectives.sums import SumCheck
from jalon.locale import figures
from jalon.queries.pages import Line
from jalon.queries.team_board import Note
from jalon.web.components import wording
from jalon.web.language import current


def note_words(note: Note) -> str:
    """Return what happened to somebody, with its day."""
    told = {
        "joined": _("joined on {day}"),
        "left": _("left on {day}"),
        "came": _("came from {team} on {day}"),
        "moved": _("moved to {team} on {day}"),
    }[note.code]
    return told.format(day=figures.day(note.on, lang=current()), team=note.team)


def check_words(check: SumCheck, line: Line) -> str:
    """Return how the sum of the members stands to the team's own target."""
    amount = wording.apart(check.difference, line)
    if check.difference == 0:
        return _("The targets of the members add up to the team's target exactly.")
    if check.difference > 0:
        return _(
            "The targets of the members exceed the team's target by {gap}."
        ).format(gap=amount)
    return _(
        "The targets of the members fall short of the team's target by {gap}: "
        "nobody carries it."
    ).format(gap=amount)


def column(name: str) -> str:
    """Return the head of a column."""
    return {
        "name": _("Person"),
        "target": _("Target"),
        "actual": _("Actual"),
        "attainment": _("Attainment"),
        "gap": _("Gap"),
        "landing": _("Landing"),
        "probability": _("Probability"),
        "pipeline": _("Pipeline"),
        "coverage": _("Coverage"),
    }[name]
