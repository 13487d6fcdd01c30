"""The reference of the commands: whole, in both languages, its examples right."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from jalon.cli import main as door
from jalon.cli.reference import EXAMPLES, FILES, leaves, page


def _every() -> dict[str, tuple[click.Command, click.Context]]:
    root = click.Context(door.group, info_name="jalon")
    found = {}
    for name in door.COMMANDS:
        command = door.group.get_command(root, name)
        assert command is not None
        for one, here in leaves(command, click.Context(command, root, info_name=name)):
            found[here.command_path.removeprefix("jalon ")] = (one, here)
    return found


def test_every_command_has_one_example() -> None:
    assert sorted(EXAMPLES) == sorted(_every())


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        f"{path} {option.opts[-1]}"
        for path, (command, _) in _every().items()
        for option in command.params
        if isinstance(option, click.Option) and not (option.help or option.hidden)
    ]
    assert silent == []


@pytest.mark.parametrize("path", sorted(EXAMPLES))
def test_an_example_is_read_by_its_command(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split(EXAMPLES[path])[1 + len(path.split()) :]
    monkeypatch.chdir(tmp_path)
    for word in words:
        if Path(word).suffix and "/" not in word and "@" not in word:
            (tmp_path / word).touch()
    command, here = _every()[path]

    assert EXAMPLES[path].startswith(f"jalon {path}")
    assert command.make_context(path, words, parent=here.parent).params is not None


@pytest.mark.parametrize("lang", list(FILES))
def test_the_page_holds_every_command_and_option_in_its_language(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", lang)

    told = page(lang)

    for path, (command, _) in _every().items():
        assert f"\njalon {path}" in told
        for option in command.params:
            assert not isinstance(option, click.Option) or option.opts[-1] in told
    said = {"fr": "Calculer un KPI sur une période", "en": "Compute a KPI over"}
    assert said[lang] in told
    assert said["en" if lang == "fr" else "fr"] not in told


def test_help_needs_no_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path / "nowhere"))
    for path in EXAMPLES:
        with pytest.raises(SystemExit) as ended:
            door.main(["--lang", "fr", *path.split(), "--help"])
        assert (path, ended.value.code) == (path, 0)
        assert f"jalon {path}" in capsys.readouterr().out
