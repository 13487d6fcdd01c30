"""The French guide is set as French is: ’ in its prose, ' in its code alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "fr"
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]*>")
STRAIGHT = re.compile(r"(?<=[^\W\d_])'(?=[^\W_])")


def prose(page: Path) -> list[tuple[int, str]]:
    """Return the lines of a page, numbered, without its code, links and tags."""
    found, fenced = [], False
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            found.append((number, CODE.sub("", line)))
    return found


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.stem)
def test_prose_has_typographic_apostrophes(page: Path) -> None:
    straight = [number for number, line in prose(page) if STRAIGHT.search(line)]

    assert not straight, f"{page.name}: lines {straight}"
