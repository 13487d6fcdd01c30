"""The rows of a board for a spreadsheet: figures as numbers, dates as dates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jalon.queries.team_board import Board, Row
from jalon.web.components.board_words import note_words
from jalon.web.components.cells import Cell


def table(board: Board) -> list[tuple[Cell, ...]]:
    """Return the header and a row a person, then the total where there is one."""
    found: list[tuple[Cell, ...]] = [
        (
            _("Person"),
            _("Remark"),
            _("Target"),
            _("Actual"),
            _("Attainment"),
            _("Gap"),
            _("Landing"),
            _("Probability"),
            _("Pipeline"),
            _("Coverage"),
        ),
        *(_row(row) for row in board.rows),
    ]
    if board.total:
        one = board.total
        found.append(
            (
                _("Total"),
                "",
                one.target,
                one.actual,
                one.attainment,
                one.gap,
                None,
                None,
                one.pipeline,
                one.coverage,
            )
        )
    return found


def _row(row: Row) -> tuple[Cell, ...]:
    line = row.line
    return (
        line.owner_name,
        " · ".join(note_words(note) for note in row.notes),
        line.target,
        line.actual,
        line.attainment,
        line.gap,
        line.landing[1] if line.landing else None,
        line.probability,
        row.pipeline,
        row.coverage,
    )
