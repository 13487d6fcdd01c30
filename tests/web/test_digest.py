"""Each person's week by mail: theirs alone, once, in their language, until they say no."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client

from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.usecases.acting import SYSTEM
from jalon.usecases.send_digests import Sent, links, send_digests, token_of
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
HERE = links("https://jalon.example")
MONDAY = followed.ON - datetime.timedelta(days=followed.ON.weekday())
AT = datetime.datetime.combine(MONDAY, datetime.time(8), datetime.UTC)


def send(company: Workspace, *, on: datetime.date = MONDAY) -> Sent:
    return send_digests(company, HERE, actor=SYSTEM, on=on, at=AT)


def mail_to(who: str, outbox: list[EmailMessage]) -> EmailMultiAlternatives:
    (found,) = [one for one in outbox if one.to == [f"{who}@exemple.fr"]]
    assert isinstance(found, EmailMultiAlternatives)
    return found


def html(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def test_everybody_has_their_week_once_and_again_the_week_after(
    company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    first = send(company)
    again = send(company, on=MONDAY + datetime.timedelta(days=3))

    addresses = [one.to[0] for one in mailoutbox]
    assert (first.sent, again.sent) == (len(addresses), 0)
    assert len(addresses) == len(set(addresses))
    assert {"alice@exemple.fr", "mona@exemple.fr", "bob@exemple.fr"} <= set(addresses)

    after = send(company, on=MONDAY + datetime.timedelta(days=7))

    assert after.sent == first.sent


def test_a_salesperson_reads_their_own_objectives_and_nobody_else_s(
    company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    send(company)

    body = mail_to("bob", mailoutbox)
    assert "Charlie" not in str(body.body)
    assert "Charlie" not in html(body)
    assert "VOS OBJECTIFS" in str(body.body)
    assert "background:#" in html(body)  # the bars
    assert "ÉQUIPES" not in str(body.body)


def test_a_manager_reads_who_is_behind_among_theirs_and_a_director_the_teams(
    company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    send(company)

    manager = str(mail_to("mona", mailoutbox).body)
    director = str(mail_to("alice", mailoutbox).body)
    assert "VOS OBJECTIFS ET CEUX DE VOS ÉQUIPES" in manager
    assert re.search(r"OBJECTIFS? SUR \d+ EN RETARD CHEZ LES PERSONNES", manager)
    assert "LES OBJECTIFS DE L’ENTREPRISE" in director


def test_it_is_in_the_language_of_its_reader(
    company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(email="bob@exemple.fr").update(language="en")

    send(company)

    told = mail_to("bob", mailoutbox)
    assert told.subject.startswith(f"{company.settings.company}: your week W")
    assert "YOUR OBJECTIVES" in str(told.body)
    assert told.extra_headers["Content-Language"] == "en"
    assert "votre semaine" in mail_to("mona", mailoutbox).subject


def test_one_click_of_a_mail_program_stops_it_and_the_page_asks_for_it_again(
    company: Workspace, reader: Reader, mailoutbox: list[EmailMessage]
) -> None:
    send(company)
    headers = mail_to("bob", mailoutbox).extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = (
        headers["List-Unsubscribe"].strip("<>").removeprefix("https://jalon.example")
    )

    shown = Client(enforce_csrf_checks=True).get(way_out)
    assert shown.status_code == 200
    assert send(company, on=MONDAY + datetime.timedelta(days=7)).sent  # a look is none
    posted = Client(enforce_csrf_checks=True).post(
        way_out, {"List-Unsubscribe": "One-Click"}
    )
    assert posted.status_code == 200
    mailoutbox.clear()
    send(company, on=MONDAY + datetime.timedelta(days=14))
    assert not [one for one in mailoutbox if one.to == ["bob@exemple.fr"]]

    bob = reader("bob")
    assert "Me l’envoyer de nouveau" in bob.get("/notifications/").content.decode()
    bob.post("/notifications/digest/", {"wanted": "1"})
    send(company, on=MONDAY + datetime.timedelta(days=21))
    mail_to("bob", mailoutbox)
    said = AuditLine.objects.filter(verb="wish", noun="digest").values_list("key")
    assert list(said) == [("bob@exemple.fr",)] * 2


def test_a_forged_way_out_stops_nobody(company: Workspace) -> None:
    answer = Client().post("/notifications/digest/forged/out/")

    assert answer.status_code == 410
    assert send(company).sent


def test_a_closed_account_hears_nothing(
    company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    bob = User.objects.get(email="bob@exemple.fr")
    token = token_of(bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    send(company)

    assert not [one for one in mailoutbox if one.to == ["bob@exemple.fr"]]
    assert Client().get(f"/notifications/digest/{token}/out/").status_code == 410


def test_a_server_that_is_away_is_asked_again_and_nobody_is_forgotten(
    company: Workspace, settings: Any, mailoutbox: list[EmailMessage]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    assert send(company) == Sent(sent=0, unsent=1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert send(company).sent == len(mailoutbox) > 3
