"""Every operation asked at random, in process: no 500, and answers as documented.

`JALON_FUZZ` sets how many questions of each operation (make fuzz-api: 200).
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.auth import get_user_model
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.transport import Response

from jalon.api import door
from jalon.api.urls import api
from jalon.workspace.folder import Workspace
from tests.worlds.asking import token_of

pytestmark = pytest.mark.django_db
QUESTIONS = int(os.environ.get("JALON_FUZZ", "6"))
_keys = itertools.count()
load_all_checks()
schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
served = get_wsgi_application()


def closing(environ: Any, start_response: Any) -> list[bytes]:
    """Close each answer, as a server does and this client does not."""
    answer = served(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


schema.app = closing


@pytest.fixture(scope="module")
def token(company: Workspace) -> Iterator[str]:
    """A token that may everything: more is answered. The connection stays open."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield token_of(get_user_model().objects.get(person_id="alice"))
    for one in signals:
        one.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=QUESTIONS,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_what_is_asked_at_random_is_answered_as_documented(
    case: Any, token: str
) -> None:
    door._USED.clear()
    case.headers = {
        **(case.headers or {}),
        "Authorization": f"Bearer {token}",
        "Accept-Encoding": "identity",
    }
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fuzz-{next(_keys)}"
    with transaction.atomic():
        response: Response = case.call()
        transaction.set_rollback(True)
    assert response.status_code < 500
    case.validate_response(response, excluded_checks=EXCLUDED)


CHECKS = schemathesis.checks.CHECKS
EXCLUDED = CHECKS.get_by_names(
    [
        # a body that fits the schema may still be refused (422: no such KPI)
        "positive_data_acceptance",
        # the test adds the token and the key itself: see test_every_operation
        "ignored_auth",
        "missing_required_header",
    ]
)
