"""How often somebody may try a password: five times in five minutes, then they wait.

Counted for an e-mail from one address, and more widely for the address alone.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

TRIES, TRIES_BY_ADDRESS = 5, 50
WAIT_SECONDS = 300


def is_blocked(request: HttpRequest, email: str) -> bool:
    """Return whether this e-mail, from here, was tried too often."""
    limits = zip(_keys(request, email), (TRIES, TRIES_BY_ADDRESS), strict=True)
    return any(int(cache.get(key, 0)) >= most for key, most in limits)


def count_failure(request: HttpRequest, email: str) -> None:
    """Remember a wrong password."""
    for key in _keys(request, email):
        cache.add(key, 0, WAIT_SECONDS)
        cache.incr(key)


def forget(request: HttpRequest, email: str) -> None:
    """Forget the failures of an e-mail that has logged in."""
    cache.delete(_keys(request, email)[0])


def _keys(request: HttpRequest, email: str) -> tuple[str, str]:
    address = request.META.get("REMOTE_ADDR", "")
    name = email.strip().lower().encode().hex()[:180]
    return f"login:{address}:{name}".replace(" ", ""), f"login:{address}"
