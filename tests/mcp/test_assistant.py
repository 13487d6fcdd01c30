"""An assistant over standard input and output, asked by the SDK's own client."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

from jalon.api.here import now
from jalon.domain.refusals import Refusal
from jalon.mcp.server import server as tools_of
from jalon.mcp.whose import asked_by
from jalon.usecases import tokens
from jalon.usecases.acting import OPERATOR
from jalon.usecases.tokens import Scope
from jalon.workspace.folder import Workspace
from tests.worlds import followed
from tests.worlds.asking import token_of

READS = {
    "list_objectives",
    "read_objective",
    "explain_objective",
    "gap_of_objective",
    "landing_of_objective",
    "list_kpis",
    "kpi_value",
    "forecast",
    "list_alerts",
    "list_check_ins",
    "list_people",
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The facts of the followed company, loaded once."""
    return followed.company(tmp_path_factory.mktemp("assistant"))


@pytest.fixture
def company(
    facts: Workspace,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> Workspace:
    """The followed company, written for other processes to read."""
    settings.WORKSPACE = facts
    monkeypatch.setenv("JALON_TODAY", followed.ON.isoformat())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    followed.people(facts)
    database = connections["default"].settings_dict
    if not database["ENGINE"].endswith("sqlite3"):
        pytest.skip("another process reads the test database where it is a file")
    facts.database.unlink(missing_ok=True)
    facts.database.symlink_to(database["NAME"])
    return facts


def server(company: Workspace, token: str) -> StdioServerParameters:
    told = {
        "JALON_WORKSPACE": str(company.folder),
        "JALON_TODAY": followed.ON.isoformat(),
        "JALON_TOKEN": token,
    }
    return StdioServerParameters(
        command=sys.executable,
        args=["-c", "from jalon.cli.main import main; main(['mcp'])"],
        env={**os.environ, **told},
    )


async def asked(
    company: Workspace, token: str, questions: list[tuple[str, dict[str, Any]]]
) -> tuple[set[str], list[Any]]:
    """Ask by a process of its own, as an assistant's host starts it."""
    async with Client(stdio_client(server(company, token))) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        answers = [await client.call_tool(name, told) for name, told in questions]
    return names, answers


async def asked_here(
    company: Workspace, token: str, questions: list[tuple[str, dict[str, Any]]]
) -> list[Any]:
    async with Client(tools_of(company, token)) as client:
        return [await client.call_tool(name, told) for name, told in questions]


def apart(asking: Any, *told: Any) -> Any:
    """Ask in a thread of its own: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, asking, *told).result()


def test_it_sees_what_its_user_sees_and_no_more(company: Workspace) -> None:
    users = {one.person_id: one for one in get_user_model().objects.all()}
    bob = token_of(users["bob"])
    charlie = token_of(users["charlie"], Scope.READ)
    whose = {"objective": "ca-t2-bob"}

    names, (one, rows, notes, value, lost) = apart(
        asked,
        company,
        bob,
        [
            ("read_objective", whose),
            ("explain_objective", whose),
            ("list_check_ins", {}),
            ("kpi_value", {"kpi": "revenue", "first": "2025-04-01",
                           "after": "2025-07-01", "by": ["person"]}),
            ("read_objective", {"objective": "none"}),
        ],
    )  # fmt: skip
    theirs, refused, private = apart(
        asked_here,
        company,
        charlie,
        [
            ("read_objective", whose),
            ("explain_objective", whose),
            ("list_check_ins", {}),
        ],
    )

    assert names == READS
    assert one.structured_content["actual"] == 7000
    assert rows.structured_content["value"] == 7000
    assert notes.structured_content == {"check_ins": []}
    mine = [
        row for row in value.structured_content["rows"] if row["person_id"] == "bob"
    ]
    assert [row["value"] for row in mine] == [7000]
    assert lost.is_error
    assert "none" in lost.content[0].text
    assert not theirs.is_error  # a published result is everybody's
    assert refused.is_error  # its rows are not, nor with this token
    assert private.is_error


def test_a_token_taken_back_opens_nothing_from_then_on(company: Workspace) -> None:
    user = get_user_model().objects.get(person_id="bob")
    token = token_of(user)
    who = tokens.bearer(token, at=now())
    assert who is not None
    tokens.revoke(who.token, actor=OPERATOR, at=now())

    with pytest.raises(Refusal, match="opens nothing"):
        asked_by(company, token)


@pytest.fixture
def served(company: Workspace) -> Iterator[str]:
    """The address of the tools over HTTP, served by a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    told = server(company, "")
    command = f"from jalon.cli.main import main; main(['mcp', '--http', '{place}'])"
    process = subprocess.Popen(
        [sys.executable, "-c", command], env=told.env, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    assert place in process.stderr.readline().decode()
    address = f"http://{place}/mcp"
    for _ in range(200):
        with suppress(OSError), socket.create_connection(place.split(":"), 1):
            break
        time.sleep(0.05)
    yield address
    process.terminate()
    process.wait(20)
    process.stderr.close()


async def asked_over_http(
    address: str, token: str, questions: list[tuple[str, dict[str, Any]]]
) -> list[Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        create_mcp_http_client(headers=headers) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        return [await client.call_tool(name, told) for name, told in questions]


def test_over_http_each_question_acts_with_the_token_it_carries(
    company: Workspace, served: str
) -> None:
    users = {one.person_id: one for one in get_user_model().objects.all()}
    whose = ("explain_objective", {"objective": "ca-t2-bob"})

    (mine,) = apart(asked_over_http, served, token_of(users["bob"]), [whose])
    (refused,) = apart(asked_over_http, served, token_of(users["charlie"]), [whose])

    assert mine.structured_content["value"] == 7000
    assert refused.is_error
    for headers in ({}, {"Authorization": "Bearer jalon_forged"}):
        answer = httpx.post(served, json={}, headers=headers)
        assert answer.status_code == 401
