"""Alerts of the followed company: raised once, told once, seen by whom they concern."""

from __future__ import annotations

import datetime
import http.server
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.notifications import chat
from jalon.notifications.mail import UnsentError
from jalon.queries.alerts import Wanted, alerts, unseen
from jalon.queries.evaluations import current_snapshot
from jalon.records import alert_rows, evaluation_rows, notice_rows, objective_rows
from jalon.records.accounts import User
from jalon.records.notices import Delivery
from jalon.usecases.acting import Actor
from jalon.usecases.raise_alerts import raise_alerts
from jalon.usecases.tell_alerts import tell_alerts
from jalon.usecases.wish_notices import WishRefusedError, wish_notices
from jalon.workspace.folder import Workspace
from tests.worlds import followed

pytestmark = pytest.mark.django_db
LINK = "https://jalon.exemple/alerts/"
MONDAY = datetime.datetime(2025, 6, 16, 7, 30, tzinfo=datetime.UTC)  # 9:30 in Paris
BOB = Viewer(Role.SALESPERSON, "bob")
CHARLIE = Viewer(Role.SALESPERSON, "charlie")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return followed.company(tmp_path_factory.mktemp("alerts"))


@pytest.fixture
def company(
    facts: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    settings.WORKSPACE = facts
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setenv("JALON_WORKSPACE", str(facts.folder))
    followed.people(facts)
    return facts


def _read(workspace: Workspace, name: str, day: datetime.date, chance: str) -> None:
    """Keep an evaluation of that day with that chance, then look for changes."""
    objectives = objective_rows.load()
    on, snapshot = followed.ON, current_snapshot(workspace)
    today = evaluation_rows.kept([objectives[name]], on=on, snapshot=snapshot)[name]
    said = replace(today, on=day, probability=Decimal(chance))
    evaluation_rows.keep([said], objectives=objectives)
    raise_alerts(
        workspace, list(objectives.values()), on=day, snapshot=snapshot, whole=False
    )


def _states(name: str) -> list[tuple[str, str, datetime.date]]:
    found = alert_rows.some(None, objective=name)
    return [(one.state, one.change, one.fired_on) for one in reversed(found)]


def test_two_bad_readings_raise_one_alert_and_two_good_ones_another(
    company: Workspace,
) -> None:
    day = datetime.date(2025, 6, 17)
    days = [day + datetime.timedelta(days=rank) for rank in range(6)]
    for on, chance in zip(
        days, ("0.45", "0.4", "0.4", "0.7", "0.8", "0.8"), strict=True
    ):
        _read(company, "ca-t2-nouveaux", on, chance)
    assert _states("ca-t2-nouveaux") == [
        ("amber", "worsening", days[1]),
        ("green", "recovering", days[4]),
    ]


def test_an_objective_of_a_person_is_told_with_the_team_s(company: Workspace) -> None:
    for rank in (1, 2):
        on = followed.ON + datetime.timedelta(days=rank)
        for name in ("ca-t2-bob", "ca-t2-nouveaux"):
            evaluation = evaluation_rows.kept(
                [objective_rows.load()[name]],
                on=followed.ON,
                snapshot=current_snapshot(company),
            )[name]
            evaluation_rows.keep(
                [replace(evaluation, on=on, probability=Decimal("0.2"))],
                objectives=objective_rows.load(),
            )
        raise_alerts(
            company,
            list(objective_rows.load().values()),
            on=on,
            snapshot=current_snapshot(company),
            whole=False,
        )
    assert _states("ca-t2-bob") == []  # two deals a quarter tell nothing by the week
    team = alert_rows.some(None, objective="ca-t2-nouveaux")[0]
    assert team.told["carried"] == ["ca-t2-bob"]


def test_a_stranger_sees_nothing_and_the_owner_sees_it_once(company: Workspace) -> None:
    followed.alert_of_bob()
    everything = Wanted(show="all")
    for_bob = alerts(company, everything, viewer=BOB, on=followed.ON)
    assert [one.objective for one in for_bob.lines] == ["ca-t2-bob"]
    assert alerts(company, everything, viewer=CHARLIE, on=followed.ON).lines == ()
    assert unseen(BOB, by="bob@exemple.fr") == 1
    assert unseen(CHARLIE, by="charlie@exemple.fr") == 0


def _fresh() -> None:
    """Make the alert of Bob one of the day."""
    followed.alert_of_bob()
    alert_rows.Alert.objects.update(fired_on=MONDAY.date())


def test_a_digest_waits_for_its_hour_and_goes_once(company: Workspace) -> None:
    _fresh()
    first = tell_alerts(company, at=MONDAY, link=LINK)
    assert first.messages == 0  # half past nine: tomorrow at eight
    tomorrow = datetime.datetime(2025, 6, 17, 6, 5, tzinfo=datetime.UTC)
    assert tell_alerts(company, at=tomorrow, link=LINK).messages == 2
    assert tell_alerts(company, at=tomorrow, link=LINK).messages == 0
    told = {one.to[0]: one for one in mail.outbox}
    assert set(told) == {"bob@exemple.fr", "mona@exemple.fr"}  # who it is for
    text = told["bob@exemple.fr"].body
    assert "Bob Durand" in text
    assert "42\u202f%" in text
    assert LINK in text


def test_a_mail_speaks_the_language_of_who_reads_it(company: Workspace) -> None:
    User.objects.filter(email="bob@exemple.fr").update(language="en")
    _wish("bob", rhythm="each")
    _fresh()
    tell_alerts(company, at=MONDAY, link=LINK)
    (sent,) = mail.outbox
    assert "less than one chance in two since 2 June 2025" in sent.subject


def test_a_message_cut_short_is_never_sent_again_by_itself(company: Workspace) -> None:
    _wish("bob", rhythm="each")
    _fresh()
    tell_alerts(company, at=MONDAY, link=LINK)
    Delivery.objects.update(state="sending")
    later = MONDAY + datetime.timedelta(days=1)
    assert tell_alerts(company, at=later, link=LINK).messages == 0
    assert len(mail.outbox) == 1


def test_what_could_not_leave_is_tried_again_later_then_given_up(
    company: Workspace, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    User.objects.exclude(email="bob@exemple.fr").update(is_active=False)
    _wish("bob", rhythm="each", quiet_to=datetime.time(19), quiet_weekends=False)
    _fresh()
    at = MONDAY
    assert tell_alerts(company, at=at, link=LINK).unsent == 1
    (waiting,) = Delivery.objects.all()
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert waiting.due_at == at + datetime.timedelta(minutes=15)
    for _ in range(4):
        at = Delivery.objects.get().due_at
        tell_alerts(company, at=at, link=LINK)
    assert Delivery.objects.get().state == "failed"


class _Webhook(http.server.BaseHTTPRequestHandler):
    """A webhook that keeps what it is told."""

    received: list[dict[str, Any]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.received.append(json.loads(self.rfile.read(length)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Say nothing on the screen."""


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    received: list[dict[str, Any]] = []
    handler = type("Webhook", (_Webhook,), {"received": received})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/jalon", received
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine be written to: a private address otherwise."""
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")


@pytest.mark.usefixtures("allowed")
def test_a_webhook_receives_the_alert_through_apprise(
    company: Workspace, webhook: tuple[str, list[dict[str, Any]]]
) -> None:
    address, received = webhook
    _wish("bob", rhythm="each", mail=False, channels=(address,))
    _fresh()
    tell_alerts(company, at=MONDAY, link=LINK)
    tell_alerts(company, at=MONDAY, link=LINK)
    (told,) = received
    assert "Bob Durand" in told["title"]
    assert "42\u202f%" in told["message"]
    (logged,) = notice_rows.log_of(User.objects.get(email="bob@exemple.fr").pk)
    assert (logged.label, logged.state) == ("json://…", "sent")
    assert "127.0.0.1" not in logged.channel


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_nobody_reaches_a_private_machine_by_a_chat(
    company: Workspace, webhook: tuple[str, list[dict[str, Any]]], host: str
) -> None:
    address, received = webhook
    _wish("bob", rhythm="each", channels=(address.replace("127.0.0.1", host),))
    _fresh()
    told = tell_alerts(company, at=MONDAY, link=LINK)
    assert (told.messages, told.unsent) == (1, 1)  # the mail left, not the chat
    assert received == []
    failed = Delivery.objects.get(state="failed")
    assert failed.reason in {"private", "unknown"}
    socket.create_connection(("127.0.0.1", int(address.split(":")[2][:5]))).close()


def test_an_answer_that_sends_elsewhere_is_followed_to_no_private_machine(
    company: Workspace,
    webhook: tuple[str, list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, received = webhook
    inside = f"http://localhost:{address.split(':')[2]}"

    class Elsewhere(_Webhook):
        def do_POST(self) -> None:
            self.send_response(307)
            self.send_header("Location", inside)
            self.end_headers()

    server = http.server.HTTPServer(("127.0.0.2", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.2")
    with pytest.raises(UnsentError):
        chat.send(f"json://127.0.0.2:{server.server_port}/", subject="a", text="b")
    server.shutdown()
    server.server_close()
    thread.join()
    assert received == []


def test_an_alert_one_may_not_see_any_more_is_not_told(company: Workspace) -> None:
    _fresh()
    tell_alerts(company, at=MONDAY, link=LINK)  # both wait for tomorrow at eight
    User.objects.filter(email="mona@exemple.fr").update(
        role="salesperson", person_id="charlie"
    )
    tomorrow = datetime.datetime(2025, 6, 17, 6, 5, tzinfo=datetime.UTC)
    assert tell_alerts(company, at=tomorrow, link=LINK).messages == 1
    assert [one.to for one in mail.outbox] == [["bob@exemple.fr"]]
    assert Delivery.objects.get(user__email="mona@exemple.fr").state == "dropped"


def test_what_somebody_took_note_of_meanwhile_is_not_told(company: Workspace) -> None:
    _fresh()
    tell_alerts(company, at=MONDAY, link=LINK)
    (alert,) = alert_rows.Alert.objects.all()
    alert.deeds.create(kind="noted", by="mona@exemple.fr", at=MONDAY)
    tomorrow = datetime.datetime(2025, 6, 17, 6, 5, tzinfo=datetime.UTC)
    assert tell_alerts(company, at=tomorrow, link=LINK).messages == 0


def test_a_second_try_waits_for_the_end_of_the_quiet_hours(
    company: Workspace, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    User.objects.exclude(email="bob@exemple.fr").update(is_active=False)
    _wish("bob", rhythm="each")
    _fresh()
    evening = datetime.datetime(2025, 6, 16, 16, 50, tzinfo=datetime.UTC)  # 18:50
    tell_alerts(company, at=evening, link=LINK)
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.reason) == ("waiting", "silent")
    morning = datetime.datetime(2025, 6, 17, 6, 0, tzinfo=datetime.UTC)  # 8:00
    assert waiting.due_at == morning


def test_a_process_that_dies_holds_one_message_not_those_of_everybody(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("bob", "mona"):
        _wish(who, rhythm="each")
    _fresh()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("jalon.notifications.mail.send", killed)
        with pytest.raises(KeyboardInterrupt):
            tell_alerts(company, at=MONDAY, link=LINK)
    states = Delivery.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["sending", "waiting"]
    assert tell_alerts(company, at=MONDAY, link=LINK).messages == 1


def test_new_hours_hold_for_what_waits_already(company: Workspace) -> None:
    _wish("bob", rhythm="weekly")
    _fresh()
    tell_alerts(company, at=MONDAY, link=LINK)
    wishes = notice_rows.Wishes(rhythm="each")
    here = MONDAY.astimezone(ZoneInfo("Europe/Paris"))
    wish_notices(wishes, actor=Actor(BOB, "bob@exemple.fr"), at=here)
    assert tell_alerts(company, at=MONDAY, link=LINK).messages == 1
    assert [one.to for one in mail.outbox] == [["bob@exemple.fr"]]


def test_an_address_of_no_service_is_refused_without_being_repeated(
    company: Workspace,
) -> None:
    actor = Actor(BOB, "bob@exemple.fr")
    for address in (
        "smoke://signal",
        "file:///etc/passwd",
        "n'importe quoi",
        "rsyslog://10.0.0.1",
        "syslog://",
        "ircs://10.0.0.1/c",
    ):
        with pytest.raises(WishRefusedError) as refused:
            wish_notices(
                notice_rows.Wishes(channels=(address,)), actor=actor, at=MONDAY
            )
        assert address not in str(refused.value)


def _wish(key: str, **wanted: Any) -> None:
    user = User.objects.get(email=f"{key}@exemple.fr")
    notice_rows.keep_wishes(user.pk, replace(notice_rows.Wishes(), **wanted))
