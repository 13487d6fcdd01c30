"""The page of one's notifications: kept as typed, tried, and what was sent in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from django.utils.html import escape as html

from jalon.domain.objectives.objective import Revision
from jalon.domain.objectives.revising import revised
from jalon.locale import figures
from jalon.records.accounts import User
from jalon.records.alerts import Alert
from jalon.records.notice_rows import Leaving
from jalon.records.notices import Delivery, Message, Wish
from jalon.records.surveys import Digest
from jalon.records.weekly import WeeklyMail
from jalon.usecases.acting import SYSTEM
from jalon.usecases.leaving import leaving
from jalon.usecases.points_by_mail import remind
from jalon.usecases.send_digests import links, send_digests
from jalon.usecases.tell_targets import tell_changed
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
AT = datetime.datetime(2025, 6, 16, 7, 30, tzinfo=datetime.UTC)  # 9:30 in Paris
PAGE = "/notifications/"
BY_ID = {one.id: one for one in followed.OBJECTIVES}
LOWERED = Revision(
    former=Decimal(45000),
    new=Decimal(40000),
    effective_on=followed.ON,
    reason="market",
    text="Deux comptes gèlent leurs budgets",
)
WISHES = {
    "rhythm": "each",
    "digest_at": "09:15",
    "quiet_from": "18:00",
    "quiet_to": "07:30",
    "mail": "1",
}


def _text(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def _delivery(who: str, alert: int, state: str, **more: Any) -> Delivery:
    user = User.objects.get(email=f"{who}@exemple.fr")
    told = {"channel": "mail", "label": "mail", "due_at": AT} | more
    return Delivery.objects.create(alert_id=alert, user=user, state=state, **told)


def test_what_was_typed_stays_under_its_fault(reader: Reader) -> None:
    said = WISHES | {"quiet_from": "25:00", "channels": "slack://A/B/C"}
    answer = reader("bob").post(PAGE, said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="25:00"' in page
    assert 'aria-describedby="quiet_from-fault"' in page
    assert 'value="07:30"' in page
    assert "slack://A/B/C</textarea>" in page
    assert 'value="each" selected' in page
    assert not Wish.objects.exists()


def test_what_is_kept_is_said(reader: Reader) -> None:
    answer = reader("bob").post(PAGE, WISHES, follow=True)
    assert "Vos souhaits sont enregistrés" in answer.content.decode()


def test_each_way_is_tried_and_what_came_of_it_is_said(
    reader: Reader, mailoutbox: list[EmailMessage]
) -> None:
    bob = reader("bob")
    said = WISHES | {"channels": "json://127.0.0.1:9/", "try": "1"}
    page = bob.post(PAGE, said, follow=True).content.decode()
    assert [one.to for one in mailoutbox] == [["bob@exemple.fr"]]
    assert "Le courriel d’essai est parti" in page
    assert "La ligne 1 (json://…) n’a pas reçu l’essai" in page
    assert "l’adresse est privée" in page
    again = bob.post(PAGE, said, follow=True).content.decode()
    assert "attendez une demi-minute" in again
    assert len(mailoutbox) == 1


def test_the_log_says_what_each_message_told(reader: Reader) -> None:
    number = followed.alert_of_bob()
    _delivery("bob", number, "sent", sent_at=AT)
    bob = User.objects.get(email="bob@exemple.fr")
    Digest.objects.create(user=bob, week="2025-W24", at=AT)
    WeeklyMail.objects.create(
        user=bob, team="team:nouveaux", week="2025-W23", at=AT, unsent=True
    )
    page = _text(reader("bob"))
    assert f'href="/alerts/?show=all#alert-{number}">Bob Durand' in page
    assert "16 juin 2025, 09:30 · Courriel" in page
    assert "Ma semaine par courriel, semaine 24" in page
    assert "La lecture hebdomadaire de Nouveaux clients, semaine 23" in page
    assert "Pas parti<" in page
    assert "rien à dire cette semaine-là" in page


def test_an_alert_one_may_not_see_any_more_is_not_told_in_the_log(
    reader: Reader,
) -> None:
    _delivery("charlie", followed.alert_of_bob(), "sent", sent_at=AT)
    page = _text(reader("charlie"))
    assert "Une alerte" in page
    assert "Bob Durand" not in page


def test_what_was_given_up_is_sent_again_by_hand_once(reader: Reader) -> None:
    failed = _delivery("bob", followed.alert_of_bob(), "failed", reason="silent")
    bob = reader("bob")
    assert "personne ne répond" in _text(bob)
    told = bob.post(f"{PAGE}again/{failed.pk}/", follow=True).content.decode()
    assert "dans la minute" in told
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == ("waiting", 0)
    Delivery.objects.update(state="sent")
    told = bob.post(f"{PAGE}again/{failed.pk}/", follow=True).content.decode()
    assert "ne peut pas être renvoyé" in told
    assert Delivery.objects.get().state == "sent"


def test_what_may_still_be_leaving_or_is_somebody_else_s_is_not_sent_again(
    reader: Reader,
) -> None:
    number = followed.alert_of_bob()
    now = timezone.now()  # noqa: TID251 - the page reads it too
    leaving = _delivery("bob", number, "sending", due_at=now)
    theirs = _delivery("mona", number, "failed")
    for one in (leaving, theirs):
        reader("bob").post(f"{PAGE}again/{one.pk}/")
    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sending", "failed"]
    leaving.due_at = now - datetime.timedelta(minutes=16)
    leaving.save()
    reader("bob").post(f"{PAGE}again/{leaving.pk}/")
    leaving.refresh_from_db()
    assert leaving.state == "waiting"


def test_the_log_asks_as_many_questions_for_many_messages_as_for_one(
    reader: Reader, django_assert_max_num_queries: Any
) -> None:
    _delivery("alice", followed.alert_of_bob(), "sent", sent_at=AT)
    alice = reader("alice")
    _text(alice)
    with django_assert_max_num_queries(25) as one:
        _text(alice)
    for rank in range(12):
        alert = Alert.objects.create(
            about=f"drift:team:{rank}",
            owner="team:nouveaux",
            state="left",
            former="back",
            change="worsening",
            since=followed.ON,
            fired_on=followed.ON,
        )
        _delivery("alice", alert.pk, "waiting")
    with django_assert_max_num_queries(len(one.captured_queries)):
        _text(alice)


@pytest.mark.parametrize(
    ("quiet_to", "sent"),
    [
        pytest.param(datetime.time(9, 30), True, id="their day has begun"),
        pytest.param(datetime.time(10), False, id="their morning is quiet"),
    ],
)
def test_the_week_waits_for_the_end_of_one_s_quiet_hours(
    company: Workspace,
    mailoutbox: list[EmailMessage],
    quiet_to: datetime.time,
    *,
    sent: bool,
) -> None:
    bob = User.objects.get(email="bob@exemple.fr")
    Wish.objects.create(user=bob, quiet_to=quiet_to)
    here = links("https://jalon.example")
    send_digests(company, here, actor=SYSTEM, on=followed.ON, at=AT, by_hours=True)
    addresses = {one.to[0] for one in mailoutbox}
    assert "mona@exemple.fr" in addresses
    assert ("bob@exemple.fr" in addresses) is sent


def test_each_mail_that_left_is_in_the_log_of_who_it_went_to_and_of_nobody_else(
    reader: Reader, company: Workspace
) -> None:
    """A point to write on Friday, a target changed, a trial of one's ways."""
    friday = followed.ON + datetime.timedelta(days=4)
    remind(company, link="https://jalon.test/{}".format, on=friday, at=AT)
    changed = revised(BY_ID["ca-t2-bob"], LOWERED)
    tell_changed(
        company, [changed], {changed.id: "/x/"}, actor=SYSTEM, on=followed.ON, at=AT
    )
    bob = reader("bob")
    bob.post(PAGE, WISHES | {"try": "1"})
    page = _text(bob)
    assert "Rappel\u202f: votre point de la période du 16 juin 2025" in page
    assert f"Vos cibles\u202f: {html(figures.tidy(changed.statement))}" in page
    assert "Message d’essai" in page
    states = Message.objects.filter(user__email="bob@exemple.fr")
    assert sorted(states.values_list("kind", "state")) == [
        ("reminder", "sent"),
        ("target", "sent"),
        ("try", "sent"),
    ]
    ines = _text(reader("ines"))
    assert "Rappel\u202f: votre point" in ines
    assert "Vos cibles" not in ines
    assert "Message d’essai" not in ines


