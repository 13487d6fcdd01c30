"""Mail each team its weekly reading, once a week: to its people and who leads them.

The worker writes to who leads each team (its people have their own week by mail), on
the first day of the week they may be told; the command writes to everybody of a team.
A row is kept before a mail leaves, so that two workers, or a worker and a command,
never write twice to somebody of the same team and week. Who stopped mails of the week
gets none.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import override

from jalon.domain.people.permission import Act
from jalon.notifications import mail
from jalon.notifications.mail import UnsentError
from jalon.notifications.weekly_words import Speech, leading, subject, text
from jalon.queries.funnel_page import people_of
from jalon.queries.organisation import organisation
from jalon.queries.weekly import Weekly, teams, weekly
from jalon.records.accounts import User
from jalon.records.weekly import WeeklyMail
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.hearing import may_hear
from jalon.workspace.folder import Workspace

VERB, NOUN = "mail", "weekly"
MOST = 20  # mails of one look of the worker
Page = Callable[[str], str]  # the address of a team's page


@dataclass(frozen=True, slots=True)
class Sent:
    """What happened to one team's mail; `already` where all had it this week."""

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
    """Send one team's reading of the week to all of it; to nobody a second time.

    Raises:
        ForbiddenError: If the actor may not decide for the team.
        NoDataError: If nothing was imported yet.
    """
    authorise(actor, Act.DECIDE, team)
    members, above = _people(workspace, team, on)
    waiting = list(_waiting(team, on, members | above))
    if not waiting:
        had = WeeklyMail.objects.filter(team=team, week=week_of(on)).exists()
        return Sent(team, 0, 0, already=had)
    return _send(workspace, team, waiting, actor=actor, on=on, at=at)


def send_to_leads(
    workspace: Workspace,
    page: Page,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    most: int = MOST,
) -> tuple[Sent, ...]:
    """Send each team's reading to who leads it, at their hours; at most so many mails.

    Raises:
        ForbiddenError: If the actor may not decide for a team.
        NoDataError: If nothing was imported yet.
    """
    local = at.astimezone(ZoneInfo(workspace.settings.timezone))
    done: list[Sent] = []
    for team, _name in teams(workspace, on=on)[1:]:
        authorise(actor, Act.DECIDE, team)
        left = most - sum(one.sent + one.unsent for one in done)
        leads = _leads(workspace, team, on)
        waiting = [one for one in _waiting(team, on, leads) if may_hear(one, local)]
        if waiting and left > 0:
            some = waiting[:left]
            done.append(
                _send(workspace, team, some, actor=actor, on=on, at=at, page=page)
            )
    return tuple(done)


def week_of(on: datetime.date) -> str:
    """Return the name of a week, as "2026-W30"."""
    year, number, _day = on.isocalendar()
    return f"{year}-W{number:02}"


def _send(  # noqa: PLR0913 - as above
    workspace: Workspace,
    team: str,
    waiting: list[User],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    page: Page | None = None,
) -> Sent:
    """Send to each, in their language, what is not another's to send meanwhile."""
    found = weekly(workspace, team, on=on)
    gone: list[str] = []
    unsent = 0
    for rank, user in enumerate(waiting, start=1):
        if not _taken(user, team, on, at):
            continue
        kept = WeeklyMail.objects.filter(user=user, team=team, week=week_of(on))
        try:
            _post(workspace, user, found, page(team) if page else "")
            gone.append(user.email)
        except UnsentError as error:
            unsent += 1
            if not error.permanent:  # the server is away: all wait for the next look
                kept.delete()
                unsent += len(waiting) - rank
                break
            kept.update(unsent=True)
    if gone:
        key = f"{team} {week_of(on)}"
        note(actor, VERB, NOUN, key, at=at, after=sorted(gone))
    return Sent(team, len(gone), unsent)


def _post(workspace: Workspace, user: User, found: Weekly, page: str) -> None:
    lang = user.language or workspace.settings.language
    speech = Speech(lang, workspace.settings.currency)
    with override(lang):
        body = text(found, speech)
        if page:
            body = f"{body}\n{leading(page)}\n"
        mail.send(user.email, subject=subject(found, speech), text=body)


def _taken(user: User, team: str, on: datetime.date, at: datetime.datetime) -> bool:
    """Return whether this mail is ours to send: another worker may have it."""
    try:
        with transaction.atomic():
            WeeklyMail.objects.create(user=user, team=team, week=week_of(on), at=at)
    except IntegrityError:
        return False
    return True


def _people(
    workspace: Workspace, team: str, on: datetime.date
) -> tuple[frozenset[str], frozenset[str]]:
    """Return a team's people, and whoever they report to."""
    people = organisation(workspace, on=on)
    members = people_of(people, team, on) or frozenset()
    above = {manager for one in members if (manager := people.person[one].manager_id)}
    return members, frozenset(above)


def _leads(workspace: Workspace, team: str, on: datetime.date) -> frozenset[str]:
    """Return who leads a team: its highest people others report to, else above it."""
    members, above = _people(workspace, team, on)
    person = organisation(workspace, on=on).person
    heads = {one for one in above & members if person[one].manager_id not in members}
    return frozenset(heads) or above


def _waiting(team: str, on: datetime.date, people: frozenset[str]) -> Iterator[User]:
    """Yield the accounts of people that want the week and have not had this one."""
    had = WeeklyMail.objects.filter(team=team, week=week_of(on)).values("user_id")
    found = User.objects.filter(is_active=True, no_digest=None, person_id__in=people)
    yield from found.exclude(pk__in=had).select_related("wish").order_by("email")
