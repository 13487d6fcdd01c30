"""Pages asked with words of any kind, by each role: they answer, refuse, never break."""

from __future__ import annotations

import os
import random

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from jalon.workspace.folder import Workspace
from tests.fuzz import pages

pytestmark = pytest.mark.django_db
KEYS = ["company", "revenue", "win_rate", "1", "bob", "team:nouveaux", "person:bob"]
QUESTIONS = int(os.environ.get("JALON_FUZZ_QUESTIONS", "60"))  # each reader
SEED = os.environ.get("JALON_FUZZ_SEED", "2026")
SERVER = 500


@pytest.mark.parametrize("who", ["alice", "mona", "bob"])
def test_no_page_breaks_whatever_it_is_asked(company: Workspace, who: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(person_id=who))
    known, dice = pages.addresses(), random.Random(f"{SEED} {who}")

    asked = [pages.asked(client, known, KEYS, dice) for _ in range(QUESTIONS)]

    assert [one for one in asked if one.status >= SERVER] == []
    assert {200, 404} < {one.status for one in asked}
