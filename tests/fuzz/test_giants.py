"""Giants: files that swell, lines without end, texts of NUL; refused in bounded memory.

Each is imported as people do, in a process that may take 4 GB and two minutes (make fuzz).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz import inputs

pytestmark = pytest.mark.skipif(
    not os.environ.get("JALON_FUZZ"), reason="slow: make fuzz"
)
GIGA, MEGA = 1 << 30, 1 << 20
MOST_MEMORY, MOST_SECONDS = 4 * GIGA, 120


def long_line(path: Path) -> None:
    """One line of a gigabyte, below a good header."""
    with path.open("wb") as out:
        out.write(inputs.DEALS.encode() + b'5;"')
        for _ in range(1024):
            out.write(b"a" * MEGA)
        out.write(b"\n")


def only_nul(path: Path) -> None:
    """A hundred megabytes of NUL."""
    path.write_bytes(bytes(100 * MEGA))


def mixed(path: Path) -> None:
    """A text whose lines are in three encodings in turn, twenty megabytes of them."""
    head, *lines = inputs.DEALS.splitlines()
    codes = ("utf-8", "cp1252", "utf-16-le")
    with path.open("wb") as out:
        out.write(f"{head}\n".encode())
        for rank in range(200_000):
            out.write(f"{lines[rank % 4]}\n".encode(codes[rank % 3]))


def swelling(path: Path, part: str, size: int = GIGA) -> None:
    """An archive of a megabyte whose part is a gigabyte of zeros."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
        out.open(part, "w", force_zip64=True) as held,
    ):
        for _ in range(size // MEGA):
            held.write(bytes(MEGA))


def in_each_other(path: Path) -> None:
    """Archives in archives, each of which swells."""
    inner = path.with_name("inner.zip")
    swelling(inner, "deals.csv", 256 * MEGA)
    for _ in range(5):
        outer = path.with_name("outer.zip")
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as out:
            for rank in range(8):
                out.write(inner, f"{rank}.zip")
        outer.replace(inner)
    inner.replace(path)


def workbook(path: Path) -> None:
    """A workbook whose sheet swells to a gigabyte."""
    path.write_bytes(inputs.workbook())
    good = path.with_suffix(".good")
    path.replace(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            if "sheet1" not in name:
                out.writestr(name, source.read(name))
        with out.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as held:
            held._compress_type = zipfile.ZIP_DEFLATED  # type: ignore[attr-defined]
            for _ in range(1024):
                held.write(b" " * MEGA)


def many_cells(path: Path) -> None:
    """A header of three hundred thousand columns."""
    path.write_bytes(b";".join(b"c%d" % n for n in range(300_000)) + b"\n1;2\n")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("deals.csv", long_line),
        ("deals.csv", only_nul),
        ("deals.csv", mixed),
        ("crm.zip", lambda path: swelling(path, "deals.csv")),
        ("crm.zip", in_each_other),
        ("deals.xlsx", workbook),
        ("deals.csv", many_cells),
    ],
    ids=["line", "nul", "encodings", "zip", "zips", "workbook", "columns"],
)
def test_a_giant_is_read_or_refused_in_one_line(
    name: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    file = tmp_path / name
    make(file)
    jalon = str(Path(sys.executable).with_name("jalon"))
    company = str(tmp_path / "company")
    subprocess.run([jalon, "init", company, "--company", "A"], check=True)

    done = subprocess.run(
        [jalon, "import", str(file), "--workspace", company, "--lang", "en"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)
        ),
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    for path in tmp_path.glob("*.*"):
        path.unlink()

    assert done.returncode in {0, 1, 2}, done.stderr[-2000:]
    assert "Traceback" not in done.stdout + done.stderr
    last = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""
    assert len(last) < 4000
    assert done.returncode != 2 or last
