"""Users log in with an e-mail and hold one of five roles."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from jalon.records.accounts import User

pytestmark = pytest.mark.django_db


def test_an_email_is_kept_in_lower_case_and_found_however_it_is_typed() -> None:
    User.objects.create_user("Alice@Example.FR", "secret", role="director")

    found = User.objects.get_by_natural_key("ALICE@example.fr")

    assert found.email == "alice@example.fr"
    assert found.check_password("secret")


def test_the_database_itself_refuses_an_unknown_role() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("bob@example.fr", "secret", role="emperor")
