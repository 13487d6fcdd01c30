"""Accounts from a list kept elsewhere: who is new, who changes, who is out.

    e-mail;nom;rôle;personne;langue;actif
    marie@exemple.fr;Marie Dupont;commercial;marie;fr;oui

A line with an account changes it (an empty cell leaves what is there), another
invites; `actif` at no closes. With
`close_missing`, an account the list does not name is closed. A bad line never hides the
good ones, and asking again changes nothing.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jalon.domain.people.names import folded
from jalon.domain.people.pasted import role_of
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.records.accounts import Invitation, User
from jalon.usecases import accounts
from jalon.usecases.accounts import Invited
from jalon.usecases.acting import Actor

_HEADINGS = {
    "email": ("e-mail", "email", "mail", "courriel", "username", "emails"),
    "name": ("nom", "name", "nom complet", "displayname", "full name"),
    "role": ("role", "roles", "fonction"),
    "person": ("personne", "person", "person_id", "externalid"),
    "language": ("langue", "language", "locale", "preferredlanguage"),
    "active": ("actif", "active", "ouvert"),
}
_NO = ("non", "no", "false", "0", "faux", "n")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEPARATORS = ";\t|,"
INVITE, CHANGE, CLOSE, OPEN, SAME = "invite", "change", "close", "open", "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """One line understood; `line` as a person counts, from 1; 0 for nobody's line."""

    line: int
    email: str
    name: str = ""
    role: str = ""
    person: str | None = None
    language: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What one line does: invite, change, close, open, or nothing."""

    deed: str
    wished: Wished
    before: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, and one sentence for each line that cannot be done."""

    steps: tuple[Step, ...] = ()
    faults: tuple[Refusal, ...] = ()

    def of(self, deed: str) -> tuple[Step, ...]:
        """Return the steps of one kind."""
        return tuple(one for one in self.steps if one.deed == deed)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the token of each invitation, and what was refused."""

    plan: Plan
    tokens: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()


def plan_accounts(text: str, *, close_missing: bool = False) -> Plan:
    """Return what a list would do; writes nothing."""
    wished, faults = _read(text)
    users = {user.email: user for user in User.objects.order_by("email")}
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    invited = {one.email: one.role for one in open_ones}
    steps = [_step(one, users.get(one.email), invited) for one in wished]
    if close_missing and not faults:
        named = {one.email for one in wished}
        steps += [
            Step(CLOSE, Wished(line=0, email=email, name=user.name, active=False))
            for email, user in users.items()
            if user.is_active and email not in named
        ]
    return Plan(tuple(steps), tuple(faults))


def import_accounts(plan: Plan, *, actor: Actor, at: datetime.datetime) -> Done:
    """Do the steps of a plan, each on its own; what the actor may not is told."""
    tokens: dict[str, str] = {}
    refused: list[Refusal] = []
    for step in plan.steps:
        try:
            token = _do(step, actor, at)
        except Refusal as refusal:
            refused.append(
                Refusal("{email}: {reason}", email=step.wished.email, reason=refusal)
            )
        else:
            if token:
                tokens[step.wished.email] = token
    return Done(plan, tokens, tuple(refused))


def _step(wished: Wished, user: User | None, invited: Mapping[str, str]) -> Step:
    if user is None:
        role = wished.role or Role.SALESPERSON.value
        same = not wished.active or invited.get(wished.email) == role
        return Step(SAME if same else INVITE, wished)
    if wished.active != user.is_active:
        return Step(OPEN if wished.active else CLOSE, wished, user.role)
    role = wished.role or user.role
    person = user.person_id if wished.person is None else wished.person
    same = (role, person) == (user.role, user.person_id)
    return Step(SAME if same else CHANGE, wished, user.role)


def _do(step: Step, actor: Actor, at: datetime.datetime) -> str:
    """Do one step; return the token of an invitation."""
    wished = step.wished
    if step.deed == INVITE:
        return accounts.invite(
            Invited(
                email=wished.email,
                role=wished.role or Role.SALESPERSON.value,
                name=wished.name,
                person_id=wished.person or "",
                language=wished.language or "fr",
            ),
            actor=actor,
            at=at,
        )
    if step.deed == SAME:
        return ""
    user = User.objects.get(email=wished.email)
    if step.deed == CLOSE:
        accounts.deactivate(user.pk, actor=actor, at=at)
        return ""
    if step.deed == OPEN:
        accounts.reactivate(user.pk, actor=actor, at=at)
    accounts.change_role(
        user.pk,
        wished.role or user.role,
        person_id=user.person_id if wished.person is None else wished.person,
        actor=actor,
        at=at,
    )
    return ""


def _read(text: str) -> tuple[list[Wished], list[Refusal]]:
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))
    head, body = _headed(rows)
    if "email" not in head:
        return [], [
            Refusal(
                "The first line must name the columns. Expected at least an e-mail, "
                "e.g. {example}.",
                example="e-mail;nom;rôle;personne",
            )
        ]
    found: list[Wished] = []
    faults: list[Refusal] = []
    seen: set[str] = set()
    for number, cells in body:
        told = dict(zip(head, (cell.strip() for cell in cells), strict=False))
        one = _wished(number, told, seen)
        if isinstance(one, Refusal):
            faults.append(one)
        else:
            seen.add(one.email)
            found.append(one)
    return found, faults


def _headed(
    rows: Sequence[Sequence[str]],
) -> tuple[list[str], list[tuple[int, Sequence[str]]]]:
    numbered = [
        (number, cells)
        for number, cells in enumerate(rows, start=1)
        if any(cell.strip() for cell in cells)
    ]
    if not numbered:
        return [], []
    known = {word: name for name, words in _HEADINGS.items() for word in words}
    head = [known.get(folded(cell), "") for cell in numbered[0][1]]
    return head, numbered[1:]


def _wished(number: int, told: Mapping[str, str], seen: set[str]) -> Wished | Refusal:
    email = told.get("email", "").lower()
    if not _EMAIL.fullmatch(email):
        return Refusal(
            "Line {line}: {value} is no e-mail. Expected e.g. marie@exemple.fr.",
            line=number,
            value=email or "–",
        )
    if email in seen:
        message = "Line {line}: {email} was named above."
        return Refusal(message, line=number, email=email)
    words = told.get("role", "")
    role = words if words in set(Role) else role_of(words) if words else ""
    if role is None:
        return Refusal(
            "Line {line}: {value} is no role. Expected one of: {known}.",
            line=number,
            value=words,
            known=", ".join(Role),
        )
    return Wished(
        line=number,
        email=email,
        name=told.get("name", ""),
        role=str(role),
        person=told.get("person") or None,
        language=told.get("language", "")[:2].lower(),
        active=folded(told.get("active", "")) not in _NO,
    )
