"""The Python client, written from the document as it is now, asks a live server."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from jalon.api.client import name_of, operations, written
from jalon.api.urls import api
from jalon.workspace.folder import Workspace
from tests.worlds import followed
from tests.worlds.asking import token_of

BOB = "ca-t2-bob"


@pytest.fixture
def company(
    facts: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch, live_server: Any
) -> Workspace:
    settings.WORKSPACE = facts
    monkeypatch.setenv("JALON_TODAY", followed.ON.isoformat())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    followed.people(facts)
    return facts


@pytest.fixture
def client_module(tmp_path: Path) -> Any:
    path = tmp_path / "jalon_client.py"
    path.write_text(written(api.get_openapi_schema(path_prefix="/api/v1/")), "utf-8")
    found = importlib.util.spec_from_file_location("jalon_client", path)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    sys.modules["jalon_client"] = module
    found.loader.exec_module(module)
    return module


def test_it_reads_writes_once_and_is_refused_in_words(
    company: Workspace, live_server: Any, client_module: Any
) -> None:
    users = {one.person_id: one for one in get_user_model().objects.all()}
    with client_module.Client(live_server.url, token=token_of(users["mona"])) as mona:
        ids = [one["id"] for one in mona.pages(mona.list_objectives, limit=2)]
        assert mona.read_objective(BOB)["actual"] == 7000
        mark = mona.etag
        told = {
            "new": 40000,
            "effective_on": "2025-06-16",
            "reason": "market",
            "text": "Reporté",
        }
        changed = mona.retarget(BOB, if_match=mark, once="one", **told)
        again = mona.retarget(BOB, if_match=mark, once="one", **told)
        value = mona.read_value(
            "revenue", from_="2025-04-01", to="2025-07-01", by=["person"]
        )
        with pytest.raises(client_module.Refused) as late:
            mona.retarget(BOB, if_match=mark, **told | {"new": 1})

    assert BOB in ids
    assert len(ids) == len(set(ids)) > 4
    assert (changed["target"], len(changed["revisions"])) == (40000, 1)
    assert again == changed
    assert {row["person_id"]: row["value"] for row in value["rows"]}["bob"] == 7000
    assert (late.value.status, late.value.code) == (412, "changed_meanwhile")


def test_every_operation_has_a_method_of_its_own() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    names = [name_of(told) for _method, _path, told in operations(document)]

    assert len(names) == len(set(names)) == 24
    assert all(f"    def {name}(self" in written(document) for name in names)
