"""Tell by mail those whose targets changed or were published, in their language.

A person's objective concerns them, a team's who leads it, the company's its directors.
Whoever did it is not told. A mail that does not leave stops nothing: the page shows
the change to those concerned until they take note of it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import override

from jalon.domain.objectives.objective import Objective
from jalon.domain.people.permission import COMPANY, Viewer
from jalon.domain.people.roles import Role
from jalon.locale import figures
from jalon.notifications.mail import SILENT, Letter, send_all
from jalon.notifications.target_words import Speech, changed, published
from jalon.queries.kpi_values import catalogue
from jalon.queries.retargets import answers_for
from jalon.queries.viewers import viewer as viewer_of
from jalon.records import notice_rows
from jalon.records.accounts import User
from jalon.records.notice_rows import TARGET, Leaving
from jalon.usecases.acting import Actor, note
from jalon.workspace.folder import Workspace

Words = Callable[[Sequence[Objective], Speech], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """How many mails left, and how many did not."""

    sent: int
    unsent: int


def tell_changed(
    workspace: Workspace,
    objectives: Iterable[Objective],
    links: Mapping[str, str],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Told:
    """Tell of re-targets those who carry the objectives; `links` by objective."""
    found = [one for one in objectives if one.revisions]
    return _told(workspace, found, links, changed, actor=actor, on=on, at=at)


def tell_published(
    workspace: Workspace,
    objectives: Iterable[Objective],
    links: Mapping[str, str],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Told:
    """Tell of objectives published those who carry them; `links` by objective."""
    found = tuple(objectives)
    return _told(workspace, found, links, published, actor=actor, on=on, at=at)


def _told(  # noqa: PLR0913 - what is told, where it leads, in which words, by whom
    workspace: Workspace,
    objectives: Sequence[Objective],
    links: Mapping[str, str],
    words: Words,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Told:
    letters: list[Letter] = []
    leaving: list[Leaving] = []
    told: dict[str, list[str]] = defaultdict(list)
    by = _name_of(actor)
    kpis = catalogue(workspace)
    for user, mine in _concerned(workspace, objectives, actor, on=on):
        speech = Speech(
            by=by,
            company=workspace.settings.company,
            lang=user.language,
            currency=workspace.settings.currency,
            links=links,
            kpis=kpis,
        )
        with override(user.language):
            subject, text = words(mine, speech)
        letters.append(Letter(user.email, subject, text))
        about = " · ".join(figures.tidy(one.statement) for one in mine)
        leaving.append(Leaving(user=user.pk, kind=TARGET, about=about))
        for one in mine:
            told[one.id].append(user.email)
    rows = notice_rows.begin(leaving, at=at)
    unsent = send_all(letters)
    _logged(rows, letters, unsent)
    with transaction.atomic():
        for key, people in told.items():
            gone = [email for email in people if email not in unsent]
            if gone:
                note(actor, "tell", "objective", key, at=at, after=gone)
    return Told(len(letters) - len(unsent), len(unsent))


def _logged(
    rows: Sequence[int], letters: Sequence[Letter], unsent: frozenset[str]
) -> None:
    """Write what came of each mail in the log of who it went to."""
    stayed = [row for row, one in zip(rows, letters, strict=True) if one.to in unsent]
    notice_rows.left(set(rows) - set(stayed))
    notice_rows.stayed(stayed, reason=SILENT)


def _name_of(actor: Actor) -> str:
    found = User.objects.filter(email=actor.name).first()
    return (found.name if found else "") or actor.name


def _concerned(
    workspace: Workspace,
    objectives: Sequence[Objective],
    actor: Actor,
    *,
    on: datetime.date,
) -> list[tuple[User, list[Objective]]]:
    """Return each account to be told, with the objectives that concern it."""
    found = []
    for user in User.objects.filter(is_active=True).exclude(email=actor.name):
        reader = viewer_of(workspace, person_id=user.person_id, role=user.role, on=on)
        if mine := [one for one in objectives if _concerns(one.owner, reader)]:
            found.append((user, mine))
    return found


def _concerns(owner: str, reader: Viewer) -> bool:
    if owner == COMPANY:
        return reader.role is Role.DIRECTOR
    return answers_for(reader, owner)
