"""Surveys: asked by mail, answered by a link, read by those who answer for them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from jalon.domain.feedback.asking import Kind, Trigger
from jalon.records.surveys import Click as Opened
from jalon.records.surveys import EngagementAnswer, LeftAlone, LoopAction, Request
from jalon.usecases import surveys as use_case
from jalon.usecases.acting import SYSTEM
from jalon.usecases.answer_survey import settle
from jalon.usecases.send_surveys import Asked, send_to
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
HOUR = datetime.timedelta(hours=1)


def now() -> datetime.datetime:
    """Return the moment: the pages under test read the clock themselves."""
    return datetime.datetime.now(datetime.UTC)  # noqa: TID251 - a door of its own


def link(token: str, what: str) -> str:
    return f"http://testserver/s/{token}/" + (f"{what}/" if what else "")


def asked(
    workspace: Workspace,
    text: str | None,
    *,
    kind: Kind = Kind.NPS,
    rest: int = 90,
    name: str = "Après vente",
) -> Asked:
    survey = use_case.make_survey(
        name,
        kind=kind,
        trigger=Trigger.HAND,
        delay_days=0,
        quiet_days=rest,
        actor=SYSTEM,
        on=followed.ON,
        at=now(),
    )
    return send_to(
        workspace,
        survey,
        text,
        link=link,
        actor=SYSTEM,
        on=followed.ON,
        at=now(),
    )


@pytest.fixture
def post_box(company: Workspace) -> list[EmailMultiAlternatives]:
    cache.clear()
    return mail.outbox  # type: ignore[return-value]


ONE = "email,name,lang\nanna@client.fr,Anna,en\n"


def paths(message: EmailMultiAlternatives) -> list[str]:
    return re.findall(r"http://testserver(/s/\S+)", str(message.body))


def test_a_mail_has_a_link_a_score_and_a_way_out_in_one_click(
    company: Workspace, post_box: list[EmailMultiAlternatives]
) -> None:
    told = asked(company, ONE)

    assert (told.sent, told.rested, told.unsent) == (1, 0, 0)
    sent = post_box[0]
    found = paths(sent)
    assert [one.split("/")[3] for one in found] == [*map(str, range(11)), "out"]
    assert "How likely are you to recommend" in str(sent.body)
    headers = sent.message()
    assert headers["List-Unsubscribe"] == f"<http://testserver{found[-1]}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Hello Anna," in str(sent.alternatives[0].content)  # type: ignore[union-attr]


def test_a_link_opened_is_no_answer_before_the_button(
    company: Workspace, post_box: list[EmailMultiAlternatives], client: Client
) -> None:
    asked(company, ONE)
    nine = paths(post_box[0])[9]

    page = client.get(nine).content.decode()
    client.head(paths(post_box[0])[3])

    assert "How likely are you to recommend" in page
    assert re.search(r'value="9"\s+required\s+checked', page)
    request = Request.objects.get()
    assert (request.answered, request.score) == (False, None)
    assert list(Opened.objects.values_list("score", flat=True)) == [9]


def test_the_button_answers_and_the_answer_is_corrected(
    company: Workspace, post_box: list[EmailMultiAlternatives], client: Client
) -> None:
    asked(company, ONE)
    form = "/".join(paths(post_box[0])[0].split("/")[:3]) + "/"

    client.post(form, {"score": "9", "comment": "Fast <b>support</b>"})
    again = client.post(form, {"score": "4", "comment": "Late"}, follow=True)

    assert "Thank you" in again.content.decode()
    request = Request.objects.get()
    assert (request.score, request.comment) == (4, "Late")
    assert (request.confirmed, request.answered) == (True, True)


@pytest.mark.parametrize("score", ["11", "-1", "x", ""])
def test_a_score_off_the_scale_is_refused(
    company: Workspace,
    post_box: list[EmailMultiAlternatives],
    client: Client,
    score: str,
) -> None:
    asked(company, ONE)
    form = "/".join(paths(post_box[0])[0].split("/")[:3]) + "/"

    answer = client.post(form, {"score": score})

    assert answer.status_code == 422
    assert "from 0 to 10" in answer.content.decode()
    assert not Request.objects.get().answered


def test_a_robot_that_opens_every_link_never_answers_a_person_s_click_does(
    company: Workspace, post_box: list[EmailMultiAlternatives], client: Client
) -> None:
    asked(company, "email\nanna@client.fr\nrobot@client.fr\n")
    sent = now() - 5 * HOUR
    Request.objects.update(sent_at=sent)
    for message in post_box:
        if message.to == ["robot@client.fr"]:
            for path in paths(message):
                client.get(path)
        else:
            client.get(paths(message)[9])

    assert settle(at=now()) == 0  # an hour to correct it
    assert settle(at=now() + 2 * HOUR) == 1
    answered = Request.objects.get(answered=True)
    assert (answered.address, answered.score) == ("anna@client.fr", 9)
    assert not answered.confirmed


def test_the_way_out_is_a_post_without_a_page_and_holds_for_every_survey(
    company: Workspace, post_box: list[EmailMultiAlternatives]
) -> None:
    asked(company, ONE, rest=0)
    out = paths(post_box[0])[-1]
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(out).status_code == 200
    assert not LeftAlone.objects.exists()
    assert strict.post(out, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert LeftAlone.objects.get().address == "anna@client.fr"
    assert asked(company, ONE, rest=0, name="Autre").rested == 1
    assert len(post_box) == 1


def test_an_address_rests_whatever_the_survey(
    company: Workspace, post_box: list[EmailMultiAlternatives]
) -> None:
    asked(company, ONE)
    second = asked(company, ONE.replace("anna", "ANNA"), kind=Kind.CSAT, name="CSAT")

    assert (second.sent, second.rested) == (0, 1)
    assert len(post_box) == 1


def test_a_mail_that_came_back_for_good_leaves_its_address_alone(
    company: Workspace, post_box: list[EmailMultiAlternatives]
) -> None:
    asked(company, ONE)

    gone = use_case.returned(RETURNED, actor=SYSTEM, at=now())
    late = use_case.returned(
        RETURNED.replace(b"5.1.1", b"4.2.2"), actor=SYSTEM, at=now()
    )

    assert gone == ("anna@client.fr",)
    assert late == ()
    assert Request.objects.get().state == "bounced"
    assert LeftAlone.objects.get().why == "bounced"


RETURNED = b"""From: MAILER-DAEMON@mx.client.fr
To: jalon@exemple.fr
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client.fr

