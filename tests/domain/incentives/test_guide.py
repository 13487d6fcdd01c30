"""Every example of the guide pays what the guide says, in both languages."""

from __future__ import annotations

import csv
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.domain.incentives.reading import read_plan
from jalon.domain.incentives.results import read_row
from jalon.domain.incentives.statement import statement

GUIDE = Path(__file__).parents[3] / "docs" / "guide"
PAGES = (GUIDE / "en" / "plans.md", GUIDE / "fr" / "primes.md")
EXAMPLE = re.compile(
    r"### (?P<title>[^\n]+)\n\n```toml\n(?P<plan>.+?)```\n```csv\n(?P<rows>.+?)```\n"
    r"(?:pays|verse)\n```\n(?P<paid>.+?)```",
    re.DOTALL,
)
EXAMPLES = [
    pytest.param(match, id=f"{page.parent.name}: {match['title']}")
    for page in PAGES
    for match in EXAMPLE.finditer(page.read_text("utf-8"))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_pays_what_it_says(example: re.Match[str]) -> None:
    """To the cent, person by person."""
    plan = read_plan(tomllib.loads(example["plan"], parse_float=Decimal))
    reader = csv.DictReader(example["rows"].splitlines())
    rows = [read_row(row, line=line) for line, row in enumerate(reader, start=2)]
    said = dict(line.split() for line in example["paid"].splitlines())
    found = statement(plan, rows).by_person()
    assert found == {person: Decimal(amount) for person, amount in said.items()}


def test_both_guides_hold_the_same_examples() -> None:
    """What one language shows, the other does."""
    english, french = (EXAMPLE.findall(page.read_text("utf-8")) for page in PAGES)
    assert [one[1:] for one in english] == [one[1:] for one in french]
    assert len(english) >= 30
