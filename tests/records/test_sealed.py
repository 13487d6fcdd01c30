"""Addresses of chats hold tokens: the database alone tells none of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jalon.records import notice_rows
from jalon.records.accounts import User
from jalon.records.notice_rows import Wishes
from jalon.records.notices import Wish
from jalon.workspace.folder import opened

BEFORE = [("records", "0025_point_rhythm")]
ADDRESSES = ("slack://xoxb-token/B/C", "json://chats.example/jalon")


@pytest.fixture(autouse=True)
def company(tmp_path: Path, settings: Any) -> None:
    settings.WORKSPACE = opened(tmp_path)


def _stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT channels FROM records_wish")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_database_tells_no_address_and_its_reader_all_in_order() -> None:
    bob = User.objects.create_user("bob@example.fr", "secret", role="salesperson")
    notice_rows.keep_wishes(bob.pk, Wishes(channels=ADDRESSES))

    assert "xoxb-token" not in _stored()
    assert "chats.example" not in _stored()
    assert notice_rows.wishes_of(bob.pk).channels == ADDRESSES

    notice_rows.keep_wishes(bob.pk, Wishes())
    assert not _stored()


@pytest.mark.django_db
def test_without_its_key_no_address_is_read_and_the_rest_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = User.objects.create_user("bob@example.fr", "secret", role="salesperson")
    wished = Wishes(channels=ADDRESSES, rhythm="weekly")
    notice_rows.keep_wishes(bob.pk, wished)

    monkeypatch.setenv("JALON_KEY_FILE", str(tmp_path / "elsewhere.key"))

    found = notice_rows.wishes_of(bob.pk)
    assert found == dataclasses.replace(wished, channels=())


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_seals_the_addresses_there_are() -> None:
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        former = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        bob = former.get_model("records", "User").objects.create(
            email="bob@example.fr", role="salesperson"
        )
        wishes = former.get_model("records", "Wish").objects
        wishes.create(user=bob, channels=list(ADDRESSES))
        assert "xoxb-token" in _stored()
    finally:
        latest = MigrationExecutor(connection)
        latest.migrate(latest.loader.graph.leaf_nodes())

    assert "xoxb-token" not in _stored()
    assert tuple(Wish.objects.get().channels) == ADDRESSES
