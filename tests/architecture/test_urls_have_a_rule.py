"""Every address names who may open it; who really may: tests/web/test_every_address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from jalon.api.urls import TOKEN
from jalon.domain.people.permission import Act
from jalon.web.access import FIRST_RUN, PUBLIC, SIGNED_IN

RULES = {PUBLIC, SIGNED_IN, FIRST_RUN, TOKEN, *(act.value for act in Act)}
OPEN = {
    *("login", "logout", "language", "theme"),
    *("invitation", "password_asked", "password_chosen"),
    "source_knock",  # its address is the secret
    "check_in_by_mail",  # its token is signed
    *("survey_form", "digest_out", "survey_out", "survey_click"),  # so are theirs
    "tv",  # whoever holds the link of the screen
    *("login_code", "sign_on", "sign_on_back"),  # parts of logging in
    *("api_reference", "openapi-json"),  # how to ask
}


def patterns(
    resolver: URLResolver, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield each address with its pattern."""
    for part in resolver.url_patterns:
        address = before + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from patterns(part, address)
        else:
            yield address, part


ALL = list(patterns(get_resolver()))


@pytest.mark.parametrize(
    ("address", "pattern"), [pytest.param(a, p, id=a or "/") for a, p in ALL]
)
def test_every_address_has_a_rule(address: str, pattern: URLPattern) -> None:
    assert getattr(pattern.callback, "rule", None) in RULES, (
        f"{address} has no rule of web/access.py"
    )


def test_only_the_session_and_signed_addresses_are_open_to_all() -> None:
    assert {
        pattern.name for _, pattern in ALL if pattern.callback.rule == PUBLIC
    } == OPEN
