"""Mails go to a real server on loopback and are read back, as their reader would."""

from __future__ import annotations

import datetime
import email
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.core.cache import cache
from django.test import Client

from jalon.domain.feedback.asking import Kind, Trigger
from jalon.records.surveys import LeftAlone, Request
from jalon.usecases import surveys as use_case
from jalon.usecases.acting import SYSTEM
from jalon.usecases.answer_survey import settle
from jalon.usecases.send_digests import links, send_digests
from jalon.usecases.send_surveys import Asked, send_to
from jalon.workspace.folder import Workspace
from tests.worlds import followed

ROOT = "http://testserver"
HOUR = datetime.timedelta(hours=1)
LIST = (
    "email,name,lang\nanna@client.fr,Anna Noël,fr\nparti@client.fr,Paul,fr\n"
    "tom@client.fr,Tom,en\n"
)


@dataclass
class Box:
    """What the server took; who is gone has no box there."""

    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server's word
        self, _server: Any, _session: Any, envelope: Envelope, to: str, _more: Any
    ) -> str:
        """Refuse for good who left, as a real server does."""
        if to.startswith("parti@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's word
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        """Keep the message, read from its bytes."""
        content = envelope.content
        assert isinstance(content, bytes)
        read = email.message_from_bytes(content, policy=default)
        assert isinstance(read, EmailMessage)
        assert read["To"].addresses[0].addr_spec == envelope.rcpt_tos[0]
        self.taken.append(read)
        return "250 OK"

    def to(self, address: str) -> EmailMessage:
        """Return the only message to an address."""
        (found,) = [
            one for one in self.taken if one["To"].addresses[0].addr_spec == address
        ]
        return found


@pytest.fixture
def box(company: Workspace, settings: Any) -> Iterator[Box]:
    """A mail server that listens, and Jalon that knows it."""
    assert company
    cache.clear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Box()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield kept
    server.stop()


def now() -> datetime.datetime:
    """Return the moment: the pages under test read the clock themselves."""
    return datetime.datetime.now(datetime.UTC)  # noqa: TID251 - a door of its own


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content())


def path_of(address: str) -> str:
    assert address.startswith(ROOT), address
    return urlsplit(address).path


def asked(company: Workspace, name: str) -> Asked:
    survey = use_case.make_survey(
        name,
        kind=Kind.NPS,
        trigger=Trigger.HAND,
        delay_days=0,
        quiet_days=0,
        actor=SYSTEM,
        on=followed.ON,
        at=now(),
    )
    return send_to(
        company,
        survey,
        LIST,
        link=lambda token, what: f"{ROOT}/s/{token}/" + (f"{what}/" if what else ""),
        actor=SYSTEM,
        on=followed.ON,
        at=now(),
    )


def test_a_survey_is_read_clicked_once_and_left_in_one_click(
    company: Workspace, box: Box, client: Client
) -> None:
    told = asked(company, "Après vente")
    assert (told.sent, told.unsent) == (2, 1)
    assert Request.objects.get(address="parti@client.fr").state == "bounced"

    french, english = box.to("anna@client.fr"), box.to("tom@client.fr")
    assert (french["Content-Language"], english["Content-Language"]) == ("fr", "en")
    assert "Recommanderiez-vous" in part(french, "plain")
    assert "recommend" in part(english, "plain")
    page = part(french, "html")
    assert "Bonjour Anna Noël," in page
    nine = re.search(r'href="([^"]+/9/)"', page)
    assert nine is not None
    assert nine[1] in part(french, "plain")

    Request.objects.update(sent_at=now() - 5 * HOUR)
    client.get(path_of(nine[1]))
    assert settle(at=now() + 2 * HOUR) == 1
    answered = Request.objects.get(answered=True)
    assert (answered.address, answered.score) == ("anna@client.fr", 9)

    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = path_of(str(english["List-Unsubscribe"]).strip(" <>"))
    strict = Client(enforce_csrf_checks=True)
    strict.post(way_out, {"List-Unsubscribe": "One-Click"})
    alone = dict(LeftAlone.objects.values_list("address", "why"))
    assert alone == {"parti@client.fr": "bounced", "tom@client.fr": "unsubscribed"}
    box.taken.clear()
    assert asked(company, "Six mois après").sent == 0
    assert not box.taken


def test_the_week_of_a_person_is_read_in_both_parts_and_stopped(
    company: Workspace, box: Box
) -> None:
    """Bars of the HTML part need no image of anybody's server; nothing runs in it."""
    monday = followed.ON - datetime.timedelta(days=followed.ON.weekday())
    here = links(ROOT)
    sent = send_digests(company, here, actor=SYSTEM, on=monday, at=now())

    assert sent.sent == len(box.taken) > 3
    mine = box.to("bob@exemple.fr")
    plain, page = part(mine, "plain"), part(mine, "html")
    assert "VOS OBJECTIFS" in plain
    assert "background:#" in page
    assert not re.search(
        r"<(script|img|link|iframe|form)\b|https?://(?!testserver)", page
    )
    shown = re.findall(r"\d+(?:,\d)?\u202f%", plain)
    assert shown
    assert set(shown) <= set(re.findall(r"\d+(?:,\d)?\u202f%", page))

    way_out = path_of(str(mine["List-Unsubscribe"]).strip(" <>"))
    Client(enforce_csrf_checks=True).post(way_out, {"List-Unsubscribe": "One-Click"})
    box.taken.clear()
    week = datetime.timedelta(days=7)
    send_digests(company, here, actor=SYSTEM, on=monday + week, at=now() + week)
    heard = {one["To"].addresses[0].addr_spec for one in box.taken}
    assert "mona@exemple.fr" in heard
    assert "bob@exemple.fr" not in heard
