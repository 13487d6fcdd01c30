"""Print somebody's evidence file, record its digest, and know a file again.

The same facts on the same day make the same bytes; their SHA-256 is written to the
journal, which nothing changes. A file given back is the one that was printed where the
journal holds its digest.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.evidence import Evidence, evidence
from jalon.queries.own_data import own_data
from jalon.queries.owners import owner_names
from jalon.records.audit import AuditLine
from jalon.reports.printed import pdf
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.look_at_pay import look
from jalon.workspace.folder import Workspace

NOUN, PRINTED, EXPORTED = "evidence", "print", "export"
_NOBODY = (
    "There is nobody called {name}. Expected the id of a person, as jalon objectives"
    " list shows it after person:."
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, the file it says, and the SHA-256 of its bytes."""

    evidence: Evidence
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """When a file was printed, by whom, over which period."""

    at: datetime.datetime
    by: str
    owner: str
    content_digest: str
    first: str
    after: str


def print_evidence(
    workspace: Workspace,
    owner: str,
    period: Period,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Printed:
    """Return the PDF in French; its digest is kept in the journal.

    Raises:
        ForbiddenError: If it is neither the actor's nor of whom they lead.
        Refusal: If there is nobody of that key, or the system cannot print.
    """
    _allow(workspace, owner, actor=actor, on=on)
    found = evidence(workspace, owner, period, on=on)
    with override("fr"):  # the law asks for French, whoever prints it
        html = render_to_string("evidence/print.html", {"file": found})
    content = pdf(html, identifier=found.digest)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        note(
            actor,
            PRINTED,
            NOUN,
            owner,
            at=at,
            after=digest,
            content=found.digest,
            first=period.first,
            until=period.after,
        )
    return Printed(found, content, digest)


def export_own_data(
    workspace: Workspace,
    owner: str,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> dict[str, object]:
    """Return all that is kept of somebody, for them to take away.

    Their pay is in it for who may see it, and that is a look that is written; drafts,
    private lines and what they arranged for themselves only where it is they who ask.

    Raises:
        ForbiddenError: If it is neither the actor's nor of whom they lead.
        Refusal: If there is nobody of that key.
    """
    _allow(workspace, owner, actor=actor, on=on)
    document = own_data(workspace, owner, on=on)
    sees_pay = may(actor.viewer, Act.SEE_PAY, subject=Subject(owner))
    if not sees_pay:
        del document["pay"]
    if actor.viewer.person_id != owner.partition(":")[2]:
        del document["mine_alone"]
    with transaction.atomic():
        note(actor, EXPORTED, NOUN, owner, at=at)
        if sees_pay:
            look(owner, "own data", actor=actor, at=at)
    return document


def recognised(content: bytes) -> Record | None:
    """Return the record of a file, None where the journal does not know it."""
    digest = hashlib.sha256(content).hexdigest()
    line = (
        AuditLine.objects.filter(noun=NOUN, verb=PRINTED, details__after=digest)
        .order_by("id")
        .first()
    )
    if line is None:
        return None
    told = line.details
    return Record(
        at=line.at,
        by=line.by,
        owner=line.key,
        content_digest=told["content"],
        first=told["first"],
        after=told["until"],
    )


def _allow(
    workspace: Workspace, owner: str, *, actor: Actor, on: datetime.date
) -> None:
    authorise(actor, Act.SEE_PAY, owner)
    if owner not in owner_names(workspace, on=on):
        raise Refusal(_NOBODY, name=owner.partition(":")[2])
