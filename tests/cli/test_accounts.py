"""Accounts from the terminal: the first director comes in by a link."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from jalon.cli.main import main
from jalon.usecases.accounts import accept
from jalon.workspace.folder import Workspace


@pytest.fixture
def run(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def called(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["--workspace", str(company.folder), *words])
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return called


def test_an_invitation_is_a_link_that_lets_in(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    code, out, _ = run(
        *("invite", "alice@exemple.fr", "--role", "director", "--person", "alice"),
        *("--url", "https://jalon.exemple.fr/", "--json"),
    )
    link = json.loads(out)["link"]
    start = "https://jalon.exemple.fr/invitation/"
    assert (code, link.startswith(start)) == (0, True)

    token = link.removeprefix(start).rstrip("/")
    accept(
        token,
        name="Alice",
        password="trois-lievres-bleus",
        language="fr",
        at=timezone.now(),  # noqa: TID251 - the link is fresh by the real clock
    )

    (line,) = json.loads(run("accounts", "--json")[1])
    assert (line["email"], line["role"], line["person"]) == (
        "alice@exemple.fr",
        "director",
        "Alice Martin",
    )


def test_what_is_no_e_mail_is_one_line_and_2(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    assert run("invite", "alice", "--lang", "fr") == (
        2,
        "",
        "alice n’est pas une adresse e-mail. Attendu par exemple camille@exemple.fr.\n",
    )


def test_a_list_is_planned_then_done(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("e-mail;nom\nnina@exemple.fr;Nina\n", "utf-8")

    planned = json.loads(run("accounts", "import", str(file), "--dry-run", "--json")[1])
    done = json.loads(run("accounts", "import", str(file), "--json")[1])
    again = json.loads(run("accounts", "import", str(file), "--json")[1])

    assert (planned["written"], planned["steps"][0]["link"]) == (False, None)
    assert "/invitation/" in done["steps"][0]["link"]
    assert [one["do"] for one in again["steps"]] == ["same"]


def test_who_is_unknown_is_not_erased(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    code, _out, err = run("accounts", "erase", "personne", "--yes", "--lang", "en")

    assert code == 2
    assert "There is nobody called personne." in err
