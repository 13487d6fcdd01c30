"""Asking customers: who may be asked, which click is an answer, who is a promoter.

A customer is asked by mail, answers by the link of a score, and may correct it. A robot
that reads the mail first opens links too: a click alone is an answer only where it
looks like a person's (`settled`). An address is left in peace for `quiet_days` after a
request, and for ever once it said so or its mail came back.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jalon.domain.feedback.surveys import ANONYMOUS_UNDER, Z_95

PROMOTER, DETRACTOR = 9, 6
QUIET_DAYS = 90
LONGEST_COMMENT = 2_000
DELIVERING = datetime.timedelta(minutes=2)  # when gateways read a mail before anybody
BURST = datetime.timedelta(seconds=10)  # nobody opens two scores as fast
SETTLES_AFTER = datetime.timedelta(hours=1)
ANSWERABLE = datetime.timedelta(days=60)
WAVE = datetime.timedelta(days=14)  # an engagement survey is told once it has ended
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}", re.ASCII)


class Kind(StrEnum):
    """What is asked; an engagement survey is anonymous."""

    NPS = "nps"
    CSAT = "csat"
    ENGAGEMENT = "engagement"


class Trigger(StrEnum):
    """What makes a customer be asked: a sale, a ticket closed, or a list by hand."""

    SALE = "sale"
    TICKET = "ticket"
    HAND = "hand"


class Voice(StrEnum):
    """What an NPS answer is."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


SCALES = {Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.ENGAGEMENT: (0, 10)}


@dataclass(frozen=True, slots=True)
class Click:
    """The link of a score that was opened."""

    score: int
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Nps:
    """Answers counted: `value` is None without any, `margin` the half-width at 95 %."""

    promoters: int
    passives: int
    detractors: int

    @property
    def answers(self) -> int:
        """Return how many answered."""
        return self.promoters + self.passives + self.detractors

    @property
    def value(self) -> Decimal | None:
        """Return 100 × (promoters − detractors) ÷ answers."""
        if not self.answers:
            return None
        return Decimal(100 * (self.promoters - self.detractors)) / self.answers

    @property
    def margin(self) -> Decimal | None:
        """Return 1.96 × 100 √((p + d − (p − d)²) ÷ n)."""
        if not self.answers:
            return None
        share_p = Decimal(self.promoters) / self.answers
        share_d = Decimal(self.detractors) / self.answers
        spread = share_p + share_d - (share_p - share_d) ** 2
        return Z_95 * 100 * (spread / self.answers).sqrt()


def counted(scores: Iterable[int]) -> Nps:
    """Return the NPS of scores from 0 to 10."""
    voices = [voice_of(score) for score in scores]
    return Nps(
        voices.count(Voice.PROMOTER),
        voices.count(Voice.PASSIVE),
        voices.count(Voice.DETRACTOR),
    )


def voice_of(score: int) -> Voice:
    """Return what an NPS score is: 9–10, 7–8, 0–6."""
    if score >= PROMOTER:
        return Voice.PROMOTER
    return Voice.DETRACTOR if score <= DETRACTOR else Voice.PASSIVE


def on_scale(kind: Kind, score: int) -> bool:
    """Return whether the score exists on the scale of what is asked."""
    lowest, highest = SCALES[kind]
    return lowest <= score <= highest


def address_of(text: str) -> str | None:
    """Return an address in lower case, None where it is none."""
    found = text.strip().lower()
    return found if _ADDRESS.fullmatch(found) else None


def may_ask(
    address: str,
    *,
    on: datetime.date,
    last: datetime.date | None,
    quiet_days: int,
    out: Collection[str],
) -> bool:
    """Return whether an address may be asked that day; `last` is its last request."""
    if address in out:
        return False
    return last is None or (on - last).days >= quiet_days


def settled(
    clicks: Sequence[Click], *, sent_at: datetime.datetime, at: datetime.datetime
) -> int | None:
    """Return the score that clicks alone amount to, None where no person is sure.

    Left out: what was opened while the mail was delivered, and scores opened in a burst
    (a robot follows every link). The last one left counts after an hour, so that its
    author has time to correct it.
    """
    ordered = sorted(clicks, key=lambda one: one.at)
    left = [
        one
        for one in ordered
        if one.at - sent_at >= DELIVERING
        and not any(
            other.score != one.score and abs(other.at - one.at) <= BURST
            for other in ordered
        )
    ]
    if not left or at - left[-1].at < SETTLES_AFTER:
        return None
    return left[-1].score


def shown(sizes: Mapping[str, int], *, under: int = ANONYMOUS_UNDER) -> frozenset[str]:
    """Return the groups whose answers may be shown, so that no other can be deduced.

    A group under five is not shown; where the groups left out amount to fewer than five
    answers together, the whole minus what is shown would tell them: the smallest group
    shown is left out too, until they do not.
    """
    total = sum(sizes.values())
    if total < under:
        return frozenset()
    kept = {name for name, size in sizes.items() if size >= under}
    while kept:
        left = total - sum(sizes[name] for name in kept)
        if left == 0 or left >= under:
            break
        kept.remove(min(kept, key=lambda name: (sizes[name], name)))
    return frozenset(kept)
