"""Surveys from the terminal: made, sent to a list, settled, answers imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail

from jalon.cli.main import main
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, object]]:
    def called(*words: str) -> dict[str, object]:
        with pytest.raises(SystemExit) as stopped:
            main(["--workspace", str(company.folder), "surveys", *words, "--json"])
        assert not stopped.value.code
        told: dict[str, object] = json.loads(capsys.readouterr().out)
        return told

    return called


def test_a_survey_is_made_and_sent_to_a_list(
    run: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email;name;account_id;lang\na@x.example;Ann;;fr\nnone;Bo;;en\n")

    made = run("create", "Satisfaction", "--kind", "nps", "--after", "hand")
    sent = run("send", "satisfaction", "--to", str(people))

    assert made == {"key": "satisfaction"}
    assert sent["sent"] == 1
    assert len(sent["unread"]) == 1  # type: ignore[arg-type]
    assert [one.to for one in mail.outbox] == [["a@x.example"]]
    assert run("settle") == {"settled": 0, "brought": 0}


def test_answers_of_another_tool_are_imported(
    run: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(
        "answer_id,survey,score,comment,answered_at\n"
        "1,nps,9,super,2025-03-01\n2,nps,3,lent,2025-03-02\n"
    )

    told = run("import", str(file))

    totals = told["tables"]["answers"]  # type: ignore[index]
    assert [totals[name] for name in ("read", "accepted", "rejected")] == [2, 2, 0]
