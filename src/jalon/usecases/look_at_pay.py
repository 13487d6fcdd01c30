"""Every look at somebody's pay is allowed by the table and leaves a line.

Somebody's own looks are kept too: the line says that nobody else was there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from jalon.domain.people.permission import COMPANY, Act
from jalon.usecases.acting import Actor, authorise, note, note_each

NOUN = "pay"


def look(owner: str, what: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Write that the actor looks at the pay of an owner: "estimate", "statement"….

    Raises:
        ForbiddenError: If the table does not let them.
    """
    authorise(actor, Act.SEE_PAY, owner)
    with transaction.atomic():
        note(actor, "look", NOUN, owner, at=at, what=what)


def look_at_many(
    people: Iterable[str], what: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Write that the actor looks at the pay of several people, a line for each.

    Raises:
        ForbiddenError: If the table does not let them look at one of them.
    """
    owners = [f"person:{person}" for person in people]
    for owner in owners:
        authorise(actor, Act.SEE_PAY, owner)
    if not owners:
        return
    with transaction.atomic():
        note_each(actor, "look", NOUN, dict.fromkeys(owners, (None, what)), at=at)


def export_pay(plan: str, period: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Write that the pay of a run leaves as a file.

    Raises:
        ForbiddenError: If the actor may not see everybody's pay.
    """
    authorise(actor, Act.SEE_PAY, COMPANY)
    with transaction.atomic():
        note(actor, "export", NOUN, COMPANY, at=at, plan=plan, period=period)
