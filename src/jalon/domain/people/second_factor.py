"""Codes that change every thirty seconds (RFC 6238), and codes to recover with.

A secret is twenty bytes, written in base 32. A code is six digits; the one before and
the one after are taken too, for clocks that are not quite right.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

STEP_SECONDS = 30
DIGITS = 6
BYTES = 20
RECOVERY_CODES = 10
_SLACK = (0, -1, 1)


def step_at(seconds: int) -> int:
    """Return the number of the thirty seconds that a Unix time falls in."""
    return seconds // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the six digits of a secret in a step (RFC 4226, section 5.3)."""
    digest = hmac.new(_bytes(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(code: str, *, secret: str, seconds: int, after: int) -> int | None:
    """Return the step a code was made in, None for a wrong code or one already used.

    `after` is the last step a code was used in: that one and all before are over.
    """
    told = "".join(code.split()).encode()
    now = step_at(seconds)
    steps = [now + slack for slack in _SLACK if now + slack > after]
    good = [
        one for one in steps if hmac.compare_digest(code_of(secret, one).encode(), told)
    ]
    return good[0] if good else None


def written(secret: bytes) -> str:
    """Return the bytes of a secret as people type them: base 32, without padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def recovery_form(code: str) -> str:
    """Return a recovery code as it is compared: small letters, no dash, no space."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _bytes(secret: str) -> bytes:
    return base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
