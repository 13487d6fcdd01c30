"""The weekly point: taken by its person, read and answered by who leads them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from jalon.records.audit import AuditLine
from jalon.records.check_ins import CheckIn
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
    missing = page[page.index("Encore attendus") :]
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
