"""A desk to ask public data sets from: files come in and figures go out by command line.

Money of `truth.json` is compared to the cent. Its shares are rounded to six digits: the
same share is recomputed here from its own counts, so that 1e-9 is really checked.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jalon.cli.main import main

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared" / "data"
CENT = 0.005
EXACT = 1e-9


def run(*arguments: str) -> tuple[int, str, str]:
    """Run one command in this process; return exit code, standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get("JALON_WORKSPACE")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main(list(arguments))
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 0
    else:
        code = 0
    finally:
        os.environ.pop("JALON_WORKSPACE", None)
        if before is not None:
            os.environ["JALON_WORKSPACE"] = before
    return code, out.getvalue(), err.getvalue()


@dataclass(frozen=True, slots=True)
class Desk:
    """One public data set, imported into a workspace of its own."""

    workspace: Path
    data: Path
    truth: dict[str, Any]
    report: dict[str, Any]

    def rows(
        self,
        kpi: str,
        first: str,
        after: str,
        *,
        by: Iterable[str] = (),
        where: Iterable[str] = (),
        on: str = "2030-01-01",
        basis: str = "",
    ) -> list[dict[str, Any]]:
        """Return the rows that `jalon kpi value --json` answers."""
        words = ["kpi", "value", kpi, "--from", first, "--to", after, "--json"]
        words += [word for name in by for word in ("--by", name)]
        words += [word for text in where for word in ("--where", text)]
        words += ["--basis", basis] if basis else []
        words += ["--workspace", str(self.workspace), "--on", on]
        code, out, err = run(*words)
        assert code == 0, err
        return json.loads(out)["rows"]

    def one(self, kpi: str, first: str, after: str, **cut: Any) -> dict[str, Any]:
        """Return the only row of an answer."""
        (row,) = self.rows(kpi, first, after, **cut)
        return row

    def table(
        self, kpi: str, first: str, after: str, *, by: Iterable[str], **cut: Any
    ) -> dict[str, Any]:
        """Return the values keyed by label, "a | b" where there are two dimensions."""
        names = list(by)
        return {
            " | ".join(str(row[name]) for name in names): row["value"]
            for row in self.rows(kpi, first, after, by=names, **cut)
        }


def prepared(
    folder: Path, name: str, *, mapping: str | None, files: Iterable[str] = ()
) -> Desk:
    """Import a set's files with its mapping; skip with a word where it is absent."""
    data = SHARED / name
    if not data.exists():
        pytest.skip(f"the public data set {name} is not beside the project (../shared)")
    words = ["import", *[str(data / file) for file in files or ["."]]]
    if mapping:
        file = mapping if mapping.endswith(".toml") else f"{mapping}/mapping.toml"
        words += ["--mapping", str(HERE / file)]
    code, out, err = run(*words, "--workspace", str(folder), "--json")
    assert code in (0, 1), err
    truth = json.loads((data / "truth.json").read_text("utf-8"))
    return Desk(folder, data, truth["values"], json.loads(out))


def same_money(found: dict[str, Any], expected: dict[str, float]) -> None:
    """Assert two tables of money equal to the cent; a missing key is a zero."""
    for key in found.keys() | expected.keys():
        got, wanted = found.get(key) or 0, expected.get(key, 0)
        assert got == pytest.approx(wanted, abs=CENT), key


def same_shares(
    found: dict[str, Any], expected: dict[str, dict[str, float]], part: str, whole: str
) -> None:
    """Assert a table of shares equal to 1e-9, from the counts that truth gives."""
    for key, counts in expected.items():
        share = counts[part] / counts[whole]
        assert found[key] == pytest.approx(share, abs=EXACT), key
