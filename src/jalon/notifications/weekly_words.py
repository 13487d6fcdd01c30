"""A team's week in sentences: the page, the mail and the command say the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from jalon.domain.reviews.weekly import Kind
from jalon.locale import figures
from jalon.queries.pages import Line
from jalon.queries.weekly import Decision, DueAction, Moved, Weekly

MOST = 12  # lines of a part in a mail


@dataclass(frozen=True, slots=True)
class Speech:
    """In which language and currency."""

    lang: str
    currency: str


def subject(week: Weekly, speech: Speech) -> str:
    """Return the subject of the mail."""
    return _("Weekly reading {week}, {team}").format(
        week=figures.week(week.on, lang=speech.lang), team=week.name
    )


def text(week: Weekly, speech: Speech) -> str:
    """Return the whole reading as plain text."""
    parts = [
        (_("What moved"), [moved(one, speech) for one in week.own]),
        (_("What drifted"), [drifted(one, speech) for one in week.drifted]),
        (_("What is due"), [due(one, speech) for one in week.due]),
        (
            _("Three decisions to take"),
            [decision(one, speech) for one in week.decisions],
        ),
    ]
    told = [subject(week, speech)]
    for title, sentences in parts:
        told += ["", title]
        told += [f"- {one}" for one in sentences[:MOST]] or [f"- {_('Nothing.')}"]
        if len(sentences) > MOST:
            more = _("and {count} more on the page").format(count=len(sentences) - MOST)
            told.append(f"- {more}")
    return "\n".join(told) + "\n"


def leading(page: str) -> str:
    """Return where the reading is, and how to hold the meeting on it."""
    return _("To read it together in fifteen minutes: {page}").format(page=page)


def moved(one: Moved, speech: Speech) -> str:
    """Return what an objective gained, against what its path asked for."""
    name = named(one.line, speech)
    if one.gained is None:
        return _("{name}: no figure yet").format(name=name)
    gained = _change(one.gained, one.line, speech)
    if one.expected is None or not one.line.flow:
        return _("{name}: {gained} in a week").format(name=name, gained=gained)
    return _("{name}: {gained} in a week, {expected} expected").format(
        name=name, gained=gained, expected=_change(one.expected, one.line, speech)
    )


def drifted(one: Moved, speech: Speech) -> str:
    """Return how far behind an objective is, and since when."""
    line = one.line
    told = _("{name}: {state}").format(
        name=named(line, speech), state=_status(line.status)
    )
    if line.lead is not None and line.lead < 0:
        behind = figures.difference(
            -line.lead,
            line.unit,
            lang=speech.lang,
            currency=line.currency or speech.currency,
        )
        told = _("{told}, {behind} behind its path").format(told=told, behind=behind)
    if line.since is not None:
        day = figures.day(line.since, lang=speech.lang)
        told = _("{told}, since {day}").format(told=told, day=day)
    return told


def due(one: DueAction, speech: Speech) -> str:
    """Return an action, who does it, and when."""
    told = {"action": figures.tidy(one.text), "who": one.owner_name}
    if one.days_late:
        return _("{action} ({who}): {days} days late").format(
            days=one.days_late, **told
        )
    if one.due is None:
        return _("{action} ({who}): no date").format(**told)
    day = figures.day(one.due, lang=speech.lang)
    return _("{action} ({who}): by {day}").format(day=day, **told)


def decision(one: Decision, speech: Speech) -> str:
    """Return what is to decide, as a question to answer in the meeting."""
    if one.action is not None:
        return _(
            "{action} is {days} days late: do it this week, give it, or drop it?"
        ).format(action=figures.tidy(one.action.text), days=one.action.days_late)
    if one.line is None:
        return ""
    name = named(one.line, speech)
    chance = one.line.probability
    said = "" if chance is None else figures.chance(chance, lang=speech.lang)
    sentences = {
        Kind.UNLIKELY: _(
            "{name} has {chance} of chances: which action changes that, or which "
            "target is realistic?"
        ),
        Kind.DRIFTED: _("{name} turned this week: what is the cause, who acts?"),
        Kind.NO_PLAN: _(
            "{name} is behind and nothing is planned: which action, by whom?"
        ),
        Kind.SHARE: _(
            "{name} is well ahead ({chance}): what can the others take from it?"
        ),
    }
    return sentences[one.kind].format(name=name, chance=said)


def named(line: Line, speech: Speech) -> str:
    """Return whose objective it is, and on what."""
    period = figures.period_name(line.first, line.after, lang=speech.lang)
    return _("{owner}, {kpi} {period}").format(
        owner=line.owner_name,
        kpi=figures.tidy(line.aim(speech.lang)),
        period=period,
    )


def _status(status: str) -> str:
    code = f"status.{status}"
    return _(code)


def _change(amount: Decimal, line: Line, speech: Speech) -> str:
    return figures.difference(
        amount,
        line.unit,
        lang=speech.lang,
        currency=line.currency or speech.currency,
        signed=True,
    )
