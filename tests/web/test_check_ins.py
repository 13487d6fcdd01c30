"""The weekly point: taken by its person, read and answered by who leads them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from jalon.domain.feedback.checkins import Rhythm
from jalon.queries.check_ins import rhythms
from jalon.records.audit import AuditLine
from jalon.records.check_ins import CheckIn, PointRhythm
from jalon.records.views import Undoable
from jalon.usecases.acting import OPERATOR
from jalon.usecases.check_in import choose_rhythm
from jalon.usecases.points_by_mail import remind, token_for
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
SAID = {
    "confidence": "2",
    "blocks": "Le juridique du client",
    "field": "Zénith propose six mois gratuits",
    "kind": "competitor",
    "about": "objective:ca-t2-bob",
    "private": "Je doute de ce trimestre",
}


def path_for(person: str, on: datetime.date) -> str:
    return f"/check-in/mail/{token_for(person, on=on)}/"


def handed_in(reader: Reader, who: str = "bob", **said: str) -> CheckIn:
    answer = reader(who).post("/check-in/", SAID | said)
    assert answer.status_code == 302, answer.content.decode()
    return CheckIn.objects.get(person_id=who)


def test_a_point_is_handed_in_and_kept_for_its_week(reader: Reader) -> None:
    kept = handed_in(reader)

    assert (kept.first.isoformat(), kept.confidence) == ("2025-06-16", 2)
    assert (kept.kind, kept.about) == ("competitor", "objective:ca-t2-bob")
    line = AuditLine.objects.filter(noun="check_in").get()
    assert (line.by, line.verb) == ("bob@exemple.fr", "hand_in")
    assert "juridique" not in str(line.details)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"confidence": ""}, "Dites votre confiance, de 1 à 5."),
        ({"kind": ""}, "par exemple un concurrent"),
        ({"field": "x" * 3000}, "2000"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    reader: Reader, missing: dict[str, str], said: str
) -> None:
    answer = reader("bob").post("/check-in/", SAID | missing)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Le juridique du client" in page
    assert not CheckIn.objects.exists()


def test_a_draft_is_kept_and_nobody_else_reads_it(reader: Reader) -> None:
    kept = reader("bob").post("/check-in/draft/", SAID | {"confidence": ""})

    assert kept.status_code == 200
    assert "Le juridique du client" in reader("bob").get("/check-in/").content.decode()
    for who in ("mona", "alice"):
        assert "juridique" not in reader(who).get("/check-in/team/").content.decode()


@pytest.mark.parametrize("who", ["mona", "alice"])
def test_who_leads_reads_the_shared_part_and_never_the_private_line(
    reader: Reader, who: str
) -> None:
    handed_in(reader)

    page = reader(who).get("/check-in/team/").content.decode()

    assert "Zénith propose six mois gratuits" in page
    assert "Je doute" not in page


def test_another_manager_reads_nothing_of_it(reader: Reader) -> None:
    handed_in(reader)
    assert "Zénith" not in reader("marc").get("/check-in/team/").content.decode()


@pytest.mark.parametrize("who", ["ines", "olga"])
def test_a_team_mate_and_revops_have_no_such_page(reader: Reader, who: str) -> None:
    assert reader(who).get("/check-in/team/").status_code == 403


def test_a_manager_says_that_it_was_read_and_answers(reader: Reader) -> None:
    point = handed_in(reader)

    answered = reader("mona").post(
        f"/check-in/{point.pk}/read/", {"answer": "J'appelle leur juriste"}
    )

    assert answered.status_code == 302
    page = reader("bob").get("/check-in/").content.decode()
    assert "J&#x27;appelle leur juriste" in page
    assert reader("bob").post("/check-in/", SAID).status_code == 422


@pytest.mark.parametrize("who", ["marc", "ines", "bob"])
def test_nobody_else_says_that_it_was_read(reader: Reader, who: str) -> None:
    point = handed_in(reader)

    refused = reader(who).post(f"/check-in/{point.pk}/read/", {"answer": "Lu"})

    assert refused.status_code == 403
    assert CheckIn.objects.get().read_at is None


def test_a_manager_does_not_acknowledge_their_own(reader: Reader) -> None:
    point = handed_in(reader, "mona")
    reader("mona").post(f"/check-in/{point.pk}/read/", {"answer": "Lu"})
    assert CheckIn.objects.get().read_at is None


def test_the_team_page_names_who_has_not_spoken(reader: Reader) -> None:
    handed_in(reader)
    page = reader("mona").get("/check-in/team/").content.decode()
    missing = page[page.index("Encore attendus") : page.index("À quel rythme")]
    assert "Inès Faure" in missing
    assert "Bob Durand" not in missing
    assert "Charlie Moreau" not in missing


def test_the_link_of_a_mail_takes_the_point_without_logging_in(
    company: Workspace,
) -> None:
    link = path_for("bob", followed.ON)
    client = Client()

    assert client.get(link).status_code == 200
    assert client.post(link, SAID).status_code == 302
    assert CheckIn.objects.get().person_id == "bob"
    assert client.get("/check-in/").status_code == 302  # nobody is logged in by it


def test_a_forged_link_or_one_of_another_week_opens_nothing(company: Workspace) -> None:
    old = path_for("bob", followed.AT.date())
    for link in (old, "/check-in/mail/forged/"):
        assert Client().get(link).status_code == 410
        assert Client().post(link, SAID).status_code == 410
    assert not CheckIn.objects.exists()


def test_who_has_not_spoken_is_asked_on_friday_and_once_more_never_a_third_time(
    reader: Reader, company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    handed_in(reader)
    week = [followed.ON + datetime.timedelta(days=day) for day in (3, 4, 4, 5, 6, 6)]

    sent = [
        remind(
            company, link="https://jalon.test/{}".format, on=day, at=followed.AT
        ).sent
        for day in week
    ]

    # of the six people of the facts Bob has taken his; Olga is not one of them
    assert sent == [0, 5, 0, 0, 5, 0]
    asked = [mail for mail in mailoutbox if mail.to == ["ines@exemple.fr"]]
    assert len(asked) == 2
    assert "https://jalon.test/" in str(asked[0].body)
    assert not [mail for mail in mailoutbox if mail.to == ["bob@exemple.fr"]]


def test_who_leads_somebody_chooses_a_point_a_month_for_them(reader: Reader) -> None:
    answer = reader("mona").post("/check-in/rhythm/bob/", {"rhythm": "monthly"})

    assert answer.status_code == 302
    page = reader("bob").get("/check-in/").content.decode()
    assert "Mois de juin 2025" in page
    assert "27 juin 2025" in page  # the month's last Friday
    kept = handed_in(reader)
    assert (kept.first.isoformat(), kept.rhythm) == ("2025-06-01", "monthly")
    team = reader("mona").get("/check-in/team/").content.decode()
    assert "Zénith propose six mois gratuits" in team
    line = AuditLine.objects.filter(noun="point_rhythm").get()
    assert (line.by, line.key) == ("mona@exemple.fr", "bob")


def test_a_rhythm_given_up_is_again_that_of_the_company(reader: Reader) -> None:
    reader("mona").post("/check-in/rhythm/bob/", {"rhythm": "monthly"})
    reader("mona").post("/check-in/rhythm/bob/", {"rhythm": ""})

    assert "Semaine du 16 juin 2025" in reader("bob").get("/check-in/").content.decode()


@pytest.mark.parametrize("who", ["bob", "ines", "marc", "olga"])
def test_nobody_else_chooses_a_rhythm(reader: Reader, who: str) -> None:
    answer = reader(who).post("/check-in/rhythm/bob/", {"rhythm": "monthly"})

    assert answer.status_code == 403
    assert not PointRhythm.objects.exists()


def test_a_point_of_the_month_is_asked_for_on_its_last_friday_with_a_link_for_the_month(
    reader: Reader, company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    reader("mona").post("/check-in/rhythm/bob/", {"rhythm": "monthly"})
    links: list[str] = []

    def link(token: str) -> str:
        links.append(f"/check-in/mail/{token}/")
        return f"https://jalon.test{links[-1]}"

    for day in (20, 27):
        on = datetime.date(2025, 6, day)
        remind(company, link=link, on=on, at=followed.AT)

    mine = [mail for mail in mailoutbox if mail.to == ["bob@exemple.fr"]]
    assert len(mine) == 1
    assert "votre point du mois" in mine[0].subject
    (path,) = [one for one in links if one in str(mine[0].body)]
    assert Client().post(path, SAID).status_code == 302
    assert CheckIn.objects.get().rhythm == "monthly"


def test_a_company_that_takes_points_by_month_asks_all_so_but_for_some(
    company: Workspace,
) -> None:
    choose_rhythm("bob", Rhythm.WEEKLY, actor=OPERATOR, at=followed.AT)
    monthly = replace(company, settings=replace(company.settings, points="monthly"))

    found = rhythms(monthly)

    assert (found.of("ines"), found.of("bob")) == (Rhythm.MONTHLY, Rhythm.WEEKLY)


def test_a_point_handed_in_too_soon_is_a_draft_again_until_it_is_read(
    reader: Reader,
) -> None:
    point, bob = handed_in(reader), reader("bob")
    number = Undoable.objects.latest("pk").pk

    assert reader("mona").post(f"/undo/{number}/").status_code == 404
    bob.post(f"/undo/{number}/")
    assert CheckIn.objects.get().handed_at is None

    handed_in(reader)
    reader("mona").post(f"/check-in/{point.pk}/read/", {"answer": "Lu"})
    bob.post(f"/undo/{Undoable.objects.latest('pk').pk}/")
    assert CheckIn.objects.get().handed_at is not None
