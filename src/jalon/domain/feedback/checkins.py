"""The point: one minute a week, three questions at most, told to one's manager.

How confident are you (1 to 5)? What blocks? What does the field say? The last two are
words, the third has a kind. What is shared is read by the person, their manager and the
director; the private part by its author alone. Reminders are kind and bounded: one on
the day it is due, one two days later, then silence until the next period.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

LOWEST, HIGHEST = 1, 5
LONGEST = 2_000
SECOND_REMINDER = 2  # days after the first
FRIDAY = 4


class Kind(StrEnum):
    """What a word of the field is."""

    OBJECTION = "objection"
    BLOCKER = "blocker"
    WEAK_SIGNAL = "weak_signal"
    COMPETITOR = "competitor"
    GOOD_PRACTICE = "good_practice"
    NEED = "need"


class Rhythm(StrEnum):
    """How often a point is taken."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered; `confidence` is None and texts are "" where nothing was said.

    `about` is what the point is attached to: "objective:<id>", "deal:<id>",
    "account:<id>" or "".
    """

    confidence: int | None = None
    blocks: str = ""
    field: str = ""
    kind: Kind | None = None
    about: str = ""
    private: str = ""

    @property
    def says_nothing(self) -> bool:
        """Return whether nothing at all was answered."""
        shared = self.blocks.strip() or self.field.strip()
        return self.confidence is None and not shared and not self.private.strip()


def faults(answers: Answers) -> tuple[str, ...]:
    """Return the codes of what keeps answers from being handed in, none when fine."""
    found = []
    if answers.confidence is None:
        found.append("checkin.confidence_missing")
    elif not LOWEST <= answers.confidence <= HIGHEST:
        found.append("checkin.confidence_range")
    if answers.field.strip() and answers.kind is None:
        found.append("checkin.kind_missing")
    if max(map(len, (answers.blocks, answers.field, answers.private))) > LONGEST:
        found.append("checkin.too_long")
    return tuple(found)


def period_of(on: datetime.date, rhythm: Rhythm) -> datetime.date:
    """Return the first day of the period a point taken that day belongs to."""
    if rhythm is Rhythm.MONTHLY:
        return on.replace(day=1)
    return on - datetime.timedelta(days=on.weekday())


def due_on(first: datetime.date, rhythm: Rhythm) -> datetime.date:
    """Return the day a point is due: the week's Friday, or the month's last one."""
    if rhythm is Rhythm.WEEKLY:
        return first + datetime.timedelta(days=FRIDAY)
    after = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    last = after - datetime.timedelta(days=1)
    return last - datetime.timedelta(days=(last.weekday() - FRIDAY) % 7)


def reminder_due(on: datetime.date, *, sent: int, rhythm: Rhythm) -> bool:
    """Return whether somebody who has not answered is reminded that day.

    `sent` is how many reminders this period's point had already; never more than two.
    """
    due = due_on(period_of(on, rhythm), rhythm)
    second = due + datetime.timedelta(days=SECOND_REMINDER)
    return (sent == 0 and on >= due) or (sent == 1 and on >= second)
