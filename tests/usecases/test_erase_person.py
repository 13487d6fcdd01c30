"""Somebody erased: their name nowhere, every figure where it was, nobody back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from jalon.domain.people.erasing import Told, digest_of, pseudonym_of
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.queries.board import lines
from jalon.records.audit import AuditLine, LineKeptError
from jalon.records.check_ins import CheckIn
from jalon.records.evaluation_rows import rounded
from jalon.records.evaluations import Evaluation
from jalon.usecases.acting import OPERATOR, Actor, note
from jalon.usecases.erase_person import Erased, erase_person
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace
from tests.worlds import followed, paid

pytestmark = pytest.mark.django_db
DUMP = "SELECT * FROM {table}"


@pytest.fixture
def company(tmp_path: Path, settings: Any, facts_of_all: Workspace) -> Workspace:
    """A copy of the followed company: its files are rewritten."""
    folder = tmp_path / "company"
    shutil.copytree(facts_of_all.folder, folder)
    copied = replace(facts_of_all, folder=folder)
    settings.WORKSPACE = copied
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    followed.people(copied)
    return copied


@pytest.fixture(scope="module")
def facts_of_all(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return followed.company(tmp_path_factory.mktemp("followed"))


def erased(company: Workspace, key: str) -> Erased:
    return erase_person(company, key, actor=OPERATOR, at=followed.AT)


def figures(company: Workspace) -> dict[str, tuple[object, ...]]:
    """Every figure of every objective, and what is frozen of it."""
    live = {
        line.id: (line.actual, line.target, rounded(line.attainment), line.status)
        for line in lines(company, on=followed.ON)
    }
    kept = {
        f"{one.objective_id} {one.on} {one.pk}": (
            one.actual,
            one.attainment,
            one.frozen,
        )
        for one in Evaluation.objects.order_by("pk")
    }
    return live | kept


def facts(company: Workspace) -> list[tuple[object, ...]]:
    """What each person did, by independent SQL, without saying who."""
    generations = Generations(company.warehouse)
    rows = generations.reader().execute(
        "SELECT count(*), sum(amount), min(closed_on) FROM deals "
        "GROUP BY owner_id ORDER BY ALL"
    )
    return rows.fetchall()


def everything_recorded() -> str:
    tables = [
        model._meta.db_table for model in apps.get_app_config("records").get_models()
    ]
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(DUMP.format(table=table))
            found.extend(cursor.fetchall())
    told = json.dumps(found, default=str, ensure_ascii=False)
    return told.encode().decode("unicode_escape", "ignore") + told


def everything_in_the_facts(company: Workspace) -> str:
    found = []
    for path in sorted(company.warehouse.glob("g*.duckdb")):
        with duckdb.connect(str(path), read_only=True) as reader:
            for (table,) in reader.execute("SHOW TABLES").fetchall():
                found.extend(reader.execute(f'FROM "{table}"').fetchall())
    return json.dumps(found, default=str, ensure_ascii=False)


@pytest.mark.parametrize(
    ("key", "name"),
    [("charlie", "Charlie Moreau"), ("mona", "Mona Petit"), ("ines", "Inès Faure")],
)
def test_the_name_is_nowhere_and_every_figure_is_where_it_was(
    company: Workspace, key: str, name: str
) -> None:
    paid.published(company)
    paid.first_quarter(company)
    told, before, did = figures(company), everything_recorded(), facts(company)
    assert name in before
    assert f"{key}@exemple.fr" in before

    done = erased(company, key)

    assert done.rows > 0
    assert figures(company) == told
    assert facts(company) == did
    after = everything_recorded() + everything_in_the_facts(company)
    for trace in (name, f"{key}@exemple.fr", f'"{key}"', f"person:{key}"):
        assert trace not in after, trace
    assert done.pseudonym in after


def test_the_bytes_of_former_generations_hold_the_name_no_more(
    company: Workspace,
) -> None:
    Generations(company.warehouse).publish(
        lambda c: bool(c.execute("UPDATE teams SET purpose = 'autre'")), at=None
    )

    erased(company, "charlie")

    for path in company.warehouse.glob("g*.duckdb"):
        if path.stem != Generations(company.warehouse).current():
            assert b"Charlie Moreau" not in path.read_bytes()
    assert not Generations(company.warehouse).verify()


def test_a_namesake_keeps_their_name(company: Workspace) -> None:
    erased(company, "bob")

    reader = Generations(company.warehouse).reader()
    named = reader.execute(
        "SELECT \"name\" FROM people WHERE person_id = 'bob2'"
    ).fetchall()
    assert named == [("Bob Durand",)]
    assert not reader.execute("SELECT 1 FROM people WHERE person_id = 'bob'").fetchall()


def test_points_and_notes_are_gone_and_the_account_is_closed(
    company: Workspace,
) -> None:
    CheckIn.objects.create(
        person_id="charlie",
        first=followed.ON,
        rhythm="week",
        field="Le client hésite",
        private="Je suis fatigué",
        written_at=followed.AT,
    )

    done = erased(company, "charlie")

    assert not CheckIn.objects.exists()
    users = get_user_model().objects.filter(person_id=done.pseudonym)
    (user,) = users
    assert not user.is_active
    assert not user.has_usable_password()


def test_the_audit_is_reworded_and_still_never_changes(company: Workspace) -> None:
    charlie = Actor(Viewer(Role.SALESPERSON, "charlie"), "charlie@exemple.fr")
    note(charlie, "change", "person", "charlie", at=followed.AT, after="Charlie Moreau")

    done = erased(company, "charlie")

    line = AuditLine.objects.get(verb="change", noun="person")
    assert (line.by, line.key) == (done.pseudonym, done.pseudonym)
    assert line.details["after"] == done.pseudonym
    with pytest.raises(LineKeptError):
        AuditLine.objects.update(by="x")
    with connection.cursor() as cursor, pytest.raises(Exception, match="never changed"):
        cursor.execute("UPDATE records_auditline SET verb = 'x'")


def test_an_import_does_not_bring_them_back(company: Workspace) -> None:
    done = erased(company, "charlie")
    generations = Generations(company.warehouse)

    def again(reader: duckdb.DuckDBPyConnection) -> None:
        reader.execute(
            'INSERT INTO people (person_id, "name", email) VALUES '
            "('charlie', 'Charlie Moreau', 'charlie@exemple.fr')"
        )
        reader.execute(
            "UPDATE deals SET owner_id = 'charlie' WHERE owner_id = $1",
            [done.pseudonym],
        )

    before = facts(company)
    generations.publish(again)

    assert "Charlie" not in everything_in_the_facts(company)
    assert facts(company) == before
    assert generations.reader().execute(
        "SELECT count(*) FROM people WHERE person_id = $1", [done.pseudonym]
    ).fetchall() == [(1,)]


def test_it_can_be_asked_again(company: Workspace) -> None:
    first = erased(company, "charlie")
    with pytest.raises(Refusal, match="nobody called"):
        erased(company, "charlie")
    assert first.generations >= 1


def test_only_a_director_may(company: Workspace) -> None:
    for role in set(Role) - {Role.DIRECTOR}:
        actor = Actor(Viewer(role, "x", people=frozenset({"charlie"})), "x@exemple.fr")
        with pytest.raises(Refusal, match="may not"):
            erase_person(company, "charlie", actor=actor, at=followed.AT)


def test_the_last_director_is_not_erased(company: Workspace) -> None:
    with pytest.raises(Refusal, match="only director"):
        erased(company, "alice")


def test_mails_are_removed_and_files_given_are_named(company: Workspace) -> None:
    for place in ("mails", "uploads"):
        (company.folder / place).mkdir(exist_ok=True)
        (company.folder / place / "a.txt").write_text("À Charlie Moreau", "utf-8")

    done = erased(company, "charlie")

    assert done.mails == 1
    assert done.files == ("uploads/a.txt",)


TOLD = Told(
    key="bob",
    pseudonym="anonyme-1",
    names=("Bob Durand",),
    emails=("bob@exemple.fr",),
)


@pytest.mark.parametrize(
    ("value", "name", "after"),
    [
        ("bob", "person_id", "anonyme-1"),
        ("bob", "team_id", "bob"),
        ("person:bob", "owner", "person:anonyme-1"),
        ("person:bob2", "owner", "person:bob2"),
        ("Merci à Bob Durand, bravo", "text", "Merci à anonyme-1, bravo"),
        ("Bob Durandet", "text", "Bob Durandet"),
        ("BOB@exemple.fr", "by", "anonyme-1"),
        ("jeanbob@exemple.fr", "by", "jeanbob@exemple.fr"),
        ({"people": ["bob", "ines"]}, "x", {"people": ["anonyme-1", "ines"]}),
        (Decimal(12), "amount", Decimal(12)),
    ],
)
def test_what_is_theirs_in_a_value(value: object, name: str, after: object) -> None:
    assert TOLD.without(value, name, theirs=True) == after


def test_the_pseudonym_is_stable_and_says_nothing() -> None:
    assert pseudonym_of("bob", "s") == pseudonym_of("bob", "s")
    assert pseudonym_of("bob", "s") != pseudonym_of("bob", "t")
    assert "bob" not in pseudonym_of("bob", "s") + digest_of("bob", "s")
