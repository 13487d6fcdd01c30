"""A page that did not change is not sent again; whatever changed, whoever asks, is."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from jalon.workspace.folder import Workspace
from tests.web import fresh

pytestmark = pytest.mark.django_db(transaction=True)
BOARDS = ("/", "/objectives/", "/direction/", "/team/", "/pacing/", "/balance/")
LONG_AGO = 1_500_000_000


def settle(at: int = LONG_AGO) -> None:
    """Have the database's files as last written long ago."""
    name = connection.settings_dict["NAME"]
    for file in (Path(name), Path(f"{name}-wal")):
        os.utime(file, (at, at))


def known(client: Client) -> Client:
    """Return the client once its visit is noted: what follows writes nothing."""
    client.get("/")
    client.get("/")
    settle()
    return client


def again(client: Client, address: str, etag: str, **more: Any) -> int:
    """Return the answer's code to a browser that holds a page."""
    answer = client.get(address, headers={"If-None-Match": etag, **more})
    return int(answer.status_code)


@pytest.fixture
def director(workspace: Workspace, settings: Any) -> Client:
    """Return the director of a workspace with nothing in it yet."""
    if connection.vendor != "sqlite":
        pytest.skip("The files of SQLite are what is made old here.")
    settings.WORKSPACE = workspace
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return known(fresh.director())


def test_a_board_held_is_not_sent_again_and_stays_with_the_reader(
    director: Client,
) -> None:
    for address in (*BOARDS, "/cascade/"):
        first = director.get(address)
        assert first.status_code == 200
        same = director.get(address, headers={"If-None-Match": first["ETag"]})
        assert (same.status_code, same.content) == (304, b""), address
        for answer in (first, same):
            assert answer["Cache-Control"] == "private, no-cache"
            assert "Cookie" in answer["Vary"]
            assert "HX-Request" in answer["Vary"]


def test_the_mark_of_a_compressed_page_is_known_again(director: Client) -> None:
    first = director.get("/balance/", headers={"Accept-Encoding": "gzip"})

    assert first["Content-Encoding"] == "gzip"
    assert again(director, "/balance/", first["ETag"]) == 304


def _here() -> None:
    get_user_model().objects.create(email="inès@exemple.fr", is_active=False)


def _elsewhere() -> None:
    def written() -> None:
        try:
            _here()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(written).result()


@pytest.mark.parametrize("write", [_here, _elsewhere])
def test_whatever_is_written_wherever_has_the_page_made_again(
    director: Client, write: Callable[[], None]
) -> None:
    etag = director.get("/balance/")["ETag"]
    write()
    settle(LONG_AGO + 1)

    assert again(director, "/balance/", etag) == 200


def test_a_page_read_while_something_is_written_has_no_mark(director: Client) -> None:
    _here()

    assert "ETag" not in director.get("/balance/")


def test_a_mark_serves_one_reader_language_theme_part_and_address(
    director: Client,
) -> None:
    other = somebody_else()
    etag = director.get("/pacing/")["ETag"]

    assert again(director, "/pacing/", etag) == 304
    assert again(director, "/pacing/?owner=company", etag) == 200
    assert again(director, "/pacing/", etag, **{"HX-Request": "true"}) == 200
    assert again(director, "/objectives/", etag) == 200
    assert again(other, "/pacing/", etag) == 200
    assert again(Client(), "/pacing/", etag) == 302
    for cookie, value in (("jalon_theme", "dark"), ("jalon_language", "en")):
        director.cookies[cookie] = value
        assert again(director, "/pacing/", etag) == 200, cookie
        del director.cookies[cookie]


def somebody_else() -> Client:
    """Return another director, logged in and their visit noted."""
    user = get_user_model().objects.create(email="marc@exemple.fr", role="director")
    other = Client()
    other.force_login(user)
    return known(other)
