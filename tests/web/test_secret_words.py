"""A word said in private is looked for everywhere: pages, exports, mails, tables."""

from __future__ import annotations

import datetime
import io
import os
import zipfile
from copy import deepcopy

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client

from jalon.domain.feedback.asking import Kind, Trigger
from jalon.records.surveys import EngagementAnswer
from jalon.usecases import surveys as use_case
from jalon.usecases.acting import SYSTEM
from jalon.usecases.send_digests import links, send_digests
from jalon.workspace.folder import Workspace
from tests.web import test_every_address as addresses
from tests.worlds import followed
from tests.worlds.asking import machine

pytestmark = pytest.mark.django_db
world = addresses.world  # the company behind clients, once for this file too
EVERYWHERE = bool(os.environ.get("JALON_STORIES"))  # make test-stories: every address
LIKELY = (
    *("/check-in/", "/surveys/", "/themes/", "/reviews/", "/weekly/", "/search/"),
    *("/explorer/", "/journal/", "/people/", "/wall/", "/kpis/"),
)
SECRETS = {
    "private": "mirabelle-privée",
    "draft": "mirabelle-brouillon",
    "engagement": "mirabelle-anonyme",
    "imported": "Trop d'objectifs à la fois",  # an engagement answer of the facts
}


SAID = {
    "confidence": "3",
    "field": "La reprise des fiches plaît",
    "kind": "good_practice",
    "private": SECRETS["private"],
}


@pytest.fixture(scope="module")
def whispered(world: addresses.World, facts: Workspace) -> addresses.World:
    """Bob wrote for himself alone, and four people answered the engagement survey."""
    handed = world.clients["O"].post("/check-in/", SAID)
    assert handed.status_code == 302
    written = {"blocks": SECRETS["draft"], "confidence": "3"}
    drafted = world.clients["I"].post("/check-in/draft/", written)
    assert drafted.status_code == 200
    survey = use_case.make_survey(
        "Climat",
        kind=Kind.ENGAGEMENT,
        trigger=Trigger.HAND,
        delay_days=0,
        quiet_days=0,
        actor=SYSTEM,
        on=followed.ON,
        at=followed.AT,
    )
    for score in (2, 5, 7, 9):
        EngagementAnswer.objects.create(
            survey=survey,
            team_id="nouveaux",
            wave=followed.ON - datetime.timedelta(days=20),
            score=score,
            comment=SECRETS["engagement"],
        )
    return world


def told(content: bytes) -> str:
    """Return what an answer says; a workbook or an archive says what is inside."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(told(archive.read(name)) for name in archive.namelist())


def found_in(text: str) -> set[str]:
    plain = text.replace("&#x27;", "'").replace("&#39;", "'").replace("\\u2019", "'")
    return {name for name, word in SECRETS.items() if word in plain}


def read(world: addresses.World, who: str, path: str) -> str:
    client = Client(raise_request_exception=False)
    client.cookies = deepcopy(world.clients[who].cookies)
    with transaction.atomic():
        response = client.get(path)
        content = (
            b"".join(response.streaming_content)  # type: ignore[arg-type]
            if response.streaming
            else response.content
        )
        transaction.set_rollback(True)
    return told(content)


def test_what_is_shared_is_read_where_the_secret_beside_it_is_not(
    whispered: addresses.World,
) -> None:
    """The search below would see it: the shared half of the same point is there."""
    page = read(whispered, "M", "/check-in/team/")

    assert "La reprise des fiches plaît" in page
    assert found_in(page) == set()
    assert found_in(read(whispered, "O", "/check-in/")) == {"private"}


@pytest.mark.parametrize("who", ["D", "M", "R"] if EVERYWHERE else ["D"])
def test_whoever_sees_most_reads_no_secret_at_any_address(
    whispered: addresses.World, who: str
) -> None:
    leaks = {}
    for address, name in addresses.ADDRESSES:
        path = addresses.filled(address, name, world=whispered)
        if name == "check_in" or who not in addresses.TABLE[name][0]:
            continue
        if not EVERYWHERE and not path.startswith(LIKELY):
            continue
        if leaked := found_in(read(whispered, who, path)):
            leaks[path] = leaked
    assert leaks == {}


@pytest.mark.parametrize("who", ["alice", "mona"])
def test_no_door_for_machines_says_a_secret(
    whispered: addresses.World, who: str
) -> None:
    """The assistant's tools answer by the same functions as the API."""
    with transaction.atomic():
        asked = machine(get_user_model().objects.get(person_id=who))
        paths = asked.get("/openapi.json").json()["paths"]
        lists = [
            path.removeprefix("/api/v1")
            for path, operations in paths.items()
            if "get" in operations and "{" not in path
        ]
        said = {path: asked.get(path).content.decode() for path in lists}
        transaction.set_rollback(True)

    assert len(said) > 8
    assert {
        path: found for path, text in said.items() if (found := found_in(text))
    } == {}
    assert "La reprise des fiches plaît" in said["/check-ins"]


def test_no_mail_of_the_week_says_a_secret(
    whispered: addresses.World, facts: Workspace
) -> None:
    with transaction.atomic():
        sent = send_digests(
            facts,
            links("https://jalon.example"),
            actor=SYSTEM,
            on=followed.ON,
            at=followed.AT,
        )
        transaction.set_rollback(True)
    said = "".join(
        str(one.body) + "".join(str(part[0]) for part in one.alternatives)
        for one in mail.outbox
        if isinstance(one, EmailMultiAlternatives)
    )

    assert sent.sent == len(mail.outbox) > 3
    assert found_in(said) == set()
