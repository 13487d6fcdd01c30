"""The guide shows the permission table as it is, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.domain.people.permission import TABLE, Act, Reach
from jalon.domain.people.roles import Role

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
WORDS = {
    "fr": {
        Reach.NOTHING: "–",
        Reach.OWN: "soi",
        Reach.TEAMS: "ses équipes",
        Reach.ALL: "tout",
    },
    "en": {
        Reach.NOTHING: "–",
        Reach.OWN: "own",
        Reach.TEAMS: "their teams",
        Reach.ALL: "all",
    },
}
PAGES = {"fr": "comptes-et-personnes.md", "en": "accounts-and-people.md"}


def row(act: Act, language: str) -> str:
    """Return the cells of an act, in the order of the roles."""
    return " | ".join(WORDS[language][TABLE[role][act]] for role in Role)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("act", list(Act))
def test_the_guide_tells_what_each_role_may_do(act: Act, language: str) -> None:
    text = (GUIDE / language / PAGES[language]).read_text("utf-8")
    lines = [line for line in text.splitlines() if f"(`{act.value}`)" in line]

    assert len(lines) == 1, f"one line of {PAGES[language]} should name {act.value}"
    assert lines[0].endswith(f"| {row(act, language)} |")
