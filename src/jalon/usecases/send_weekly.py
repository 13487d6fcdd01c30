"""Mail each team its weekly reading, once a week: to its people and who leads them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import override

from jalon.domain.people.permission import Act
from jalon.notifications.mail import Letter, send_all
from jalon.notifications.weekly_words import Speech, subject, text
from jalon.queries.funnel_page import people_of
from jalon.queries.organisation import organisation
from jalon.queries.weekly import weekly
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

VERB, NOUN = "mail", "weekly"


@dataclass(frozen=True, slots=True)
class Sent:
    """What happened to one team's mail; `already` where it left this week before."""

    team: str
    sent: int
    unsent: int
    already: bool = False


def send_weekly(
    workspace: Workspace,
    team: str,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Sent:
    """Send one team's reading of the week; a second time in a week nothing is sent.

    Raises:
        ForbiddenError: If the actor may not decide for the team.
        NoDataError: If nothing was imported yet.
    """
    authorise(actor, Act.DECIDE, team)
    year, number, _day = on.isocalendar()
    key = f"{team} {year}-W{number:02}"
    if AuditLine.objects.filter(verb=VERB, noun=NOUN, key=key).exists():
        return Sent(team, 0, 0, already=True)
    week = weekly(workspace, team, on=on)
    letters = []
    for user in _readers(workspace, team, on):
        speech = Speech(user.language, workspace.settings.currency)
        with override(user.language):
            body = text(week, speech)
            letters.append(Letter(user.email, subject(week, speech), body))
    unsent = send_all(letters)
    gone = sorted(one.to for one in letters if one.to not in unsent)
    if gone:
        note(actor, VERB, NOUN, key, at=at, after=gone)
    return Sent(team, len(gone), len(unsent))


def _readers(workspace: Workspace, team: str, on: datetime.date) -> list[User]:
    """Return the accounts of a team's people and of whoever they report to."""
    people = organisation(workspace, on=on)
    members = people_of(people, team, on) or frozenset()
    above = {manager for one in members if (manager := people.person[one].manager_id)}
    found = User.objects.filter(is_active=True, person_id__in=members | above)
    return list(found.order_by("email"))
