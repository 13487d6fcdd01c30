"""The worker writes by itself, at decent hours, and nobody hears twice."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from django.core.mail import EmailMessage

from jalon.domain.feedback.asking import Kind, Trigger
from jalon.jobs import beside as worker
from jalon.records.surveys import Request
from jalon.usecases import surveys as use_case
from jalon.usecases.acting import SYSTEM
from jalon.usecases.send_surveys import send_to
from jalon.workspace.folder import Workspace
from tests.worlds import followed

FRIDAY = followed.ON + datetime.timedelta(days=4 - followed.ON.weekday())


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    """Nothing was looked at yet; what has its own tests is left alone."""
    never = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    worker._next.clear()
    worker._next.update(dict.fromkeys(set(worker.EACH) - {"points", "surveys"}, never))
    yield
    worker._next.clear()


def at(day: datetime.date, hour: int) -> datetime.datetime:
    """Return a moment by the clocks of Paris, in winter or summer an hour apart."""
    return datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-07-20T06:30+00:00", "Europe/Paris", True),  # Monday, 8:30 there
        ("2026-07-20T05:59+00:00", "Europe/Paris", False),  # 7:59
        ("2026-07-20T17:01+00:00", "Europe/Paris", False),  # 19:01
        ("2026-12-21T06:30+00:00", "Europe/Paris", False),  # 7:30, in winter
        ("2026-07-25T10:00+00:00", "Europe/Paris", False),  # Saturday
        ("2026-07-26T22:30+00:00", "Pacific/Auckland", True),  # Monday there
    ],
)
def test_customers_are_written_to_by_day_and_never_at_the_week_end(
    moment: str, zone: str, *, expected: bool
) -> None:
    assert worker.at_work(datetime.datetime.fromisoformat(moment), zone) is expected


def test_a_point_is_asked_for_on_friday_by_day_and_once(
    company: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    worker.beside(company, at=at(FRIDAY, 2), on=FRIDAY)
    assert not [one for one in mailoutbox if "/check-in/" in str(one.body)]

    for hour in (9, 10, 15):
        worker.beside(company, at=at(FRIDAY, hour), on=FRIDAY)

    asked = [one.to[0] for one in mailoutbox if "/check-in/mail/" in str(one.body)]
    assert "bob@exemple.fr" in asked
    assert len(asked) == len(set(asked))


def test_a_click_becomes_an_answer_of_the_figures_without_a_command(
    company: Workspace, tmp_path: Path
) -> None:
    own = Workspace(tmp_path / "own", company.settings)
    copytree(company.folder, own.folder)
    survey = use_case.make_survey(
        "Après vente",
        kind=Kind.NPS,
        trigger=Trigger.HAND,
        delay_days=0,
        quiet_days=90,
        actor=SYSTEM,
        on=followed.ON,
        at=at(FRIDAY, 8),
    )
    send_to(
        own,
        survey,
        "email,name\nanna@client.fr,Anna\n",
        link=lambda token, what: f"http://testserver/s/{token}/{what}",
        actor=SYSTEM,
        on=followed.ON,
        at=at(FRIDAY, 8),
    )
    asked = Request.objects.get()
    asked.clicks.create(score=9, at=at(FRIDAY, 11))

    worker.beside(own, at=at(FRIDAY, 15), on=FRIDAY)

    asked.refresh_from_db()
    assert (asked.score, asked.answered, asked.delivered) == (9, True, True)
