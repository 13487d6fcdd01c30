"""The journal says every verb and noun in words: what is written down has both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum

import pytest

from jalon.domain.cascade.agreement import Said
from jalon.domain.cascade.plan import Method
from jalon.domain.cascade.season import Spread
from jalon.domain.incentives.settling import RunState
from tests.architecture.messages import SOURCES, catalogue

WRITERS = {"note", "note_each"}
VALUES: dict[str, type[StrEnum]] = {"said": Said, "wanted.value": RunState}
VALUES |= {"f'share_{method}'": Method, "f'spread_{how}'": Spread}


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts a module names, tuples unpacked, and its `verb="…"`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        names, values = node.targets[0], node.value
        pairs = [(names, values)]
        if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple):
            pairs = list(zip(names.elts, values.elts, strict=True))
        for name, value in pairs:
            if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                found[name.id] = str(value.value)
    return found


def _texts(word: ast.expr, constants: dict[str, str]) -> list[str]:
    if isinstance(word, ast.Constant):
        return [str(word.value)]
    if isinstance(word, ast.Name) and word.id in constants:
        return [constants[word.id]]
    said = ast.unparse(word)
    if isinstance(word, ast.JoinedStr) and said in VALUES:
        before = str(word.values[0].value)  # type: ignore[attr-defined]
        return [f"{before}{one}" for one in VALUES[said]]
    return [str(one) for one in VALUES.get(said, ())]


def _written() -> Iterator[tuple[str, str]]:
    for path in sorted((SOURCES / "usecases").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        for node in ast.walk(tree):
            name = node.func if isinstance(node, ast.Call) else None
            if isinstance(name, ast.Name) and name.id in WRITERS:
                verb, noun = node.args[1:3]  # type: ignore[attr-defined]
                yield from (
                    (f"journal.verb.{v}", path.name) for v in _texts(verb, constants)
                )
                yield from (
                    (f"journal.noun.{n}", path.name) for n in _texts(noun, constants)
                )
            if isinstance(node, ast.keyword) and node.arg == "verb":
                yield from (
                    (f"journal.verb.{v}", path.name)
                    for v in _texts(node.value, constants)
                )
    for how in (
        *(f"share_{one}" for one in Method),
        *(f"spread_{one}" for one in Spread),
    ):
        yield f"journal.verb.{how}", "cascade_grid.py"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_verb_and_noun_of_the_journal_has_its_words(language: str) -> None:
    known = catalogue(language)
    written = {code.replace(" ", "_"): place for code, place in _written()}

    missing = {code: place for code, place in written.items() if not known.get(code)}

    assert len(written) > 80
    assert not missing
