"""The wheel holds everything the product reads: nothing works only in a checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
PARTS = ("pyproject.toml", "README.md", "LICENSE", "requirements/run.in")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built aside."""
    root = tmp_path_factory.mktemp("wheel")
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(HERE / "src", root / "src", ignore=skipped)
    for part in PARTS:
        (root / part).parent.mkdir(exist_ok=True)
        shutil.copy(HERE / part, root / part)
    uv = Path(sys.executable).with_name("uv")
    told = [uv, "build", "--wheel", "--no-build-isolation", "--offline", "--quiet"]
    done = subprocess.run(
        [*told, "--python", sys.executable],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next((root / "dist").glob("jalon-*.whl"))


def test_every_file_of_the_product_is_in_the_wheel(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(HERE / "src").as_posix()
        for path in (HERE / "src" / "jalon").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".md"
    }

    assert sorted(wanted - held) == []
    assert "jalon/locale/fr/LC_MESSAGES/django.mo" in held
    assert "jalon/web/static/vega.js" in held


def test_the_wheel_gives_the_command_and_names_what_it_needs(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel)
    told = {Path(name).name: name for name in held.namelist() if ".dist-info/" in name}

    assert "jalon = jalon.cli.main:main" in held.read(told["entry_points.txt"]).decode()
    needs = held.read(told["METADATA"]).decode()
    for name in ("django", "duckdb", "granian"):
        assert f"Requires-Dist: {name}" in needs