def test_a_mail_that_no_server_took_is_given_up_in_the_log(
    reader: Reader, company: Workspace, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    friday = followed.ON + datetime.timedelta(days=4)
    asked = remind(company, link="https://jalon.test/{}".format, on=friday, at=AT)
    assert (asked.sent, "bob" in asked.unsent) == (0, True)
    changed = revised(BY_ID["ca-t2-bob"], LOWERED)
    tell_changed(
        company, [changed], {changed.id: "/x/"}, actor=SYSTEM, on=followed.ON, at=AT
    )
    mine = Message.objects.filter(user__email="bob@exemple.fr")
    assert sorted(mine.values_list("kind", "state", "reason")) == [
        ("reminder", "failed", "silent"),
        ("target", "failed", "silent"),
    ]
    page = _text(reader("bob"))
    assert page.count(">Abandonné<") == 2
    assert "personne ne répond" in page


def test_a_mail_cut_short_stays_as_perhaps_sent(reader: Reader) -> None:
    bob = User.objects.get(email="bob@exemple.fr")
    message = Leaving(user=bob.pk, kind="late", about="crm")
    with pytest.raises(KeyboardInterrupt), leaving(message, at=AT):
        raise KeyboardInterrupt
    page = _text(reader("bob"))
    assert "La source crm est en retard" in page
    assert "Peut-être envoyé\u202f: interrompu" in page
