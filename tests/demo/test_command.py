"""`jalon demo`: a whole company in a folder, with its objectives and three logins."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jalon.demo.wishes import month, quarter

RunDemo = Callable[..., subprocess.CompletedProcess[str]]


def _select(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "jalon.sqlite3") as connection:
        return connection.execute(query).fetchall()


def test_every_salesperson_has_two_or_three_objectives(folder: Path) -> None:
    found = _select(
        folder,
        "SELECT owner, count(*) FROM records_objective "
        "WHERE owner LIKE 'person:%' AND state = 'active' GROUP BY owner",
    )
    assert len(found) == 25
    assert {number for _, number in found} <= {2, 3}


def test_three_horizons_are_there(folder: Path) -> None:
    found = _select(
        folder, "SELECT julianday(after) - julianday(first) FROM records_objective"
    )
    days = [length for (length,) in found]
    assert min(days) < 93
    assert any(93 < length < 367 for length in days)
    assert max(days) > 367


def test_the_board_shows_a_believable_mix(folder: Path) -> None:
    found = _select(
        folder,
        "SELECT status, count(*) FROM records_evaluation "
        "WHERE \"on\" = '2026-11-22' GROUP BY status",
    )
    counts = dict(found)
    assert counts["on_track"] >= 10
    assert counts["watch"] >= 4
    assert counts["off_track"] >= 6
    assert counts["reached"] >= 1
    assert "no_data" not in counts


def test_sme_sales_are_behind_this_quarter(folder: Path) -> None:
    found = _select(
        folder,
        "SELECT status FROM records_evaluation WHERE \"on\" = '2026-11-22' "
        "AND objective_id IN ('ca-pme-2026-T4', 'closing-pme-2026-T4', "
        "'cycle-pme-2026-T4')",
    )
    assert {status for (status,) in found} == {"off_track"}


def test_periods_over_are_closed_and_frozen(folder: Path) -> None:
    found = _select(
        folder,
        "SELECT state, frozen, actual FROM records_objective AS o "
        "JOIN records_evaluation AS e ON e.objective_id = o.id AND frozen "
        "WHERE o.after <= '2026-11-22'",
    )
    assert len(found) == 3 + 3 + 19  # the year, last quarter: teams, who sells
    assert {state for state, _, _ in found} == {"reached", "missed"}
    assert all(frozen and actual is not None for _, frozen, actual in found)


def test_a_team_s_target_is_the_sum_of_its_people_s(folder: Path) -> None:
    found = _select(
        folder,
        "SELECT parent.id, parent.target, sum(child.target) "
        "FROM records_objective AS parent "
        "JOIN records_objective AS child ON child.parent = parent.id "
        "AND child.kpi = parent.kpi AND child.first = parent.first "
        "WHERE parent.owner LIKE 'team:%' AND parent.state = 'active' "
        "AND parent.kpi IN ('revenue', 'qualified_leads') GROUP BY parent.id",
    )
    assert len(found) == 4
    for name, target, total in found:
        assert float(target) == pytest.approx(float(total)), name


def test_one_target_was_changed_with_its_reason(folder: Path) -> None:
    ((former, new, reason, text),) = _select(
        folder, "SELECT former, new, reason, text FROM records_revision"
    )
    assert float(former) > float(new)
    assert (reason, bool(text)) == ("market", True)


def test_every_parent_exists(folder: Path) -> None:
    orphans = _select(
        folder,
        "SELECT id, parent FROM records_objective WHERE parent <> '' "
        "AND parent NOT IN (SELECT id FROM records_objective)",
    )
    assert orphans == []


def test_statements_say_their_target_in_french(folder: Path) -> None:
    found = _select(folder, "SELECT statement FROM records_objective")
    said = [statement for (statement,) in found]
    assert all("{" not in statement and "  " not in statement for statement in said)
    assert any("€ de chiffre d'affaires" in statement for statement in said)


def test_three_people_can_log_in(folder: Path) -> None:
    found = _select(folder, "SELECT role, person_id, password FROM records_user")
    assert Counter(role for role, _, _ in found) == Counter(
        ["director", "manager", "salesperson"]
    )
    assert {who for _, who, _ in found} == {"P01", "P03", "P14"}
    assert not any(password.startswith("demo") for _, _, password in found)


def test_the_same_day_again_changes_nothing(folder: Path, run_demo: RunDemo) -> None:
    before = (folder / "warehouse" / "CURRENT").stat().st_mtime_ns
    made = run_demo(str(folder), "--on", "2026-11-22", "--no-serve", "--json")
    assert made.returncode == 0, made.stderr
    assert (folder / "warehouse" / "CURRENT").stat().st_mtime_ns == before
    document = json.loads(made.stdout)
    assert [login["role"] for login in document["logins"]] == [
        "director",
        "manager",
        "salesperson",
    ]


def test_a_folder_of_something_else_is_refused_in_one_line(
    tmp_path: Path, run_demo: RunDemo
) -> None:
    kept = tmp_path / "thesis.txt"
    kept.write_text("ten years of work", "utf-8")
    made = run_demo(str(tmp_path), "--no-serve", "--lang", "en")
    assert made.returncode == 2
    assert len(made.stderr.splitlines()) == 1
    assert "holds something else" in made.stderr
    assert kept.read_text("utf-8") == "ten years of work"


@pytest.mark.parametrize(
    ("day", "first", "after", "name"),
    [
        pytest.param(
            "2026-10-01", "2026-10-01", "2027-01-01", "du T4 2026", id="its first day"
        ),
        pytest.param(
            "2026-12-31", "2026-10-01", "2027-01-01", "du T4 2026", id="its last day"
        ),
        pytest.param(
            "2028-02-29", "2028-01-01", "2028-04-01", "du T1 2028", id="a leap day"
        ),
    ],
)
def test_a_quarter_is_named_as_people_say(
    day: str, first: str, after: str, name: str
) -> None:
    span = quarter(date.fromisoformat(day))
    assert (span.first, span.after) == (
        date.fromisoformat(first),
        date.fromisoformat(after),
    )
    assert span.name == name


def test_august_elides_its_article() -> None:
    assert month(date(2026, 8, 20)).name == "d'août 2026"
