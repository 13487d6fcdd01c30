"""An alert in one sentence, for the list, a mail and a chat alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from jalon.domain.drift.alerts import BACK
from jalon.domain.drift.states import State
from jalon.domain.gaps.funnel import drivers
from jalon.locale import figures
from jalon.queries.alerts import AlertLine, DriverMoved
from jalon.queries.drift import UNITS

ENOUGH = 3  # drivers told in a sentence


def headline(line: AlertLine, *, lang: str) -> str:
    """Return what changed, of whom, since when."""
    who = line.owner_name or _("Company")
    since = figures.day(line.since, lang=lang)
    if line.is_drift and line.state == BACK:
        return _("{name}: back on its usual path.").format(name=who)
    if line.is_drift:
        return _("{name}: off its usual path since the week of {since}.").format(
            name=who, since=since
        )
    sentence = _STATES[State(line.state), line.worsening]
    return _(sentence).format(name=who, objective=line.statement, since=since)


def detail(line: AlertLine, *, lang: str, currency: str) -> str:
    """Return what it rests on: the chance, or the drivers and how sure."""
    if line.probability is not None:
        chance = figures.chance(Decimal(str(line.probability)), lang=lang)
        return _("Chance of reaching the target: {chance}.").format(chance=chance)
    told = [_driver(one, lang, currency) for one in line.drivers[:ENOUGH]]
    return " ".join(told)


def carried(line: AlertLine) -> str:
    """Return for whom it is watched, where people have too few events a week."""
    if not line.carried:
        return ""
    return _(
        "Told here for {people}: too little happens each week to tell by the person."
    ).format(people=", ".join(line.carried))


def message(
    lines: Sequence[AlertLine], *, company: str, link: str, lang: str, currency: str
) -> tuple[str, str]:
    """Return the subject and the text of a message about some alerts."""
    if len(lines) == 1:
        subject = headline(lines[0], lang=lang)
    else:
        worse = sum(one.worsening for one in lines)
        subject = _("{company}: {worse} getting worse, {better} recovering").format(
            company=company, worse=worse, better=len(lines) - worse
        )
    blocks = [
        "\n".join(
            part
            for part in (
                f"• {headline(one, lang=lang)}",
                detail(one, lang=lang, currency=currency),
                carried(one),
            )
            if part
        )
        for one in sorted(lines, key=lambda one: not one.worsening)
    ]
    where = _("See them, take note, plan an action: {link}").format(link=link)
    how = _("What you are told and when: My notifications, in Jalon.")
    return subject, "\n\n".join([*blocks, where, how]) + "\n"


def _driver(one: DriverMoved, lang: str, currency: str) -> str:
    told: Mapping[str, str] = {
        "driver": drivers()[one.key].label[lang],
        "now": _value(one.now, one.key, lang, currency),
        "was": _value(one.was, one.key, lang, currency),
        "sure": figures.percent(Decimal(str(round(min(one.sure, 0.99), 2))), lang=lang),
    }
    if one.alarm:
        return _("{driver}: {now} instead of {was} ({sure} sure).").format(**told)
    return _("{driver}, perhaps: {now} instead of {was} ({sure} sure).").format(**told)


def _value(number: float, key: str, lang: str, currency: str) -> str:
    exact = Decimal(str(round(number, 4)))
    return figures.figure(exact, UNITS[key], lang=lang, currency=currency)


def _marked(text: str) -> str:
    """Return the text: a mark for whoever looks for sentences to translate."""
    return text


_STATES = {
    (State.RED, True): _marked(
        "{name}, “{objective}”: less than three chances in ten since {since}."
    ),
    (State.AMBER, True): _marked(
        "{name}, “{objective}”: less than one chance in two since {since}."
    ),
    (State.AMBER, False): _marked(
        "{name}, “{objective}”: recovering, three chances in ten or more since {since}."
    ),
    (State.GREEN, False): _marked("{name}, “{objective}”: likely again since {since}."),
}
