"""The help of every command, in French and in English, for people alone."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from jalon.cli import main as door
from jalon.cli.helping import FOR_DEVELOPERS, paragraphs
from tests.architecture.messages import catalogue


def _said(command: click.Command) -> Iterator[str]:
    """Yield what a command, its options and those below it say, as written."""
    yield from paragraphs(command.help or "")
    for option in command.params:
        yield from paragraphs(getattr(option, "help", None) or "")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _said(below)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.mark.parametrize("name", sorted(door.COMMANDS))
def test_every_word_of_help_has_its_french(name: str, english: None) -> None:
    french = catalogue("fr")
    command = door.group.get_command(click.Context(door.group), name)
    assert command is not None

    said = {door.COMMANDS[name][1], *_said(command)}

    assert sorted(one for one in said if not french.get(one)) == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "fr",
            ["Usage\u202f: jalon kpi value", "Calculer un KPI", "Répondre en JSON."],
        ),
        ("en", ["Usage: jalon kpi value", "Compute a KPI", "Answer JSON."]),
        ("fr", ["Calculer un KPI"]),  # asked again, nothing is translated twice
    ],
)
def test_help_speaks_the_language_asked(
    lang: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        door.main(["--lang", lang, "kpi", "value", "--help"])

    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(word in told for word in words)


def test_what_is_for_developers_is_no_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        door.main(["--lang", "en", "import", "--help"])

    assert FOR_DEVELOPERS not in capsys.readouterr().out
