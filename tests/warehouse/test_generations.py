"""Generations: published whole or not at all, read without a lock, kept by a rule."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.generations import (
    BrokenGenerationError,
    Generations,
    NoGenerationError,
    WriterBusyError,
)
from jalon.warehouse.schema import shape


def adding(team: str) -> Callable[[duckdb.DuckDBPyConnection], None]:
    def change(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("INSERT INTO teams (team_id) VALUES (?)", [team])

    return change


def teams(reader: duckdb.DuckDBPyConnection) -> list[str]:
    found = reader.execute("SELECT team_id FROM teams ORDER BY 1").fetchall()
    return [team for (team,) in found]


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "warehouse", keep=2)


def test_a_new_warehouse_has_no_generation(generations: Generations) -> None:
    assert generations.current() is None
    with pytest.raises(NoGenerationError):
        generations.reader()
    assert [finding.code for finding in generations.verify()] == ["warehouse.empty"]


def test_the_first_generation_holds_every_table_empty(generations: Generations) -> None:
    assert generations.publish(lambda _: None) == "g00000001"
    for table in TABLES:
        rows = generations.reader().execute(f'SELECT count(*) FROM "{table}"')
        assert rows.fetchall() == [(0,)]
    assert generations.verify() == []


def test_each_publication_builds_on_the_last(generations: Generations) -> None:
    generations.publish(adding("north"))
    assert generations.publish(adding("south")) == "g00000002"
    assert generations.current() == "g00000002"
    assert teams(generations.reader()) == ["north", "south"]
    assert teams(generations.reader("g00000001")) == ["north"]


def test_a_failed_change_publishes_nothing(generations: Generations) -> None:
    generations.publish(adding("north"))

    def failing(connection: duckdb.DuckDBPyConnection) -> None:
        adding("south")(connection)
        raise RuntimeError("the source went away")

    with pytest.raises(RuntimeError, match="went away"):
        generations.publish(failing)
    assert generations.current() == "g00000001"
    assert teams(generations.reader()) == ["north"]
    assert generations.verify() == []


def test_a_change_that_says_it_changed_nothing_publishes_nothing(
    generations: Generations,
) -> None:
    generations.publish(adding("north"))
    assert generations.publish(lambda _: False) == "g00000001"
    assert generations.names() == ("g00000001",)


def test_a_change_that_drops_a_table_is_refused(generations: Generations) -> None:
    generations.publish(adding("north"))
    with pytest.raises((BrokenGenerationError, duckdb.Error)):
        generations.publish(lambda connection: _drop(connection, "deals"))
    assert generations.current() == "g00000001"


def _drop(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(f"DROP TABLE {table}")


def test_a_reader_kept_open_goes_on_reading_its_own_generation(
    generations: Generations,
) -> None:
    generations.publish(adding("north"))
    held = generations.reader()
    for team in ("south", "east", "west"):
        generations.publish(adding(team))
    assert not generations.path("g00000001").exists()
    assert teams(held) == ["north"]
    assert teams(generations.reader()) == ["east", "north", "south", "west"]


def test_a_reader_cannot_write(generations: Generations) -> None:
    generations.publish(adding("north"))
    with pytest.raises(duckdb.Error, match="read-only"):
        generations.reader().execute("DELETE FROM teams")


def test_threads_read_at_once(generations: Generations) -> None:
    generations.publish(adding("north"))
    seen: list[list[str]] = []

    def read() -> None:
        seen.extend(teams(generations.reader()) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["north"]] * 80


def test_a_forked_process_opens_readers_of_its_own(generations: Generations) -> None:
    generations.publish(adding("north"))
    script = (
        "import os, sys; from pathlib import Path;"
        "from jalon.warehouse.generations import Generations;"
        "g = Generations(Path(sys.argv[1]));"
        "g.reader().execute('SELECT 1').fetchall();"
        "child = os.fork();"
        "child or os._exit(len(g.reader().execute('FROM teams').fetchall()));"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(generations.folder)],
        timeout=60,
        check=False,
    )
    assert done.returncode == 1


def test_two_writers_take_turns_and_lose_nothing(generations: Generations) -> None:
    generations.publish(lambda _: None)

    def write(side: str) -> None:
        for turn in range(5):
            generations.publish(adding(f"{side}{turn}"))

    threads = [threading.Thread(target=write, args=(side,)) for side in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert generations.current() == "g00000011"
    assert len(teams(generations.reader())) == 10


def test_a_writer_that_waits_too_long_says_so(generations: Generations) -> None:
    hasty = Generations(generations.folder, wait=0.1)

    def publish_inside(_: duckdb.DuckDBPyConnection) -> None:
        with pytest.raises(WriterBusyError):
            hasty.publish(lambda _: None)

    assert generations.publish(publish_inside) == "g00000001"


def test_a_dead_writer_holds_no_lock(generations: Generations) -> None:
    generations.publish(lambda _: None)
    script = (
        "import os, sys, signal; from pathlib import Path;"
        "from jalon.warehouse.generations import Generations;"
        "Generations(Path(sys.argv[1])).publish("
        "lambda _: os.kill(os.getpid(), signal.SIGKILL))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(generations.folder)], timeout=60, check=False
    )
    assert done.returncode < 0
    assert Generations(generations.folder, wait=0.5).publish(adding("north"))


def test_the_newest_are_kept_and_the_pinned_ones(generations: Generations) -> None:
    generations.publish(adding("north"))
    generations.pin("g00000001", "period 2026-T1")
    for team in ("south", "east", "west"):
        generations.publish(adding(team))
    assert generations.names() == ("g00000001", "g00000003", "g00000004")
    assert teams(generations.reader("g00000001")) == ["north"]

    generations.unpin("g00000001", "period 2026-T1")
    assert generations.prune() == ["g00000001"]
    assert generations.prune() == []
    assert generations.names() == ("g00000003", "g00000004")


def test_a_generation_pinned_twice_needs_both_reasons_dropped(
    generations: Generations,
) -> None:
    generations.publish(lambda _: None)
    generations.pin("g00000001", "period 2026-T1")
    generations.pin("g00000001", "statement of Anna")
    generations.unpin("g00000001", "period 2026-T1")
    assert generations.pins() == {"g00000001": ["statement of Anna"]}
    generations.unpin("g00000001")
    assert generations.pins() == {}


def test_what_does_not_exist_cannot_be_pinned(generations: Generations) -> None:
    generations.publish(lambda _: None)
    with pytest.raises(NoGenerationError):
        generations.pin("g00000009", "no reason")


@pytest.mark.parametrize("name", ["../secret", "g1", "", "CURRENT"])
def test_only_a_name_of_a_generation_is_read(
    generations: Generations, name: str
) -> None:
    generations.publish(lambda _: None)
    if name:
        with pytest.raises(NoGenerationError):
            generations.reader(name)


def test_a_generation_remembers_its_parent_its_hour_and_its_rows(
    generations: Generations,
) -> None:
    generations.publish(adding("north"), at=datetime(2026, 11, 20, 8, 0))  # noqa: DTZ001
    generations.publish(adding("south"), at=datetime(2026, 11, 21, 8, 0))  # noqa: DTZ001
    rows = generations.reader().execute(
        "SELECT name, parent, made_at, row_count FROM generation WHERE table_name = 'teams'"
    )
    assert rows.fetchall() == [
        ("g00000002", "g00000001", datetime(2026, 11, 21, 8, 0), 2)  # noqa: DTZ001
    ]


def test_a_table_of_a_former_version_is_completed(generations: Generations) -> None:
    generations.publish(adding("north"))
    generations.let_go()
    with duckdb.connect(str(generations.path("g00000001"))) as former:
        former.execute("ALTER TABLE order_lines DROP COLUMN region")
        former.execute("DROP TABLE suspects")
    found = generations.verify()
    assert [finding.code for finding in found] == ["warehouse.schema_incomplete"]
    assert found[0].facts["missing"] == "order_lines.region, suspects"

    generations.publish(lambda _: None)
    assert generations.verify() == []
    assert set(shape()["order_lines"]) == {
        name
        for (name, *_) in generations.reader()
        .execute("DESCRIBE order_lines")
        .fetchall()
    }


def test_verify_names_a_current_that_is_not_there(generations: Generations) -> None:
    generations.publish(lambda _: None)
    (generations.folder / "CURRENT").write_text("g00000042")
    found = generations.verify()
    assert [finding.code for finding in found] == ["warehouse.current_missing"]
    assert found[0].facts == {"name": "g00000042"}


def test_verify_names_a_current_that_cannot_be_read(generations: Generations) -> None:
    generations.publish(lambda _: None)
    generations.path("g00000001").write_bytes(os.urandom(20_000))
    assert [finding.code for finding in generations.verify()] == [
        "warehouse.current_unreadable"
    ]


def test_verify_sees_rows_that_went_and_cells_that_changed(
    generations: Generations,
) -> None:
    generations.publish(adding("north"))
    generations.let_go()
    with duckdb.connect(str(generations.path("g00000001"))) as other:
        other.execute("UPDATE teams SET name = 'changed by hand'")
    assert [finding.code for finding in generations.verify()] == [
        "warehouse.content_differs"
    ]


def test_verify_sees_a_key_that_stands_twice(generations: Generations) -> None:
    def twice(connection: duckdb.DuckDBPyConnection) -> None:
        adding("north")(connection)
        adding("north")(connection)

    generations.publish(twice)
    found = generations.verify()
    assert [finding.code for finding in found] == ["warehouse.key_repeated"]
    assert found[0].facts["table"] == "teams"


def test_verify_counts_rows_again(generations: Generations) -> None:
    generations.publish(adding("north"))
    generations.let_go()
    with duckdb.connect(str(generations.path("g00000001"))) as other:
        other.execute("DELETE FROM teams")
    found = generations.verify()
    assert [finding.code for finding in found] == ["warehouse.count_differs"]
    assert found[0].facts == {
        "name": "g00000001",
        "table": "teams",
        "recorded": "1",
        "counted": "0",
    }


def test_verify_names_a_pin_on_a_lost_generation(generations: Generations) -> None:
    generations.publish(lambda _: None)
    generations.pin("g00000001", "period 2026-T1")
    generations.publish(lambda _: None)
    generations.path("g00000001").unlink()
    found = generations.verify()
    assert [finding.code for finding in found] == ["warehouse.pin_lost"]
    assert found[0].facts == {"name": "g00000001", "reasons": "period 2026-T1"}
