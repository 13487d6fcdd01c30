"""The API of the small company: one world, a token for each of its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction

from jalon.api import door
from jalon.workspace.folder import Workspace
from tests.worlds import followed
from tests.worlds.asking import Machine, machine


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The facts of the followed company, loaded once."""
    return followed.company(tmp_path_factory.mktemp("asked"))


@pytest.fixture(scope="module")
def company(
    django_db_setup: None, django_db_blocker: Any, facts: Workspace
) -> Iterator[Workspace]:
    """The followed company, kept for the tests of a file."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setenv("JALON_TODAY", followed.ON.isoformat())
        patch.setattr(settings, "WORKSPACE", facts)
        patch.setattr(settings, "IMPORTS_HERE", True)
        patch.setattr(
            settings,
            "PASSWORD_HASHERS",
            ["django.contrib.auth.hashers.MD5PasswordHasher"],
        )
        cache.clear()
        followed.people(facts)
        yield facts
        transaction.set_rollback(True)


@pytest.fixture
def ask(company: Workspace, db: None) -> Any:
    """Ask the API as somebody: `ask("bob").get("/objectives")`."""
    door._USED.clear()
    made: dict[tuple[str, ...], Machine] = {}

    def as_(who: str, *scopes: str) -> Machine:
        if (who, *scopes) not in made:
            user = get_user_model().objects.get(person_id=who)
            made[who, *scopes] = machine(user, *scopes)
        return made[who, *scopes]

    return as_
