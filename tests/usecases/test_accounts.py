"""Accounts by invitation: a link used once, roles nobody gives above their own."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from jalon.domain.people.permission import GIVES, Viewer
from jalon.domain.people.roles import Role
from jalon.records.accounts import Invitation, User
from jalon.records.audit import AuditLine, LineKeptError
from jalon.usecases import accounts
from jalon.usecases.accounts import (
    InvitationOverError,
    Invited,
    LastDirectorError,
    UnableToInviteError,
)
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2025, 6, 16, 9, tzinfo=datetime.UTC)
WEEK = datetime.timedelta(days=7)
PASSWORD = "trois-lievres-bleus"
OLGA = Actor(Viewer(Role.REVOPS), "olga@exemple.fr")
MONA = Actor(
    Viewer(Role.MANAGER, "mona", frozenset({"nouveaux"}), frozenset({"mona", "bob"})),
    "mona@exemple.fr",
)
BOB = Invited(
    email=" Bob@Exemple.fr", role="salesperson", name="Bob Durand", person_id="bob"
)


@pytest.fixture
def alice() -> User:
    return User.objects.create_user(
        "alice@exemple.fr", PASSWORD, name="Alice", role="director"
    )


def accepted(token: str, at: datetime.datetime = AT) -> User:
    return accounts.accept(token, name="", password=PASSWORD, language="fr", at=at)


def test_an_invitation_becomes_an_account_of_its_role_and_person() -> None:
    user = accepted(accounts.invite(BOB, actor=MONA, at=AT))

    assert (user.email, user.role, user.person_id, user.name) == (
        "bob@exemple.fr",
        "salesperson",
        "bob",
        "Bob Durand",
    )
    assert user.check_password(PASSWORD)
    told = list(AuditLine.objects.order_by("id").values_list("by", "verb", "key"))
    assert told == [
        ("mona@exemple.fr", "invite", "bob@exemple.fr"),
        ("bob@exemple.fr", "accept", "bob@exemple.fr"),
    ]


def test_the_token_itself_is_kept_nowhere() -> None:
    token = accounts.invite(BOB, actor=OPERATOR, at=AT)

    kept = Invitation.objects.get()
    assert token not in {str(value) for value in vars(kept).values()}
    assert token not in str(list(AuditLine.objects.values()))


def test_a_link_serves_once() -> None:
    token = accounts.invite(BOB, actor=OPERATOR, at=AT)
    accepted(token)

    with pytest.raises(InvitationOverError):
        accepted(token)


@pytest.mark.parametrize(("late", "good"), [(WEEK, False), (WEEK / 2, True)])
def test_a_link_serves_a_week(late: datetime.timedelta, good: bool) -> None:
    token = accounts.invite(BOB, actor=OPERATOR, at=AT)

    if good:
        assert accepted(token, AT + late).email == "bob@exemple.fr"
    else:
        with pytest.raises(InvitationOverError, match="older than 7 days"):
            accepted(token, AT + late)


def test_another_invitation_ends_the_former_and_a_withdrawn_one_is_over() -> None:
    first = accounts.invite(BOB, actor=OPERATOR, at=AT)
    second = accounts.invite(BOB, actor=OPERATOR, at=AT)
    with pytest.raises(InvitationOverError):
        accepted(first)

    accounts.withdraw("bob@exemple.fr", actor=MONA, at=AT)

    with pytest.raises(InvitationOverError):
        accepted(second)


@pytest.mark.parametrize(
    "password", ["court", "motdepasse", "1234567890123", "bob@exemple.fr"]
)
def test_an_easy_password_is_refused_and_the_link_stays_good(password: str) -> None:
    token = accounts.invite(BOB, actor=OPERATOR, at=AT)

    with pytest.raises(ValidationError):
        accounts.accept(token, name="Bob", password=password, language="fr", at=AT)

    assert accepted(token).email == "bob@exemple.fr"


def test_who_has_an_account_is_not_invited_again(alice: User) -> None:
    with pytest.raises(UnableToInviteError, match="has an account already"):
        accounts.invite(
            Invited(email=alice.email, role="reader"), actor=OPERATOR, at=AT
        )


@pytest.mark.parametrize(
    ("actor", "invited"),
    [
        pytest.param(
            MONA, Invited(email="x@y.fr", role="salesperson"), id="nobody of the team"
        ),
        pytest.param(
            MONA,
            Invited(email="x@y.fr", role="salesperson", person_id="charlie"),
            id="somebody of another team",
        ),
        pytest.param(
            MONA,
            Invited(email="x@y.fr", role="manager", person_id="bob"),
            id="a role above",
        ),
        pytest.param(
            OLGA, Invited(email="x@y.fr", role="director"), id="RevOps no director"
        ),
    ],
)
def test_nobody_invites_beyond_their_reach(actor: Actor, invited: Invited) -> None:
    with pytest.raises(ForbiddenError):
        accounts.invite(invited, actor=actor, at=AT)

    assert not Invitation.objects.exists()


def test_only_a_director_makes_or_unmakes_directors() -> None:
    makes = [role for role, given in GIVES.items() if Role.DIRECTOR in given]

    assert makes == [Role.DIRECTOR]


def test_the_last_director_stays(alice: User) -> None:
    with pytest.raises(LastDirectorError):
        accounts.deactivate(alice.pk, actor=OPERATOR, at=AT)
    with pytest.raises(LastDirectorError):
        accounts.change_role(alice.pk, "reader", person_id="", actor=OPERATOR, at=AT)


def test_revops_cannot_close_a_director(alice: User) -> None:
    with pytest.raises(ForbiddenError, match="Director"):
        accounts.deactivate(alice.pk, actor=OLGA, at=AT)


def test_a_change_of_role_keeps_before_and_after() -> None:
    user = accepted(accounts.invite(BOB, actor=OPERATOR, at=AT))

    accounts.change_role(user.pk, "manager", person_id="bob", actor=OPERATOR, at=AT)

    line = AuditLine.objects.get(verb="role")
    assert line.details == {
        "before": {"role": "salesperson", "person": "bob"},
        "after": {"role": "manager", "person": "bob"},
    }


def test_a_line_of_the_audit_is_neither_changed_nor_removed(alice: User) -> None:
    accounts.change_own(
        alice.pk,
        name="Alice Martin",
        language="en",
        actor=Actor(Viewer(Role.DIRECTOR), alice.email),
        at=AT,
    )
    line = AuditLine.objects.get()

    for attempt in (
        line.save,
        line.delete,
        AuditLine.objects.all().delete,
        lambda: AuditLine.objects.update(by="somebody else"),
    ):
        with pytest.raises(LineKeptError):
            attempt()


def test_the_database_itself_refuses_to_change_a_line(alice: User) -> None:
    from django.db import DatabaseError, connection, transaction

    accounts.log_out_everywhere(alice.pk, actor=OPERATOR, at=AT)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE records_auditline SET by = 'x'")
