"""The page of the targets in the CRM, and the word of late sources beside figures."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from jalon.connectors.hubspot.targets import HubSpotTargets
from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.periods import Period
from jalon.records import objective_rows
from jalon.records.sources import ConnectedSource
from jalon.usecases import write_back
from jalon.usecases.tell_late import tell_late
from jalon.workspace.folder import Workspace
from tests.connectors.sources import HASTY, Stand, stand
from tests.worlds import followed

LINK = "https://jalon.exemple/data/sources/"


def now() -> datetime.datetime:
    """Return the moment it is: pages that say what is late are doors."""
    return datetime.datetime.now(datetime.UTC)  # noqa: TID251


@pytest.fixture
def crm(
    company: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stand]:
    """HubSpot knows Bob, who has a target of 120,000 of the followed quarter."""
    del company
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    with stand("hubspot", tmp_path, deals=2) as found:
        writer = HubSpotTargets(HASTY)
        monkeypatch.setattr(write_back, "takes_targets", lambda _kind: writer)
        monkeypatch.setattr(
            write_back, "_own_people", lambda _workspace, _name: frozenset({"bob"})
        )
        ConnectedSource.objects.create(
            name="crm",
            kind="hubspot",
            settings=dict(found.ledger.account.settings),
            checked_at=now(),
            made_at=now(),
            made_by="olga",
        )
        objective_rows.save([_target()])
        yield found


def _target() -> Objective:
    return Objective(
        id="crm-bob",
        kpi="revenue",
        owner="person:bob",
        period=Period(followed.ON.replace(day=1), datetime.date(2026, 1, 1)),
        direction=Direction.UP,
        original_target=Decimal(120000),
    )


def test_nothing_leaves_before_it_was_allowed_then_exactly_what_was_shown(
    reader: Callable[[str], Client], crm: Stand
) -> None:
    client, page = reader("olga"), "/data/sources/crm/write-back/"
    held: Any = crm.simulator.goals  # type: ignore[attr-defined]

    trial = client.get(page).content.decode()
    client.post(page, {"do": "send", "mark": _mark(client.get(page))})
    assert held == {}, "it is not allowed"
    client.post(page, {"do": "allow"})
    shown = client.get(page)
    done = client.post(page, {"do": "send", "mark": _mark(shown)}, follow=True)

    assert "120\u202f000" in trial
    assert "Ceci est un essai" in trial
    assert "hs_target_amount = 120000.00" in shown.content.decode()
    amounts = {one["hs_target_amount"] for one in held.values()}
    assert "120000.00" in amounts
    assert "déjà là" in done.content.decode()


def test_a_source_that_is_only_read_has_no_such_page(
    reader: Callable[[str], Client], crm: Stand
) -> None:
    del crm
    ConnectedSource.objects.update(kind="pipedrive")

    assert reader("olga").get("/data/sources/crm/write-back/").status_code == 404


def test_late_sources_are_said_beside_figures_and_told_once(
    reader: Callable[[str], Client], crm: Stand
) -> None:
    """Read every hour, last three hours ago: two moments were missed."""
    del crm
    at = now()
    ConnectedSource.objects.update(every=60, read_at=at - datetime.timedelta(hours=3))

    page = reader("alice").get("/team/").content.decode()
    first, again = tell_late(at=at, link=LINK), tell_late(at=at, link=LINK)
    told = [message for message in mail.outbox if "crm" in message.subject]

    assert "Ces chiffres peuvent être en retard" in page
    assert (first, again) == (("crm",), ())
    assert {one for message in told for one in message.to} >= {"olga@exemple.fr"}
    assert not {"bob@exemple.fr"} & {one for message in told for one in message.to}
    assert f"{LINK}crm/" in told[0].body
    assert "La source crm est en retard" in (
        reader("olga").get("/notifications/").content.decode()
    )

    ConnectedSource.objects.update(read_at=at)
    assert (
        "peuvent être en retard" not in reader("alice").get("/team/").content.decode()
    )
    assert tell_late(at=at, link=LINK) == ()
    ConnectedSource.objects.update(read_at=at - datetime.timedelta(days=1))
    assert tell_late(at=at, link=LINK) == ("crm",), "a new spell is told anew"


def test_the_same_is_in_the_trust_of_the_command_line(
    company: Workspace, crm: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    from jalon.cli.main import main

    del crm
    ConnectedSource.objects.update(
        every=60,
        read_at=now() - datetime.timedelta(days=2),
    )
    words = ["kpi", "value", "revenue", "--json", "--workspace", str(company.folder)]

    with pytest.raises(SystemExit):
        main(["objectives", "status", "crm-bob", *words[3:]])
    told = json.loads(capsys.readouterr().out)[0]["trust"]

    assert told["late_sources"] == ["crm"]
    assert {"last_fact_on", "freshness_days", "completeness", "crm_adoption"} <= {*told}


def _mark(page: Any) -> str:
    plan = page.context["plan"]
    return str(plan.mark)
