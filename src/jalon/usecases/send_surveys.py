"""Ask by mail: those of a list, or those whose sale or ticket ended some days ago.

Run it as often as one likes: nobody is asked twice about the same thing, an address
rests between two requests whatever the survey, and a request is claimed before its mail
leaves, so that one cut short is not sent again.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from jalon.domain.feedback.asking import Kind, Trigger, address_of, may_ask
from jalon.domain.people.permission import Act
from jalon.notifications.letters import Page, post
from jalon.notifications.mail import UnsentError
from jalon.notifications.survey_words import Asking, letter
from jalon.queries.organisation import organisation, people_of
from jalon.queries.survey_answers import Customer, customers, customers_after
from jalon.records.accounts import User
from jalon.records.surveys import (
    BOUNCED,
    FAILED,
    PLANNED,
    SENT,
    LeftAlone,
    Request,
    Survey,
)
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.surveys import SurveyRefusedError, leave_alone
from jalon.workspace.folder import Workspace

SALT = "jalon.survey"
MOST = 500  # mails of one run: the next one goes on
LANGUAGES = ("fr", "en")
_COLUMNS = {
    "address": ("email", "e-mail", "mail", "courriel", "address", "adresse"),
    "name": ("name", "nom", "prenom", "prénom", "contact"),
    "account_id": ("account_id", "client", "account", "compte"),
    "person_id": ("person_id", "commercial", "owner", "owner_id"),
    "lang": ("lang", "langue", "language"),
    "about": ("about", "objet", "deal_id", "ticket_id"),
}
Link = Callable[[str, str], str]  # (token, what) -> address


@dataclass(frozen=True, slots=True)
class Asked:
    """How many were asked now, left in peace, not reached; what could not be read."""

    sent: int = 0
    rested: int = 0
    unsent: int = 0
    unread: tuple[int, ...] = ()


def linking(root: str) -> Link:
    """Return how a token becomes an address people can open; `root` is Jalon's."""

    def link(token: str, what: str) -> str:
        form = root + reverse("survey_form", args=[token])
        return f"{form}{what}/" if what else form

    return link


def token_of(request: int) -> str:
    """Return the token of a request: it opens that answer alone."""
    return signing.dumps([request], salt=SALT)


def send_due(
    workspace: Workspace, *, link: Link, on: datetime.date, at: datetime.datetime
) -> Asked:
    """Ask after the sales and tickets that are due, by every survey that runs so."""
    total = Asked()
    for survey in Survey.objects.filter(active=True).exclude(
        trigger=Trigger.HAND.value
    ):
        last = on - datetime.timedelta(days=survey.delay_days)
        found = customers_after(
            workspace, Trigger(survey.trigger), first=survey.since, last=last
        )
        total = _sum(total, _ask(workspace, survey, found, link, on, at))
    return total


