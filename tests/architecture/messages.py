"""Every sentence a person reads: found in code and templates, and in the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCES = Path(__file__).parents[2] / "src" / "jalon"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
IN_TEMPLATE = re.compile(r"n?gettext\(u'((?:[^'\\]|\\.)*)'|_\(([\"'])(.*?)\2\)")


def asked() -> dict[str, str]:
    """Return each msgid used, with one place that uses it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        for message in _in_code(ast.parse(path.read_text("utf-8"))):
            found.setdefault(message, str(path.relative_to(SOURCES)))
    for path in sorted(SOURCES.rglob("*.html")):
        for message in in_template(path.read_text("utf-8")):
            found.setdefault(message, str(path.relative_to(SOURCES)))
    return found


def catalogue(language: str) -> dict[str, str]:
    """Return the translations of a language, plural ones by their first form."""
    found: dict[str, str] = {}
    for path in sorted((SOURCES / "locale" / language).glob("*.po")):
        for entry in polib.pofile(str(path)):
            found[entry.msgid] = entry.msgstr or entry.msgstr_plural.get(0, "")
    return found


def in_template(text: str) -> Iterator[str]:
    """Yield the msgids of a template."""
    for plain, _quote, inner in IN_TEMPLATE.findall(templatize(text)):
        yield (plain or inner).replace("\\'", "'")


def _in_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else ""
