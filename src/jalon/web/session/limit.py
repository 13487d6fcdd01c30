"""How often somebody may try: five times in five minutes, then they wait.

Counted for a purpose (logging in, asking for a new password) and an e-mail from one
address, and more widely for the address alone.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

TRIES, TRIES_BY_ADDRESS = 5, 50
WAIT_SECONDS = 300


def is_blocked(request: HttpRequest, email: str, *, purpose: str = "login") -> bool:
    """Return whether this e-mail, from here, was tried too often."""
    keys = _keys(request, email, purpose)
    limits = zip(keys, (TRIES, TRIES_BY_ADDRESS), strict=True)
    return any(int(cache.get(key, 0)) >= most for key, most in limits)


def count_failure(request: HttpRequest, email: str, *, purpose: str = "login") -> None:
    """Remember a try that failed, or that must stay rare."""
    for key in _keys(request, email, purpose):
        cache.add(key, 0, WAIT_SECONDS)
        cache.incr(key)


def forget(request: HttpRequest, email: str, *, purpose: str = "login") -> None:
    """Forget the failures of an e-mail that has succeeded."""
    cache.delete(_keys(request, email, purpose)[0])


def _keys(request: HttpRequest, email: str, purpose: str) -> tuple[str, str]:
    address = request.META.get("REMOTE_ADDR", "").replace(" ", "")
    name = email.strip().lower().encode().hex()[:180]
    return f"{purpose}:{address}:{name}", f"{purpose}:{address}"
