"""Every write says who acts; what does not is named here with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "jalon"
USECASES = SOURCES / "usecases"
DOORS = ("web", "api", "mcp", "cli", "jobs")
WRITING = {"note", "note_each"}  # the end of every write
NOBODY_YET = {
    "accept": "whoever holds the link is nobody until it is used",
    "start": "the first account, while nobody has one",
    "_first_account": "its part that writes",
    "_import": "a process of its own, for whoever sent the file, kept beside it",
    "close": "the passing of time",
    "measured_baselines": "the facts arrived",
    "_joined": "whom the company's own log-in lets in, themselves",
    "_newcomer": "the company's own log-in, which knows the person",
    "_give": "the groups of the company's own log-in",
}


def functions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (path.stem, node)
        for path in sorted(USECASES.glob("*.py"))
        if path.stem != "acting"
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]


def called(function: ast.FunctionDef) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def takes_actor(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    return "actor" in {one.arg for one in arguments}


@pytest.mark.parametrize(
    ("module", "function"),
    [
        pytest.param(module, function, id=f"{module}.{function.name}")
        for module, function in functions()
        if called(function) & WRITING
    ],
)
def test_what_leaves_a_line_is_told_who_acts(
    module: str, function: ast.FunctionDef
) -> None:
    assert takes_actor(function) or function.name in NOBODY_YET


def test_an_actor_is_never_left_out() -> None:
    """No default: a forgotten actor must be an error, not somebody who may do all."""
    lax = [
        f"{module}.{function.name}"
        for module, function in functions()
        for one, default in zip(
            function.args.kwonlyargs, function.args.kw_defaults, strict=True
        )
        if one.arg == "actor" and default is not None
    ]

    assert not lax


def test_doors_import_files_as_somebody() -> None:
    """`import_file` is how; `import_data` asks who."""
    calls = [
        str(path.relative_to(SOURCES))
        for room in DOORS
        for path in sorted((SOURCES / room).rglob("*.py"))
        if "import_file(" in path.read_text("utf-8")
    ]

    assert not calls
