"""The weekly reading: the same for every reader, one part after the other, one mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from jalon.cli.main import main
from jalon.notifications.mail import UnsentError
from jalon.queries.weekly import weekly
from jalon.records.accounts import User
from jalon.records.surveys import NoDigest
from jalon.usecases.acting import OPERATOR, SYSTEM
from jalon.usecases.send_weekly import send_to_leads, send_weekly
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
PAGE = "/weekly/"
TEAM = "team:nouveaux"


def test_each_opens_on_their_own_team(reader: Reader) -> None:
    assert reader("bob").get(PAGE).context["week"].team == TEAM
    assert reader("alice").get(PAGE).context["week"].team == "company"


def test_the_same_page_for_every_reader(reader: Reader) -> None:
    seen = [
        reader(who).get(PAGE, {"team": TEAM}).context["parts"]
        for who in ("mona", "charlie", "rene")
    ]
    assert seen[0] == seen[1] == seen[2]


def test_only_published_objectives_are_read(company: Workspace) -> None:
    found = {one.line.id for one in weekly(company, TEAM, on=followed.ON).moved}
    assert {"ca-t2-nouveaux", "ca-t2-bob", "closing-bob"} <= found
    assert "ca-t3-bob" not in found  # proposed, and to come
    assert "ca-t2-charlie" not in found  # of another team


def test_what_is_due_within_the_week_is_there_once_a_plan(company: Workspace) -> None:
    due = weekly(company, TEAM, on=followed.ON).due
    assert {one.text for one in due} == {"Relancer les propositions de mai"}
    late = weekly(company, TEAM, on=followed.ON + timedelta(days=6)).due
    assert {one.days_late for one in late} == {2}


def test_the_meeting_goes_through_its_parts(reader: Reader) -> None:
    mona = reader("mona")
    titles = []
    for step in range(1, 6):
        answer = mona.get(PAGE, {"team": TEAM, "step": str(step)})
        titles.append(answer.context["part"]["key"])
    assert titles == ["results", "moved", "drifted", "due", "decisions"]
    assert mona.get(PAGE, {"step": "9"}).context["part"] is None


def test_each_gets_one_mail_a_week(company: Workspace) -> None:
    told = {"actor": OPERATOR, "on": followed.ON, "at": followed.AT}
    first = send_weekly(company, TEAM, **told)  # type: ignore[arg-type]
    assert first.sent == len(mail.outbox) > 0
    assert "bob@exemple.fr" in {to for one in mail.outbox for to in one.to}
    assert "charlie@exemple.fr" not in {to for one in mail.outbox for to in one.to}
    again = send_weekly(company, TEAM, **told)  # type: ignore[arg-type]
    assert again.already
    assert len(mail.outbox) == first.sent


def test_who_leads_is_written_to_once_at_their_hours(company: Workspace) -> None:
    """Not by night, not twice, not to who stopped the week by mail; in French."""

    def sent(at: datetime) -> int:
        before = len(mail.outbox)
        send_to_leads(company, "/weekly/?team={}".format, actor=SYSTEM, on=on, at=at)
        return len(mail.outbox) - before

    on = followed.ON
    mona = User.objects.get(person_id="mona")
    NoDigest.objects.create(user=mona, at=followed.AT)
    assert sent(followed.AT.replace(hour=22)) == 0
    assert sent(followed.AT) == 2  # Alice and Marc: each their own team's
    assert not [one for one in mail.outbox if mona.email in one.to]
    NoDigest.objects.all().delete()
    assert sent(followed.AT) == 1
    assert mail.outbox[-1].to == [mona.email]
    assert "/weekly/?team=team:nouveaux" in mail.outbox[-1].body
    assert "Trois décisions à prendre" in mail.outbox[-1].body
    assert sent(followed.AT) == 0
    assert not [one for one in mail.outbox if "bob@exemple.fr" in one.to]


def test_a_mail_that_waits_for_the_server_is_sent_later(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"actor": OPERATOR, "on": followed.ON, "at": followed.AT}

    def away(*_args: object, **_more: object) -> None:
        raise UnsentError("no answer", permanent=False)

    with monkeypatch.context() as patch:
        patch.setattr("jalon.notifications.mail.send", away)
        first = send_weekly(company, TEAM, **told)  # type: ignore[arg-type]
    assert first.sent == 0 < first.unsent
    then = send_weekly(company, TEAM, **told)  # type: ignore[arg-type]
    assert then.sent == first.unsent


def test_the_command_tells_the_page_s_decisions(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", "weekly", "--team", "nouveaux", "--on", str(followed.ON)]
    with pytest.raises(SystemExit):
        main(["--workspace", str(company.folder), *words, "--json"])
    (told,) = json.loads(capsys.readouterr().out)
    expected = weekly(company, TEAM, on=followed.ON).decisions
    assert [one["kind"] for one in told["decisions"]] == [x.kind for x in expected]
