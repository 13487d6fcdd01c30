"""Templates: each one is used, and none breaks the strict policy of the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "jalon"
WEB = SOURCES / "web"
TEMPLATES = sorted(WEB.rglob("*.html"))
NAMED = re.compile(r"[\w/]+\.html")
FILLED = re.compile(r"f\"(\w+)/\{'(\w+)' if \w+ else '(\w+)'\}\.html\"")


def name(path: Path) -> str:
    return str(path.relative_to(WEB))


def used() -> set[str]:
    """Return every template named in code or in another template."""
    found: set[str] = set()
    for path in [*SOURCES.rglob("*.py"), *TEMPLATES]:
        text = path.read_text("utf-8")
        found.update(NAMED.findall(text))
        found.update(f"{a}/{b}.html" for a, *both in FILLED.findall(text) for b in both)
    return found


def test_there_is_no_unused_template() -> None:
    assert {name(path) for path in TEMPLATES} <= used()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son\w+=", text)
    assert "hx-on" not in text
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_loads_nothing_from_elsewhere(path: Path) -> None:
    addresses = re.findall(r"(?:src|href|action)=\"(\w+:)?//", path.read_text("utf-8"))

    assert not addresses


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_form_that_posts_carries_its_token(path: Path) -> None:
    for form in re.findall(
        r"<form[^>]*method=\"post\".*?</form>", path.read_text("utf-8"), re.DOTALL
    ):
        assert "{% csrf_token %}" in form
