"""A writer killed with -9 again and again while two readers read: prints what happened.

Run as a process of its own: `killed_writer.py FOLDER KILLS SEED`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from jalon.warehouse.generations import Finding, Generations

KEPT = 3


def one_more_row(connection: duckdb.DuckDBPyConnection) -> None:
    """Add a row to two tables: a reader must always see as many in both."""
    connection.execute(
        "INSERT INTO rates SELECT 'c' || count(*), DATE '2024-01-01', 1, "
        "'t', NULL, NULL FROM rates"
    )
    connection.execute(
        "INSERT INTO teams (team_id, name) SELECT 't' || range, repeat('n', 200) "
        "FROM range((SELECT count(*) FROM teams), (SELECT count(*) + 200 FROM teams))"
        if connection.execute("SELECT count(*) FROM teams").fetchall()[0][0]
        else "INSERT INTO teams (team_id, name) SELECT 't' || range, '' FROM range(200)"
    )


def write_for_ever(folder: Path) -> None:
    generations = Generations(folder, keep=KEPT)
    while True:
        generations.publish(one_more_row)


def read_until_told(folder: Path) -> None:
    """Read until `stop` appears, then leave the number of reads in a file."""
    generations = Generations(folder, keep=KEPT)
    last, reads = 0, 0
    while not (folder / "stop").exists():
        rates, teams, recorded = (
            generations.reader()
            .execute(
                "SELECT (SELECT count(*) FROM rates), (SELECT count(*) FROM teams), "
                "(SELECT row_count FROM generation WHERE table_name = 'rates')"
            )
            .fetchall()[0]
        )
        assert teams == 200 * rates, (teams, rates)
        assert rates == recorded, (rates, recorded)
        assert rates >= last, "a reader went back in time"
        last, reads = rates, reads + 1
        time.sleep(0.002)
    (folder / f"reads.{os.getpid()}").write_text(str(reads))


def in_a_child(work: Callable[[Path], None], folder: Path) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work(folder)
    except BaseException as error:  # noqa: BLE001 -- told by the exit status
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def killed_once(folder: Path, seconds: float, *, after_a_publication: bool) -> None:
    before = Generations(folder).current()
    writer = in_a_child(write_for_ever, folder)
    deadline = time.monotonic() + 3
    while after_a_publication and time.monotonic() < deadline:
        if Generations(folder).current() != before:
            break
        time.sleep(0.001)
    time.sleep(seconds)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)


def verified(folder: Path) -> list[Finding]:
    """Verify in a child of its own: this process must stay without connections."""
    answer, told = os.pipe()
    child = os.fork()
    if not child:
        found = [finding.code for finding in Generations(folder, keep=KEPT).verify()]
        os.write(told, json.dumps(found).encode())
        os._exit(0)
    os.close(told)
    os.waitpid(child, 0)
    with os.fdopen(answer) as pipe:
        return [Finding(code) for code in json.load(pipe)]


def main(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    first = os.fork()
    if not first:
        Generations(folder, keep=KEPT).publish(one_more_row)
        os._exit(0)
    os.waitpid(first, 0)
    readers = [in_a_child(read_until_told, folder) for _ in range(2)]
    codes: list[list[str]] = []
    for turn in range(kills):
        late = turn % 3 == 0
        killed_once(
            folder, chance.uniform(0.0, 0.02 if late else 0.2), after_a_publication=late
        )
        if turn % 5 == 1:
            codes.append([finding.code for finding in verified(folder)])
    (folder / "stop").touch()
    ended = [os.waitpid(reader, 0)[1] for reader in readers]
    reads = sum(int(path.read_text()) for path in folder.glob("reads.*"))
    last = Generations(folder).current()
    print(
        json.dumps({"codes": codes, "ended": ended, "reads": reads, "current": last}),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
