"""Print somebody's statement as a PDF, in French; the look is kept."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from jalon.domain.refusals import Refusal
from jalon.queries.pay_statements import statement_page
from jalon.reports.printed import pdf
from jalon.usecases.acting import Actor, note

_NONE = "There is no such statement. Expected one that the pay page shows."


def print_statement(statement: int, *, actor: Actor, at: datetime.datetime) -> bytes:
    """Return the PDF of a statement the actor may see.

    Raises:
        Refusal: If there is none, or the system cannot print.
    """
    found = statement_page(statement, viewer=actor.viewer)
    if found is None:
        raise Refusal(_NONE)
    with override("fr"):  # what pays somebody in France is said in French
        html = render_to_string("pay/print.html", {"page": found, "print": True})
    content = pdf(html, identifier=f"pay-{found.id:012d}")
    with transaction.atomic():
        note(
            actor,
            "print",
            "statement",
            f"person:{found.person}",
            at=at,
            period=found.period,
        )
    return content
