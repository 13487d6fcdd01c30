"""The page of a gap: its figures are the engine's, its button writes an action."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.records import objective_rows
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
PAGE = "/objectives/ca-t2-nouveaux/gap/"


def test_the_gap_is_the_actual_less_the_period_before(
    reader: Reader, company: Workspace
) -> None:
    found = reader("mona").get(f"{PAGE}?against=previous").context["read"]._found
    asks = [
        Ask("now", "team:nouveaux", found.period),
        Ask("was", "team:nouveaux", found.reference_period),
    ]
    rows = kpi_values.measure(company, "revenue", asks, on=followed.ON)
    now, was = rows["now"].value, rows["was"].value
    assert now is not None
    assert was is not None
    assert found.amount == now - was
    assert abs(found.residual) < 1e-9
    assert isinstance(found.period, Period)


def test_drivers_and_people_add_up_in_the_spreadsheet(reader: Reader) -> None:
    answer = reader("mona").get(
        "/objectives/ca-t2-nouveaux/gap.csv?against=previous",
        headers={"Accept-Language": "en"},
    )
    page = reader("mona").get(f"{PAGE}?against=previous").context["read"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    cut = "," if "," in lines[0] else ";"
    effects = [
        Decimal(row[1].replace(",", "."))
        for row in csv.reader(lines[1 : 1 + len(page.drivers)], delimiter=cut)
    ]
    assert abs(sum(effects) - page._found.amount) < Decimal("0.01")


def test_the_button_of_a_lever_writes_the_action(reader: Reader) -> None:
    mona = reader("mona")
    read = mona.get(f"{PAGE}?against=target").context["read"]
    (first, *_) = read.levers
    mona.post(
        "/objectives/ca-t2-nouveaux/plan/",
        {"do": "plan", "action": first.action, "lever": first.lever},
    )
    actions = objective_rows.load()["ca-t2-nouveaux"].actions
    assert (actions[-1].action, actions[-1].lever) == (first.action, first.lever)


def test_who_may_not_see_the_rows_sees_no_people(reader: Reader) -> None:
    peer = reader("bob").get(f"{PAGE}?against=previous")
    assert peer.status_code == 200
    assert not peer.context["read"].groups


def test_another_comparison_without_data_is_said_in_words(reader: Reader) -> None:
    answer = reader("mona").get(f"{PAGE}?against=N-1")
    assert answer.status_code == 200
    assert "read" in answer.context or answer.context["refused"]
