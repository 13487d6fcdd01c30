"""Webhooks: signed, once, tried again, as far as their account sees, no private host."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from jalon.domain.refusals import Refusal
from jalon.queries.hooks import hook as hook_page
from jalon.records.alerts import Alert
from jalon.records.machines import Hook
from jalon.usecases import hooks
from jalon.usecases.acting import SYSTEM
from jalon.usecases.retarget import Retarget, retarget_with_those_below
from jalon.usecases.tell_hooks import TRIES, tell_hooks
from jalon.workspace.folder import Workspace
from tests.worlds import followed
from tests.worlds.asking import actor_of

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2025, 6, 16, 9, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


class Receiver:
    """A server on this machine that keeps what it is sent and answers as told."""

    def __init__(self) -> None:
        self.status, self.got = 200, []  # type: ignore[var-annotated]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers.items()), body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jalon"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def retarget(company: Workspace, *, at: datetime.datetime) -> None:
    asked = Retarget(
        new=41000, effective_on=followed.ON, reason="market", text="Reporté"
    )
    retarget_with_those_below(
        company, "ca-t2-bob", asked, actor=SYSTEM, on=followed.ON, at=at
    )


def made_by(who: str, company: Workspace, url: str, *events: str) -> tuple[int, str]:
    user = get_user_model().objects.get(person_id=who)
    return hooks.make(company, url, events, actor=actor_of(user), at=AT)


def told(company: Workspace, at: datetime.datetime) -> tuple[int, int]:
    found = tell_hooks(company, at=at, on=followed.ON)
    return found.sent, found.unsent


def test_a_change_is_told_once_and_signed(
    company: Workspace, receiver: Receiver
) -> None:
    _hook, secret = made_by("olga", company, receiver.url, "target.changed")
    retarget(company, at=AT + MINUTE)

    first, second = told(company, AT + 2 * MINUTE), told(company, AT + 3 * MINUTE)
    ((headers, body),) = receiver.got

    assert (first, second) == ((1, 0), (0, 0))
    event = json.loads(body)
    assert (event["type"], event["data"]["objective"]) == (
        "target.changed",
        "ca-t2-bob",
    )
    key = base64.b64decode(secret.removeprefix("whsec_"))
    moment = headers["webhook-timestamp"]
    signed = f"{headers['webhook-id']}.{moment}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    assert headers["webhook-signature"] == f"v1,{expected.decode()}"
    assert int(moment) == int((AT + 2 * MINUTE).timestamp())


def test_what_fails_is_tried_again_later_and_later_then_given_up(
    company: Workspace, receiver: Receiver
) -> None:
    hook, _secret = made_by("olga", company, receiver.url, "target.changed")
    retarget(company, at=AT + MINUTE)
    receiver.status, at = 500, AT + 2 * MINUTE
    waits = []
    for _try in range(TRIES):
        told(company, at)
        (line,) = hook_page(hook).deliveries  # type: ignore[union-attr]
        waits.append((line.due_at - at) // MINUTE)
        assert told(company, line.due_at - MINUTE / 2) == (0, 0)  # not before its time
        at = line.due_at

    assert (line.state, line.status, line.tries) == ("failed", 500, TRIES)
    assert waits == [1, 4, 16, 64, 256, 1024, 4096]
    receiver.status = 204
    assert told(company, at) == (0, 0)
    hooks.again(line.id, actor=SYSTEM, at=at)
    assert told(company, at) == (1, 0)


def test_nothing_leaves_that_its_account_may_not_see(
    company: Workspace, receiver: Receiver
) -> None:
    followed.alert_of_bob()
    Alert.objects.update(fired_on=followed.ON)
    made_by("olga", company, receiver.url, "alert.raised")  # RevOps sees no alert
    assert told(company, AT + MINUTE) == (0, 0)

    made_by("alice", company, receiver.url, "alert.raised")
    sent, unsent = told(company, AT + 2 * MINUTE)

    assert (sent > 0, unsent) == (True, 0)
    assert {json.loads(body)["type"] for _head, body in receiver.got} == {
        "alert.raised"
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.8/",
        "http://[::ffff:127.0.0.1]/",
        "http://0x7f000001/",
        "https://bob:secret@1.1.1.1/",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
    ],
)
def test_a_private_or_odd_address_is_refused_in_one_line(
    company: Workspace, url: str
) -> None:
    with pytest.raises(Refusal) as error:
        made_by("olga", company, url, "target.changed")

    assert "\n" not in str(error.value)
    assert "secret@" not in str(error.value)


def test_an_address_that_became_private_is_not_called(
    company: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Allowed when it was made, not any more when it is called."""
    hook, _secret = made_by("olga", company, receiver.url, "target.changed")
    retarget(company, at=AT + MINUTE)
    monkeypatch.delenv("JALON_PRIVATE_HOSTS")

    assert told(company, AT + 2 * MINUTE) == (0, 1)

    (line,) = hook_page(hook).deliveries  # type: ignore[union-attr]
    assert (line.state, line.reason, receiver.got) == ("failed", "private", [])


def test_who_may_not_connect_machines_makes_none(company: Workspace) -> None:
    with pytest.raises(Refusal):
        made_by("bob", company, "https://1.1.1.1/", "target.changed")


def test_a_secret_is_sealed_where_it_is_kept(
    company: Workspace, receiver: Receiver
) -> None:
    hook, secret = made_by("olga", company, receiver.url, "target.changed")

    kept: Any = Hook.objects.get(pk=hook)
    assert secret not in kept.secret
    assert secret.removeprefix("whsec_") not in kept.secret
