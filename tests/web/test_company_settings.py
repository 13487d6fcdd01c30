"""The company's settings: who changes them, what is refused, the day that follows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from jalon.cli.door import opened_door
from jalon.records.audit import AuditLine
from jalon.records.objectives import Objective
from jalon.usecases.acting import OPERATOR, note
from jalon.web.today import today
from jalon.workspace.folder import UnknownSettingError, Workspace, opened
from tests.web.fresh import director

pytestmark = pytest.mark.django_db
TOLD = {
    "company": "Dupont SA",
    "month": "7",
    "week_start": "sunday",
    "currency": "EUR",
    "country": "FR",
    "language": "fr",
    "timezone": "America/Toronto",
    "points": "monthly",
}


@pytest.fixture
def alice(
    workspace: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    settings.WORKSPACE = workspace
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.delenv("JALON_TODAY", raising=False)
    return director()


def test_a_change_is_kept_in_the_file_and_told_by_the_journal(
    alice: Client, workspace: Workspace
) -> None:
    page = alice.post("/settings/", TOLD, follow=True)

    told = opened(workspace.folder).settings
    assert (told.company, told.timezone) == ("Dupont SA", "America/Toronto")
    assert (told.fiscal_first_month, told.points) == (7, "monthly")
    assert told.week_start == "sunday"
    line = AuditLine.objects.get(noun="settings")
    assert line.by == "alice@exemple.fr"
    assert line.details["before"]["company"] == "La petite entreprise"
    text = unescape(page.content.decode())
    assert "fuseau horaire: Europe/Paris → America/Toronto" in text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"timezone": "Paris/Europe"}, "timezone", id="a zone of nowhere"),
        pytest.param({"month": "13"}, "month", id="a thirteenth month"),
        pytest.param({"currency": "euro"}, "currency", id="no currency"),
        pytest.param({"company": " "}, "company", id="no name"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    alice: Client, workspace: Workspace, wrong: dict[str, str], field: str
) -> None:
    answer = alice.post("/settings/", TOLD | wrong)

    assert answer.status_code == 422
    assert list(answer.context["told"]) == [field]
    assert opened(workspace.folder).settings.company == "La petite entreprise"
    assert not AuditLine.objects.filter(noun="settings").exists()


def test_the_currency_is_free_until_an_amount_is_kept_in_it(
    alice: Client, workspace: Workspace
) -> None:
    alice.post("/settings/", TOLD | {"currency": "CHF"})
    assert opened(workspace.folder).settings.currency == "CHF"
    day = datetime.date(2025, 1, 1)
    after = datetime.date(2026, 1, 1)
    Objective.objects.create(
        id="ca",
        kpi="revenue",
        owner="company",
        weight=1,
        first=day,
        after=after,
        direction="up",
        target=1000,
    )

    for address in ("/settings/", "/start/"):
        answer = alice.post(address, TOLD | {"currency": "USD"})
        assert answer.status_code == 422, address
        assert "La devise reste CHF" in unescape(answer.content.decode())
    assert opened(workspace.folder).settings.currency == "CHF"


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-03-28T23:30", "Europe/Paris", "2026-03-29"),  # the night of summer time
        ("2026-03-29T22:30", "Europe/Paris", "2026-03-30"),  # two hours ahead since
        ("2026-10-25T22:30", "Europe/Paris", "2026-10-25"),  # one hour ahead again
        ("2026-03-28T23:30", "America/Toronto", "2026-03-28"),
        ("2026-03-28T10:30", "Pacific/Auckland", "2026-03-28"),
        ("2026-03-28T11:30", "Pacific/Auckland", "2026-03-29"),
    ],
)
def test_today_is_the_day_it_is_where_the_company_is(
    alice: Client, monkeypatch: pytest.MonkeyPatch, moment: str, zone: str, day: str
) -> None:
    alice.post("/settings/", TOLD | {"timezone": zone})
    now = datetime.datetime.fromisoformat(f"{moment}+00:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    assert today() == datetime.date.fromisoformat(day)


def test_the_hours_of_a_page_follow_the_zone_without_a_restart(
    alice: Client, workspace: Workspace
) -> None:
    at = datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.UTC)
    note(OPERATOR, "set", "objective", "=1+1", at=at)
    text = alice.get("/journal/csv/").content.decode("utf-8-sig")
    assert "2026-01-15 13:00:00" in text
    alice.post("/settings/", TOLD)

    book = openpyxl.load_workbook(BytesIO(alice.get("/journal/xlsx/").content))

    rows = [row for row in book.active.iter_rows() if row[4].value == "=1+1"]
    assert [(row[0].value, row[4].data_type) for row in rows] == [
        ("2026-01-15 07:00:00", "s")
    ]


def test_the_command_line_is_on_the_day_of_the_company(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):  # 25 hours apart
        toml = workspace.folder / "jalon.toml"
        toml.write_text(f'timezone = "{zone}"\n', "utf-8")
        days.add(opened_door({"workspace": str(workspace.folder)}).on)

    assert len(days) == 2


def test_a_zone_of_nowhere_in_the_file_is_refused_by_name(
    workspace: Workspace,
) -> None:
    toml = workspace.folder / "jalon.toml"
    for wrong in ("Paris/Europe", "../etc", ""):
        toml.write_text(f'timezone = "{wrong}"\n', "utf-8")
        with pytest.raises(UnknownSettingError, match="Europe/Paris"):
            opened(workspace.folder)


def test_a_form_sent_back_for_a_fault_still_does_not_write_over_another_s_change(
    alice: Client, workspace: Workspace
) -> None:
    began = alice.get("/settings/").context["seen"]
    alice.post("/settings/", TOLD | {"company": "Dupont et fils", "seen": began})

    wrong = alice.post("/settings/", TOLD | {"month": "13", "seen": began})
    again = alice.post("/settings/", TOLD | {"seen": wrong.context["seen"]})

    assert again.status_code == 422
    assert "Dupont et fils" in again.context["told"]["meanwhile"]
    assert opened(workspace.folder).settings.company == "Dupont et fils"
    knowing = TOLD | {"seen": again.context["seen"]}
    assert alice.post("/settings/", knowing).status_code == 302
    assert opened(workspace.folder).settings.company == "Dupont SA"