Final-Recipient: rfc822; anna@client.fr
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
"""


@pytest.mark.parametrize("token", ["forged", "WzFd:1abc:def"])
def test_a_forged_link_opens_nothing(
    company: Workspace, client: Client, token: str
) -> None:
    cache.clear()
    for what in ("", "9/", "out/"):
        assert client.get(f"/s/{token}/{what}").status_code == 410
    assert client.post(f"/s/{token}/", {"score": "9"}).status_code == 410


def test_an_address_that_opens_too_many_links_waits(
    company: Workspace, client: Client
) -> None:
    cache.clear()
    answers = [client.get("/s/forged/").status_code for _ in range(61)]

    assert answers[-1] == 429
    assert set(answers[:-1]) == {410}
    cache.clear()


def test_engagement_is_kept_without_anybody_and_answered_once(
    company: Workspace, post_box: list[EmailMultiAlternatives], client: Client
) -> None:
    told = asked(company, None, kind=Kind.ENGAGEMENT)
    to_bob = next(one for one in post_box if one.to == ["bob@exemple.fr"])
    form = "/".join(paths(to_bob)[0].split("/")[:3]) + "/"

    assert told.sent == len(post_box) > 5
    Request.objects.update(about=f"day:{now().date()}")
    client.get(paths(to_bob)[3])
    client.post(form, {"score": "3", "comment": "Trop de réunions"})
    again = client.post(form, {"score": "9"})

    assert again.status_code == 422
    asked_of_bob = Request.objects.get(address="bob@exemple.fr")
    assert (asked_of_bob.answered, asked_of_bob.score) == (True, None)
    assert (asked_of_bob.comment, asked_of_bob.answered_at) == ("", None)
    assert not Opened.objects.exists()
    kept = EngagementAnswer.objects.get()
    assert (kept.score, kept.comment) == (3, "Trop de réunions")
    held = {field.name for field in EngagementAnswer._meta.get_fields()}
    assert held == {
        *("key", "survey", "team_id", "wave", "score", "comment", "lang", "delivered")
    }


def engaged(company: Workspace, teams: dict[str, int], *, days: int = 20) -> None:
    asked(company, None, kind=Kind.ENGAGEMENT)
    survey = use_case.survey_named("apres-vente")
    for team, count in teams.items():
        for rank in range(count):
            EngagementAnswer.objects.create(
                survey=survey,
                team_id=team,
                wave=followed.ON - datetime.timedelta(days=days),
                score=7,
                comment=f"mot de {team} {rank}",
            )


@pytest.mark.parametrize("who", ["alice", "mona", "olga", "rene"])
def test_under_five_answers_nobody_reads_any(
    company: Workspace,
    post_box: list[EmailMultiAlternatives],
    reader: Reader,
    who: str,
) -> None:
    engaged(company, {"nouveaux": 4})
    answer = reader(who).get("/surveys/")

    assert answer.status_code == (403 if who == "rene" else 200)
    assert "mot de" not in answer.content.decode()


def test_a_team_that_the_rest_would_tell_is_not_shown(
    company: Workspace, post_box: list[EmailMultiAlternatives], reader: Reader
) -> None:
    engaged(company, {"nouveaux": 7, "fidelite": 2})

    page = reader("alice").get("/surveys/").content.decode()
    part = page[page.index("Engagement") :]

    assert "9 réponses" in part
    assert "7 réponses" not in part
    assert "Fidélisation" not in part[: part.index("mot de")]


def test_nothing_is_told_before_the_survey_has_ended(
    company: Workspace, post_box: list[EmailMultiAlternatives], reader: Reader
) -> None:
    engaged(company, {"nouveaux": 9}, days=3)

    assert "mot de" not in reader("alice").get("/surveys/").content.decode()


def test_who_keeps_the_customer_acts_and_closes_the_loop(
    company: Workspace, reader: Reader, imported: list[str]
) -> None:
    page = reader("bob").get("/surveys/").content.decode()
    assert "Trop long à répondre" in page

    planned = {"text": "Rappeler Acme", "owner": "bob", "due": "2025-07-30"}
    reader("bob").post("/surveys/answers/a1/", planned)
    kept = LoopAction.objects.get()
    assert (kept.text, kept.owner_id, kept.person_id) == (
        "Rappeler Acme",
        "bob",
        "bob",
    )
    reader("mona").post(f"/surveys/actions/{kept.pk}/", {"result": "Reparti content"})

    done = LoopAction.objects.get()
    assert (done.done_on, done.result) == (followed.ON, "Reparti content")


@pytest.mark.parametrize("who", ["charlie", "ines", "marc"])
def test_nobody_else_reads_or_acts(
    company: Workspace, reader: Reader, imported: list[str], who: str
) -> None:
    assert "Trop long" not in reader(who).get("/surveys/").content.decode()
    reader(who).post(
        "/surveys/answers/a1/",
        {"text": "Rappeler", "owner": "bob", "due": "2025-07-30"},
    )

    assert not LoopAction.objects.exists()


@pytest.fixture
def imported(
    company: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Answers of customers, in facts of their own."""
    from shutil import copytree

    from jalon.usecases.import_file import import_file
    from jalon.workspace.folder import Workspace as Folder

    folder = tmp_path / "own"
    copytree(company.folder, folder)
    own = Folder(folder, company.settings)
    file = tmp_path / "answers.csv"
    file.write_text(
        "answer_id,survey,score,scale,comment,lang,account_id,person_id,answered_at\n"
        "a1,nps,2,10,Trop long à répondre,fr,acme,bob,2025-06-02 10:00:00\n"
        "a2,nps,10,10,Parfait,fr,faro,charlie,2025-06-03 10:00:00\n",
        "utf-8",
    )
    import_file(
        own,
        [file],
        at=datetime.datetime(2025, 6, 4, tzinfo=datetime.UTC).replace(tzinfo=None),
    )
    monkeypatch.setattr("jalon.web.surveys.views.workspace", lambda: own)
    return ["a1", "a2"]