def send_to(  # noqa: PLR0913 - what, to whom, from where, who and when
    workspace: Workspace,
    survey: Survey,
    text: str | None,
    *,
    link: Link,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Asked:
    """Ask those of a list: a CSV with a column `email`, and what else is known.

    Without a list, everybody of the company who has an account is asked how they feel.

    Raises:
        ForbiddenError: If the actor may not.
        SurveyRefusedError: If the list has no such column; if customers are asked
            without a list, or the team with one.
    """
    authorise(actor, Act.SURVEY)
    if (survey.kind == Kind.ENGAGEMENT.value) != (text is None):
        raise SurveyRefusedError(
            "{name}: expected a list of addresses for customers, none for the team.",
            name=survey.name,
        )
    unread: tuple[int, ...] = ()
    listed = _colleagues(workspace, on) if text is None else []
    if text is not None:
        listed, unread = _read(workspace, text, on=on)
    asked = _ask(workspace, survey, listed, link, on, at)
    note(actor, "send", "survey", survey.key, at=at, after=asked.sent)
    return replace(asked, unread=unread)


def _colleagues(workspace: Workspace, on: datetime.date) -> list[Customer]:
    found = organisation(workspace, on=on)
    here = {one.person_id for one in people_of(workspace, on=on)}
    users = User.objects.filter(is_active=True, person_id__in=here).order_by("email")
    return [
        Customer(
            address=user.email,
            about=f"day:{on}",
            name=user.name.split(" ")[0],
            lang=user.language,
            segment=found.team_of(user.person_id, on) or "",  # the team, no person
        )
        for user in users
    ]


def _ask(
    workspace: Workspace,
    survey: Survey,
    found: Iterable[Customer],
    link: Link,
    on: datetime.date,
    at: datetime.datetime,
) -> Asked:
    """Plan the requests of those who may be asked, then send what is planned."""
    out = frozenset(LeftAlone.objects.values_list("address", flat=True))
    listed = {(one.about, one.address): one for one in found}
    had = set(
        Request.objects.filter(
            survey=survey, address__in={one.address for one in listed.values()}
        ).values_list("about", "address")
    )
    last = _last_asked({address for _about, address in listed}, before=at)
    rested = 0
    for (about, address), one in sorted(listed.items()):
        if (about, address) in had:
            continue
        if not may_ask(
            address,
            on=on,
            last=last.get(address),
            quiet_days=survey.quiet_days,
            out=out,
        ):
            rested += 1
            continue
        last[address] = on
        _plan(survey, one)
    return _sum(Asked(rested=rested), _send(workspace, survey, link, out, at))


def _plan(survey: Survey, one: Customer) -> None:
    try:
        with transaction.atomic():
            Request.objects.create(
                survey=survey,
                about=one.about,
                address=one.address,
                name=one.name[:200],
                lang=one.lang if one.lang in LANGUAGES else LANGUAGES[0],
                account_id=one.account_id,
                person_id=one.person_id,
                segment=one.segment,
                sector=one.sector,
                region=one.region,
            )
    except IntegrityError:
        return  # another run planned it meanwhile


def _send(
    workspace: Workspace,
    survey: Survey,
    link: Link,
    out: frozenset[str],
    at: datetime.datetime,
) -> Asked:
    sent = unsent = 0
    waiting = Request.objects.filter(survey=survey, state=PLANNED).order_by("id")
    for request in waiting[:MOST]:
        last = _last_asked({request.address}, before=at).get(request.address)
        if not may_ask(
            request.address,
            on=at.date(),
            last=last,
            quiet_days=survey.quiet_days,
            out=out,
        ):  # asked by another survey while this mail could not leave
            waiting.filter(pk=request.pk).update(state=FAILED, reason="rests")
            continue
        mine = Request.objects.filter(pk=request.pk, state=PLANNED)
        if not mine.update(state=SENT, sent_at=at):
            continue  # another run has it
        try:
            post(_letter(workspace, survey, request, link))
            sent += 1
        except UnsentError as error:
            unsent += 1
            _not_sent(request, error, at)
    return Asked(sent=sent, unsent=unsent)


def _letter(workspace: Workspace, survey: Survey, request: Request, link: Link) -> Page:
    token = token_of(request.pk)
    asking = Asking(
        kind=Kind(survey.kind),
        company=workspace.settings.company,
        to=request.address,
        name=request.name,
        lang=request.lang,
        mark=str(request.pk),
    )
    with translation.override(request.lang):
        return letter(
            asking,
            link=lambda score: link(token, "" if score is None else str(score)),
            leave=link(token, "out"),
        )


def _not_sent(request: Request, error: UnsentError, at: datetime.datetime) -> None:
    """Keep why; an address that does not exist is left alone, others tried again."""
    if error.permanent:
        leave_alone(request.address, why=BOUNCED, at=at)
        state = BOUNCED
    else:
        state = PLANNED
    Request.objects.filter(pk=request.pk).update(
        state=state, reason=str(error)[:300], sent_at=None
    )


def _last_asked(
    addresses: set[str], *, before: datetime.datetime
) -> dict[str, datetime.date]:
    rows = Request.objects.filter(
        address__in=addresses, sent_at__isnull=False, sent_at__lte=before
    ).order_by("sent_at")
    return {
        address: sent_at.date()
        for address, sent_at in rows.values_list("address", "sent_at")
        if sent_at
    }


def _read(
    workspace: Workspace, text: str, *, on: datetime.date
) -> tuple[list[Customer], tuple[int, ...]]:
    """Return who a list names, and the lines whose address is none."""
    rows, columns = _rows(text)
    listed: list[Customer] = []
    unread: list[int] = []
    for line, row in enumerate(rows, start=2):
        said = {name: (row.get(head) or "").strip() for name, head in columns.items()}
        address = address_of(said["address"])
        if address is None:
            unread.append(line)
            continue
        listed.append(
            Customer(
                address=address,
                about=said.get("about") or f"day:{on}",
                name=said.get("name", ""),
                lang=(said.get("lang", "") or workspace.settings.language)[:2].lower(),
                account_id=said.get("account_id", ""),
                person_id=said.get("person_id", ""),
            )
        )
    return list(_completed(workspace, listed)), tuple(unread)


def _completed(workspace: Workspace, listed: list[Customer]) -> Iterator[Customer]:
    """Yield who is listed, with what the facts know of their account."""
    known = customers(workspace, {one.account_id for one in listed} - {""})
    for one in listed:
        fact = known.get(one.account_id)
        yield (
            one
            if fact is None
            else replace(
                one,
                person_id=one.person_id or fact.person_id,
                segment=fact.segment,
                sector=fact.sector,
                region=fact.region,
            )
        )


def _rows(text: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    plain = text.removeprefix("\ufeff")
    first = plain.partition("\n")[0]
    mark = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(plain), delimiter=mark)
    heads = {head.strip().lower(): head for head in reader.fieldnames or [] if head}
    columns = {
        name: heads[word]
        for name, words in _COLUMNS.items()
        for word in reversed(words)
        if word in heads
    }
    if "address" not in columns:
        raise SurveyRefusedError(
            "The list has no column of addresses. Expected a CSV with {columns}.",
            columns="email, name, account_id, lang",
        )
    return list(reader), columns


def _sum(one: Asked, other: Asked) -> Asked:
    return Asked(
        sent=one.sent + other.sent,
        rested=one.rested + other.rested,
        unsent=one.unsent + other.unsent,
        unread=one.unread + other.unread,
    )
