"""The log of what was sent, and what came of a trial, in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jalon.locale import figures
from jalon.notifications.alert_words import headline
from jalon.queries.notices import (
    ALERT,
    LATE,
    NONE,
    REMINDER,
    TARGET,
    TEAM,
    TRY,
    Entry,
)
from jalon.usecases.try_notices import Tried
from jalon.web.language import current

MAIL, WAITING = "mail", "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the log as read; `alert` and `again` are 0 where there is none."""

    at: datetime.datetime
    way: str
    state: str
    tone: str
    reason: str
    about: str
    alert: int
    again: int


def rows(log: Sequence[Entry]) -> tuple[Row, ...]:
    """Return the log in the reader's words."""
    return tuple(
        Row(
            at=one.at,
            way=_way(one.way),
            state=_state(one),
            tone="" if one.reason == NONE else _TONES.get(one.state, ""),
            reason=_reason(one.reason),
            about=_about(one),
            alert=one.alert.id if one.alert else 0,
            again=one.again,
        )
        for one in log
    )


def tried(one: Tried) -> str:
    """Return what came of a trial."""
    if one.arrived and one.label == MAIL:
        return _("The mail of trial left.")
    if one.arrived:
        told = _("Line {line} ({service}) took the trial.")
        return told.format(line=one.rank, service=one.label)
    if one.label == MAIL:
        told = _("The mail of trial did not leave: {reason}.")
        return told.format(reason=_reason(one.reason))
    told = _("Line {line} ({service}) did not take the trial: {reason}.")
    return told.format(line=one.rank, service=one.label, reason=_reason(one.reason))


def _way(label: str) -> str:
    return _("Mail") if label == MAIL else label


def _state(one: Entry) -> str:
    if one.state == WAITING and one.tries:
        return _("Will be tried again")
    if one.reason == NONE:
        return _("Did not leave")
    known = {
        "sent": _("Message sent"),
        WAITING: _("Waits for its time"),
        "sending": _("Perhaps sent: cut short"),
        "failed": _("Given up"),
        "dropped": _("Taken back"),
    }
    return known[one.state]


def _reason(code: str) -> str:
    """Return why in words; what a mail server answered is told as it is."""
    known = {
        "silent": _("nobody answers, or it is refused without a reason"),
        "private": _("the address is private"),
        "unknown": _("the address names no service"),
        "gone": _("you no longer want this way"),
        NONE: _("nothing to say that week, or the address took no mail"),
    }
    return known.get(code, code)


def _about(one: Entry) -> str:
    if one.kind == ALERT:
        return headline(one.alert, lang=current()) if one.alert else _("An alert")
    if one.kind in _ABOUT:
        return _ABOUT[one.kind](one.about)
    number = one.week.rpartition("W")[2]
    if one.kind == TEAM:
        told = _("The weekly reading of {team}, week {number}")
        return told.format(team=one.team, number=number)
    return _("My week by mail, week {number}").format(number=number)


def _reminded(first: str) -> str:
    """Return the words of a reminder of the point of a week or month."""
    day = figures.day(datetime.date.fromisoformat(first), lang=current())
    return _("Reminder: your point of the period from {day}").format(day=day)


_ABOUT: dict[str, Callable[[str], str]] = {
    TARGET: lambda told: _("Your targets: {told}").format(told=told),
    REMINDER: _reminded,
    LATE: lambda name: _("The source {name} is late").format(name=name),
    TRY: lambda _nothing: _("A trial message"),
}
_TONES = {"failed": "off_track", "sending": "watch", "sent": "reached"}
