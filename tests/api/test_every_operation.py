"""Every operation of the API, every reader: who is let in, said by hand.

Letters as in tests/web/test_every_address. An operation that is not in the table
fails; so does one that is let in without the scope it names, or without a token.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from jalon.api import door
from jalon.api.urls import TOKEN, api
from jalon.usecases.tokens import Scope
from jalon.workspace.folder import Workspace
from tests.worlds.asking import Machine, machine

pytestmark = pytest.mark.django_db
READERS = {
    "D": "alice",
    "M": "mona",
    "X": "marc",
    "O": "bob",
    "I": "ines",
    "S": "charlie",
    "R": "olga",
    "L": "rene",
}
ALL = "DMXOISRL"
TABLE = {
    "GET /objectives": ALL,
    "POST /objectives": "DMO",  # a draft of Bob's
    "GET /objectives/{wanted}": ALL,  # agreed: published
    "GET /objectives/{wanted}/rows": "DMOR",
    "GET /objectives/{wanted}/gap": ALL,
    "GET /objectives/{wanted}/landing": ALL,
    "POST /objectives/{wanted}/targets": "DM",
    "GET /objectives/{wanted}/actions": ALL,
    "POST /objectives/{wanted}/actions": "DMO",
    "PATCH /objectives/{wanted}/actions/{rank}": "DMO",
    "GET /me": ALL,
    "GET /kpis": ALL,
    "GET /kpis/{key}": ALL,
    "GET /kpis/{key}/value": ALL,
    "GET /forecast": ALL,
    "GET /alerts": ALL,  # of whom one may see them; a reader's list is empty
    "GET /check-ins": ALL,  # one's own, and of whom one leads
    "GET /teams": ALL,
    "GET /people": ALL,
    "POST /imports": "DR",
    "GET /imports/{key}": "DR",
    "GET /sources": "DR",
    "GET /sources/{key}": "DR",
    "POST /sources/{key}/runs": "DR",
}
MADE_UP = {"/imports/", "/sources/"}  # nothing is there: 404 is for who is let in
BODIES = {
    "POST /objectives": {
        "id": "nouveau",
        "kpi": "deals_won",
        "owner": "person:bob",
        "first": "2025-07-01",
        "after": "2025-10-01",
        "target": 12,
    },
    "POST /objectives/{wanted}/targets": {
        "new": 40000,
        "effective_on": "2025-06-16",
        "reason": "market",
        "text": "Un appel d'offres reporté",
    },
    "POST /objectives/{wanted}/actions": {"action": "Rappeler Ardoise"},
    "PATCH /objectives/{wanted}/actions/{rank}": {"done": True},
}


def operations() -> Iterator[tuple[str, str]]:
    """Yield each operation of the OpenAPI document, with its scope."""
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    for path, methods in paths.items():
        for method, told in methods.items():
            yield f"{method.upper()} {path.removeprefix('/api/v1')}", told["x-scope"]


OPERATIONS = list(operations())


@pytest.fixture(scope="module")
def machines(company: Workspace) -> dict[str, Machine]:
    """A client for each reader, its token good for everything."""
    users = {one.person_id: one for one in get_user_model().objects.all()}
    return {letter: machine(users[key]) for letter, key in READERS.items()}


def answer(client: Machine, operation: str) -> int:
    """Return the status of an operation; nothing it did stays."""
    method, _, path = operation.partition(" ")
    path = path.replace("{wanted}", "ca-t2-bob").replace("{rank}", "0")
    path = path.replace("{key}", "revenue")
    with transaction.atomic():
        door._USED.clear()
        if operation == "POST /imports":
            csv = SimpleUploadedFile("teams.csv", b"team_id;name\nt9;Neuf\n")
            status = client.give(path, files=csv).status_code
        elif method == "GET":
            status = client.get(path).status_code
        else:
            status = client.send(
                method, path, BODIES.get(operation), If_Match="*"
            ).status_code
        transaction.set_rollback(True)
    assert status < 500, f"{operation}: {status}"
    hidden = status == 404 and not any(part in path for part in MADE_UP)
    return 403 if hidden else status


@pytest.mark.parametrize("operation", [one for one, _scope in OPERATIONS])
def test_who_is_let_in(machines: dict[str, Machine], operation: str) -> None:
    assert operation in TABLE, f"say in TABLE who may {operation}"

    found = {letter: answer(one, operation) for letter, one in machines.items()}

    assert (
        "".join(letter for letter, one in found.items() if one != 403)
        == TABLE[operation]
    ), found
    assert not {one for one in found.values() if one in {400, 401, 422, 428}}, found


@pytest.mark.parametrize(("operation", "scope"), OPERATIONS)
def test_a_token_without_the_scope_is_refused(
    ask: Any, operation: str, scope: str
) -> None:
    others = [one.value for one in Scope if one.value != scope]

    assert answer(ask("alice", *others), operation) == 403
    assert answer(Machine("jalon_none", Client()), operation) == 401


def test_the_table_names_no_operation_that_is_gone() -> None:
    assert set(TABLE) == {one for one, _scope in OPERATIONS}


def test_every_address_of_the_api_is_in_its_document() -> None:
    written = {
        one.name
        for one in next(
            part.url_patterns
            for part in get_resolver().url_patterns
            if str(part.pattern) == "api/"
        )[0].url_patterns
        if one.callback.rule == TOKEN and one.name != "api-root"
    }

    assert len({path for path, _scope in OPERATIONS}) >= len(written)
