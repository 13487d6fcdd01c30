"""The board of a team: figures by hand from the small company, sums, labels, order.

On 16 June 2025 Bob signed 0.7 of d20 (7,000 €), Inès d25 (1,000 €): the second quarter
of « Nouveaux clients ». Bob's d32 (6,000 €) is due on 15 June and still open.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from jalon.domain.objectives.objective import Objective
from jalon.domain.periods import Period
from jalon.queries import team_board
from jalon.usecases.acting import SYSTEM
from jalon.usecases.evaluate import evaluate
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
D = Decimal
QUARTER = "2025-04-01..2025-07-01"
NEW = f"/team/?team=nouveaux&kpi=revenue&period={QUARTER}"
HALF = Period(datetime.date(2025, 1, 1), datetime.date(2025, 7, 1))
BOB: Objective = next(one for one in followed.OBJECTIVES if one.id == "ca-t2-bob")


def board(client: Client, address: str = NEW) -> object:
    """Return the board the page shows."""
    return client.get(address).context["board"]


def names(client: Client, address: str) -> list[str]:
    """Return the people of the board, in their order."""
    return [row.line.owner_name for row in board(client, address).rows]  # type: ignore[attr-defined]


@pytest.fixture
def movers(company: Workspace) -> None:
    """Objectives over the first half-year for those who moved, left or joined."""
    half = [
        replace(
            BOB,
            id=f"ca-s1-{who}",
            owner=f"person:{who}",
            period=HALF,
            original_target=D(target),
            parent="",
            actions=(),
        )
        for who, target in [("bob", 80000), ("dora", 40000), ("emil", 10000)]
    ]
    set_objectives(company, half, actor=SYSTEM, on=followed.ON, at=followed.AT)
    evaluate(company, on=followed.ON)


def test_the_figures_are_those_counted_by_hand(reader: Reader) -> None:
    found = board(reader("mona"))
    rows = {row.line.owner_name: row for row in found.rows}  # type: ignore[attr-defined]
    bob = rows["Bob Durand"]

    assert (bob.line.target, bob.line.actual, bob.line.gap) == (45000, 7000, 38000)
    assert bob.pipeline == 6000
    assert bob.coverage == D(6000) / D(38000)
    assert rows["Inès Faure"].line.actual == 1000
    assert rows["Inès Faure"].pipeline == 0


def test_the_total_is_the_sum_of_the_members(reader: Reader) -> None:
    total = board(reader("mona")).total  # type: ignore[attr-defined]

    assert (total.target, total.actual, total.pipeline) == (54000, 8000, 6000)
    assert total.attainment == D(8000) / D(54000)
    assert total.coverage == D(6000) / D(46000)


def test_two_objectives_of_a_person_on_the_same_deals_count_once(
    reader: Reader, company: Workspace
) -> None:
    """Bob's 7,000 € and 6,000 € of pipeline are the same ones under both targets."""
    twice = replace(BOB, id="ca-t2-bob-bis", original_target=D(30000), actions=())
    set_objectives(company, [twice], actor=SYSTEM, on=followed.ON, at=followed.AT)
    evaluate(company, on=followed.ON)
    found = board(reader("mona"))
    total = found.total  # type: ignore[attr-defined]

    assert len(found.rows) == 3  # type: ignore[attr-defined]
    assert found.people == 2  # type: ignore[attr-defined]
    assert (total.target, total.actual, total.pipeline) == (54000, 8000, 6000)
    page = reader("mona").get(NEW).content.decode()
    assert "2 personnes" in page
    assert page.count("non compté") == 1


def test_the_sum_is_held_against_the_team_s_target_in_words_and_red(
    reader: Reader,
) -> None:
    text = reader("mona").get(NEW).content.decode()

    assert "note-risk" in text  # 54,000 asked of people, 45,000 since the re-target
    assert (
        "Les cibles des membres dépassent celle de l’équipe de 9\u202f000\u202f€."
        in text
    )


def test_a_sum_below_the_team_s_target_is_said_too(reader: Reader) -> None:
    address = f"/team/?team=fidelite&kpi=revenue&period={QUARTER}"
    text = reader("marc").get(address).content.decode()

    assert "Il manque 20\u202f000\u202f€ aux cibles des membres" in text


def test_rates_are_never_added_up(reader: Reader) -> None:
    address = f"/team/?team=nouveaux&kpi=win_rate&period={QUARTER}"
    found = board(reader("mona"), address)

    assert [row.line.id for row in found.rows] == ["closing-bob"]  # type: ignore[attr-defined]
    assert found.total is None  # type: ignore[attr-defined]
    assert found.rows[0].pipeline is None  # type: ignore[attr-defined]


def test_those_who_moved_or_left_are_labelled_and_nobody_counts_twice(
    reader: Reader, movers: None
) -> None:
    period = "2025-01-01..2025-07-01"
    client = reader("alice")
    there = board(client, f"/team/?team=nouveaux&kpi=revenue&period={period}")
    here = board(client, f"/team/?team=fidelite&kpi=revenue&period={period}")
    told = {
        row.line.owner: (row.counted, [(note.code, note.on) for note in row.notes])
        for row in there.rows  # type: ignore[attr-defined]
    }

    assert told == {
        "person:bob": (True, []),
        "person:dora": (False, [("moved", datetime.date(2025, 4, 1))]),
        "person:emil": (True, [("left", datetime.date(2025, 3, 15))]),
    }
    assert there.total.target == 90000  # type: ignore[attr-defined]
    assert [row.line.owner for row in here.rows] == ["person:dora"]  # type: ignore[attr-defined]
    assert here.total.target == 40000  # type: ignore[attr-defined]
    text = client.get(f"/team/?team=nouveaux&kpi=revenue&period={period}")
    assert "passé à Fidélisation le 1er avril 2025" in text.content.decode()
    assert "départ le 15 mars 2025" in text.content.decode()


