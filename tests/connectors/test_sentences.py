"""Every sentence an HTTP source may say is in French too; so is what set-up asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.messages import SOURCES, catalogue
from tests.connectors.sources import CASES, HASTY

HTTP = ("transport", "hubspot", "pipedrive", "odoo", "salesforce", "dolibarr", "sellsy")
FRENCH = catalogue("fr")


def sentences(folder: str) -> Iterator[str]:
    """Yield the constants of a source that are whole sentences."""
    for path in sorted((SOURCES / "connectors" / folder).glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                text = node.value.value
                if isinstance(text, str) and " " in text and _is_said(text):
                    yield text


def _is_said(text: str) -> bool:
    return text.startswith("{") or text.endswith(".")


@pytest.mark.parametrize("folder", HTTP)
def test_each_sentence_is_translated_with_the_same_names(folder: str) -> None:
    for sentence in sentences(folder):
        assert sentence in FRENCH, sentence
        holes = {part.split("}")[0] for part in sentence.split("{")[1:]}
        told = {part.split("}")[0] for part in FRENCH[sentence].split("{")[1:]}
        assert told == holes, sentence


@pytest.mark.parametrize("kind", CASES)
def test_what_set_up_asks_is_translated(kind: str) -> None:
    for setting in CASES[kind].source(HASTY).settings:
        assert setting.label in FRENCH
        assert not setting.help or setting.help in FRENCH
