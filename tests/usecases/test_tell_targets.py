"""Who is told of their targets by mail, in which language, and what stops nothing."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from jalon.domain.objectives.objective import Objective, Revision
from jalon.domain.objectives.revising import revised
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.usecases.acting import Actor
from jalon.usecases.tell_targets import Told, tell_changed, tell_published
from jalon.workspace.folder import Workspace
from tests.worlds.followed import AT, OBJECTIVES, ON

pytestmark = pytest.mark.django_db
MONA = Actor(Viewer(Role.MANAGER, "mona"), "mona@exemple.fr")
ALICE = Actor(Viewer(Role.DIRECTOR, "alice"), "alice@exemple.fr")
BY_ID = {one.id: one for one in OBJECTIVES}
LINKS = {one.id: f"https://jalon.exemple.fr/{one.id}/" for one in OBJECTIVES}
LOWERED = Revision(
    former=Decimal(45000),
    new=Decimal(40000),
    effective_on=datetime.date(2025, 6, 16),
    reason="market",
    text="Deux comptes gèlent leurs budgets",
    by="mona@exemple.fr",
    effort_credited=Decimal(19000),
    message="On tient le cap",
)


@pytest.fixture
def accounts(db: None) -> None:
    """Alice directs, Mona leads Bob's team, Marc another; Bob reads English."""
    for key, role, language in (
        ("alice", "director", "fr"),
        ("mona", "manager", "fr"),
        ("marc", "manager", "fr"),
        ("bob", "salesperson", "en"),
        ("charlie", "salesperson", "fr"),
    ):
        User.objects.create_user(
            f"{key}@exemple.fr",
            name=key.title(),
            role=role,
            person_id=key,
            language=language,
        )


def _bob() -> Objective:
    return revised(BY_ID["ca-t2-bob"], LOWERED)


def _changed(company: Workspace, *found: Objective, actor: Actor = MONA) -> Told:
    return tell_changed(company, found, LINKS, actor=actor, on=ON, at=AT)


def test_the_owner_is_told_in_their_language_with_all_that_was_said(
    company: Workspace, accounts: None
) -> None:
    assert _changed(company, _bob()) == Told(1, 0)
    (sent,) = mail.outbox
    assert sent.to == ["bob@exemple.fr"]
    assert "your target changes" in sent.subject
    for part in (
        "Mona",
        "€45,000.00",
        "€40,000.00",
        "Deux comptes gèlent leurs budgets",
        "€19,000.00",
        "On tient le cap",
        "https://jalon.exemple.fr/ca-t2-bob/",
    ):
        assert part in sent.body


def test_who_leads_the_team_is_told_of_the_team_s_and_not_who_did_it(
    company: Workspace, accounts: None
) -> None:
    team = revised(BY_ID["ca-t2-nouveaux"], replace(LOWERED, former=Decimal(45000)))
    assert _changed(company, team, actor=ALICE) == Told(1, 0)
    assert mail.outbox[0].to == ["mona@exemple.fr"]
    assert "Bonjour" in mail.outbox[0].body
    assert _changed(company, team, actor=MONA) == Told(0, 0)


def test_one_mail_holds_all_that_concerns_somebody(
    company: Workspace, accounts: None
) -> None:
    found = [BY_ID["ca-t2-bob"], BY_ID["closing-bob"], BY_ID["ca-t2-charlie"]]
    told = tell_published(company, found, LINKS, actor=ALICE, on=ON, at=AT)
    assert told == Told(2, 0)
    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    assert set(bodies) == {"bob@exemple.fr", "charlie@exemple.fr"}
    assert bodies["bob@exemple.fr"].count("•") == 2
    assert "charlie" not in bodies["bob@exemple.fr"]


def test_nobody_whose_account_is_closed_is_told(
    company: Workspace, accounts: None
) -> None:
    User.objects.filter(person_id="bob").update(is_active=False)
    assert _changed(company, _bob()) == Told(0, 0)


def test_what_left_is_kept_in_the_journal(company: Workspace, accounts: None) -> None:
    _changed(company, _bob())
    line = AuditLine.objects.get(verb="tell")
    assert (line.key, line.by) == ("ca-t2-bob", "mona@exemple.fr")
    assert line.details["after"] == ["bob@exemple.fr"]


def test_a_server_that_does_not_answer_stops_nothing(
    company: Workspace, accounts: None, settings: Any
) -> None:
    """Nothing listens on that port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert _changed(company, _bob()) == Told(0, 1)
    assert not AuditLine.objects.filter(verb="tell").exists()