def test_a_newcomer_is_labelled(reader: Reader) -> None:
    assert "arrivée le 5 mai 2025" in reader("mona").get(NEW).content.decode()


def test_members_without_such_an_objective_are_named(reader: Reader) -> None:
    assert board(reader("mona")).without == ("Mona Petit",)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("sort=name&dir=asc", ["Bob Durand", "Inès Faure"]),
        ("sort=name&dir=desc", ["Inès Faure", "Bob Durand"]),
        ("sort=actual&dir=desc", ["Bob Durand", "Inès Faure"]),
        ("sort=gap&dir=asc", ["Inès Faure", "Bob Durand"]),
        ("sort=coverage&dir=asc", ["Inès Faure", "Bob Durand"]),
        ("sort=nonsense", ["Bob Durand", "Inès Faure"]),
    ],
)
def test_columns_sort_both_ways(reader: Reader, sort: str, expected: list[str]) -> None:
    assert names(reader("mona"), f"{NEW}&{sort}") == expected


@pytest.mark.parametrize(
    ("who", "team"),
    [("mona", "nouveaux"), ("marc", "fidelite"), ("charlie", "fidelite")],
)
def test_each_reader_first_sees_their_own_team(
    reader: Reader, who: str, team: str
) -> None:
    assert board(reader(who), "/team/").asked.team == team  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["", "&sort=gap&dir=desc", "&weeks=week"])
def test_the_partial_equals_the_full_reload(reader: Reader, query: str) -> None:
    client = reader("mona")
    whole = client.get(NEW + query).content.decode()
    part = client.get(NEW + query, headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in whole
    assert "<html" not in part


def test_a_week_of_the_heat_map_is_actual_over_expected(reader: Reader) -> None:
    found = board(reader("mona"))
    line, cells = found.heat.rows[0]  # type: ignore[attr-defined]

    assert line.owner_name == "Bob Durand"
    assert cells[-1].last == followed.ON
    assert cells[-1].share == line.actual / line.expected
    signed = [cell.last for cell in cells if cell.actual]
    assert signed[0] == datetime.date(2025, 5, 25)  # the Sunday after d20


def test_a_week_alone_is_what_it_brought(reader: Reader) -> None:
    found = board(reader("mona"), f"{NEW}&weeks=week")
    _line, cells = found.heat.rows[0]  # type: ignore[attr-defined]

    assert {cell.last: cell.actual for cell in cells if cell.actual} == {
        datetime.date(2025, 5, 25): D(7000)
    }


def test_only_published_objectives_are_on_the_board(reader: Reader) -> None:
    address = "/team/?team=nouveaux&kpi=revenue&period=2025-07-01..2025-10-01"

    for who in ("mona", "ines", "rene"):
        text = reader(who).get(address).content.decode()
        assert "ca-t3-bob" not in text


def test_the_export_holds_the_same_rows(reader: Reader) -> None:
    client = reader("ines")
    answer = client.get(NEW.replace("/team/", "/team/board.csv"))
    lines = answer.content.decode("utf-8-sig").splitlines()

    assert lines[0].startswith("Personne;")
    assert lines[1].startswith("Bob Durand;;45000;7000;")
    assert lines[2].startswith("Inès Faure;arrivée le 5 mai 2025;9000;1000;")
    assert lines[3].startswith("Total;;54000;8000;")
    assert len(lines) == 4


def test_the_spreadsheet_has_numbers(reader: Reader) -> None:
    answer = reader("mona").get(NEW.replace("/team/", "/team/board.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active

    assert sheet is not None
    assert [sheet.cell(2, column).value for column in (1, 3, 4)] == [
        "Bob Durand",
        45000,
        7000,
    ]


def test_another_kind_of_file_does_not_exist(reader: Reader) -> None:
    assert reader("mona").get("/team/board.pdf").status_code == 404


def test_whoever_is_not_logged_in_is_sent_to_log_in(company: Workspace) -> None:
    for address in ("/team/", "/team/board.csv"):
        assert Client().get(address).status_code == 302


def test_the_number_of_queries_does_not_grow_with_people(
    reader: Reader, movers: None, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = reader("alice")
    client.get(NEW)
    for address in (NEW, "/team/?team=company&kpi=revenue"):
        with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
            client.get(address)


def test_a_long_team_comes_page_by_page_and_its_sums_stay_whole(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_board, "SHOWN", 1)
    client = reader("mona")

    first, second = (board(client, f"{NEW}&page={page}") for page in (1, 99))

    assert [row.line.owner_name for row in first.shown] == ["Bob Durand"]  # type: ignore[attr-defined]
    assert [row.line.owner_name for row in second.shown] == ["Inès Faure"]  # type: ignore[attr-defined]
    assert second.page == second.pages == 2  # type: ignore[attr-defined]
    assert [line.owner_name for line, _ in second.heat.rows] == ["Inès Faure"]  # type: ignore[attr-defined]
    assert first.total == second.total  # type: ignore[attr-defined]
    assert first.total.target == 54000  # type: ignore[attr-defined]
    text = client.get(f"{NEW}&page=2").content.decode()
    assert 'rel="prev"' in text
    assert 'rel="next"' not in text
