"""Make surveys, leave an address alone, say what is done about an answer."""

from __future__ import annotations

import datetime
from email import message_from_bytes, policy
from email.message import Message

from django.db import transaction
from django.utils.text import slugify

from jalon.domain.feedback.asking import Kind, Trigger, address_of
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.survey_answers import answer_of
from jalon.records.surveys import BOUNCED, LeftAlone, LoopAction, Request, Survey
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

LONGEST_ACTION = 300
LONGEST_DELAY = 365
UNSUBSCRIBED = "unsubscribed"
PERMANENT_STATUS = "5."
_NO_ANSWER = "This answer does not exist, or is not yours to act on."


class SurveyRefusedError(Refusal):
    """The survey cannot be made, changed or sent so, and why."""


def survey_named(key: str) -> Survey:
    """Return a survey.

    Raises:
        SurveyRefusedError: If there is none.
    """
    found = Survey.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(Survey.objects.order_by("key").values_list("key", flat=True))
        raise SurveyRefusedError(
            "There is no survey {key}. Expected one of: {known}.",
            key=key,
            known=known or "–",
        )
    return found


def make_survey(  # noqa: PLR0913 - what, after what, how often, who and when
    name: str,
    *,
    kind: Kind,
    trigger: Trigger,
    delay_days: int,
    quiet_days: int,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Survey:
    """Make a survey; what happened before its day is not asked about.

    Raises:
        ForbiddenError: If the actor may not.
        SurveyRefusedError: If its name is empty or taken, or a number makes no sense.
    """
    authorise(actor, Act.SURVEY)
    key = slugify(name)[:60]
    if not key or Survey.objects.filter(key=key).exists():
        raise SurveyRefusedError(
            "Expected a name that no survey has yet, e.g. {example}.",
            example="NPS après vente",
        )
    if not 0 <= delay_days <= LONGEST_DELAY or not 0 <= quiet_days <= LONGEST_DELAY:
        raise SurveyRefusedError("Expected a number of days from 0 to 365, e.g. 90.")
    if kind is Kind.ENGAGEMENT and trigger is not Trigger.HAND:
        raise SurveyRefusedError("An engagement survey is sent by hand, to the team.")
    with transaction.atomic():
        made = Survey.objects.create(
            key=key,
            name=name.strip()[:120],
            kind=kind.value,
            trigger=trigger.value,
            delay_days=delay_days,
            quiet_days=quiet_days,
            since=on,
            by=actor.name,
            at=at,
        )
        note(actor, "make", "survey", key, at=at, after=kind.value)
    return made


def switch(key: str, *, active: bool, actor: Actor, at: datetime.datetime) -> None:
    """Let a survey be sent, or not any more.

    Raises:
        ForbiddenError: If the actor may not.
        SurveyRefusedError: If there is none.
    """
    authorise(actor, Act.SURVEY)
    with transaction.atomic():
        found = survey_named(key)
        found.active = active
        found.save(update_fields=["active"])
        note(actor, "switch", "survey", key, at=at, after=active)


def leave_alone(address: str, *, why: str, at: datetime.datetime) -> None:
    """Never write to an address again; the person asked, or their mail came back."""
    LeftAlone.objects.get_or_create(
        address=address.lower(), defaults={"why": why, "at": at}
    )


def leave_alone_by_hand(address: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Leave an address alone, as somebody asked by another way.

    Raises:
        ForbiddenError: If the actor may not.
        SurveyRefusedError: If it is no address.
    """
    authorise(actor, Act.SURVEY)
    found = address_of(address)
    if found is None:
        raise SurveyRefusedError(
            "{address} is no e-mail address. Expected e.g. claire@exemple.fr.",
            address=address,
        )
    with transaction.atomic():
        leave_alone(found, why=UNSUBSCRIBED, at=at)
        note(actor, "leave_alone", "survey", "address", at=at)


def returned(data: bytes, *, actor: Actor, at: datetime.datetime) -> tuple[str, ...]:
    """Read one mail that came back (RFC 3464); return the addresses left alone.

    Only a permanent failure (status 5.x.x) of an address that was asked counts.

    Raises:
        ForbiddenError: If the actor may not.
    """
    authorise(actor, Act.SURVEY)
    gone = []
    for address in _failed(message_from_bytes(data, policy=policy.default)):
        asked = Request.objects.filter(address=address)
        if not asked.exists():
            continue
        with transaction.atomic():
            leave_alone(address, why=BOUNCED, at=at)
            asked.filter(answered=False).update(state=BOUNCED, reason="returned")
            note(actor, "return", "survey", "address", at=at)
        gone.append(address)
    return tuple(gone)


def _failed(message: Message) -> list[str]:
    found = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            if not isinstance(block, Message):
                continue
            status = str(block.get("Status", "")).strip()
            named = str(block.get("Final-Recipient", "")).rpartition(";")[2]
            address = address_of(named)
            if status.startswith(PERMANENT_STATUS) and address:
                found.append(address)
    return found


def plan_loop(  # noqa: PLR0913 - which answer, what, who, until when
    workspace: Workspace,
    answer_id: str,
    *,
    text: str,
    owner: str,
    due: datetime.date,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> LoopAction:
    """Say what will be done about an answer, by whom and until when.

    Raises:
        ForbiddenError: If the actor may not act for whoever keeps that customer.
        SurveyRefusedError: If the answer is not theirs to see, or nothing is said.
    """
    found = answer_of(workspace, actor.viewer, answer_id)
    if found is None:
        raise SurveyRefusedError(_NO_ANSWER)
    authorise(actor, Act.ACT, _owner(found.person_id))
    authorise(actor, Act.ACT, _owner(owner))
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_ACTION:
        raise SurveyRefusedError(
            "Say what will be done in 300 characters at most, e.g. {example}.",
            example="Rappeler le client sur les délais",
        )
    if due < on:
        raise SurveyRefusedError("Expected a day to come for this action.")
    with transaction.atomic():
        kept = LoopAction.objects.create(
            answer_id=answer_id,
            person_id=found.person_id,
            owner_id=owner,
            text=said,
            due=due,
            by=actor.name,
            at=at,
        )
        note(actor, "plan", "survey_action", str(kept.pk), at=at, due=due)
    return kept


def finish_loop(
    action: int,
    *,
    result: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> None:
    """Say that an action is done, and what it gave; its owner may, and who leads them.

    Raises:
        ForbiddenError: If the actor may not.
        SurveyRefusedError: If there is none, or it is done.
    """
    with transaction.atomic():
        found = (
            LoopAction.objects.select_for_update()
            .filter(pk=action, done_on__isnull=True)
            .first()
        )
        if found is None:
            raise SurveyRefusedError("There is no such action to finish.")
        authorise(actor, Act.ACT, _owner(found.owner_id))
        found.done_on, found.result = on, " ".join(result.split())[:LONGEST_ACTION]
        found.save(update_fields=["done_on", "result"])
        note(actor, "finish", "survey_action", str(found.pk), at=at)


def _owner(person: str) -> str:
    return f"person:{person}" if person else "company"
