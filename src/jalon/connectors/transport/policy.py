"""How often to ask, how often to ask again, how long to wait: pure, but for `Pace`.

Waits double from `first_wait`, with half of each drawn at random (so that many readers
do not come back together), and never are shorter than what the vendor asked for. A
vendor who asks for more than `longest_wait` is left alone: the run ends, and whoever
runs it comes back later.
"""

from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """Times are in seconds; `per_second` 0 means no limit of our own."""

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 60.0
    timeout: float = 30.0
    per_second: float = 8.0
    largest_answer: int = 64 * 1024 * 1024


def wait(policy: Policy, tried: int, asked: float | None) -> float:
    """Return how long to wait after the `tried`-th attempt (1 is the first)."""
    doubled = policy.first_wait * 2.0 ** (tried - 1)
    most = min(doubled, policy.longest_wait)
    jittered = most / 2 + random.uniform(0, most / 2)  # noqa: S311 - not a secret
    return max(jittered, asked or 0.0)


def asked_wait(header: str | None, *, date: str | None) -> float | None:
    """Return the seconds of a Retry-After header: a number, or a moment.

    A moment is counted from the vendor's own `Date`, not from our clock.
    """
    if not header:
        return None
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    then, now = _moment(header), _moment(date)
    return max((then - now).total_seconds(), 0.0) if then and now else None


def _moment(text: str | None) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Pace:
    """No more than so many questions a second, evenly."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0

    def keep(self) -> None:
        """Wait until the next question may be asked."""
        if not self._gap:
            return
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._gap
