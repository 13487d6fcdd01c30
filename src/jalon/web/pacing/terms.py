"""The sum behind the pipeline needed: every term, its figure, a link to its rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from jalon.domain.attainment.pacing import LEAST_CLOSED
from jalon.domain.periods import Period
from jalon.locale import figures
from jalon.queries.pacing import Pace
from jalon.queries.pages import Line
from jalon.web.components import wording
from jalon.web.language import current

ONE = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the sum; `link` leads to rows of `owner`, "" where there are none."""

    words: str
    said: str
    link: str = ""
    owner: str = ""
    result: bool = False


def terms(pace: Pace) -> tuple[Term, ...]:
    """Return target − actual = remaining; ÷ win rate = needed; − pipeline = missing."""
    need, line = pace.need, pace.line
    if need is None or line.target is None or line.actual is None:
        return ()
    found = [
        Term(_("Target"), wording.said(line.target, line)),
        Term(
            _("− Actual"),
            wording.said(line.actual, line),
            reverse("explain", args=[line.id]),
            line.owner,
        ),
        Term(_("= Remaining"), wording.said(need.remaining, line), result=True),
    ]
    if pace.past and pace.past_period:
        found.append(_rate(pace))
    if need.needed is not None:
        found.append(
            Term(_("= Pipeline needed"), wording.said(need.needed, line), result=True)
        )
    if need.pipeline is not None:
        period = Period(line.first, line.after)
        found.append(
            Term(
                _("− Open pipeline due in the period"),
                wording.said(need.pipeline, line),
                rows_link("pipeline_value", period, line.owner, line),
                line.owner,
            )
        )
    if need.missing is not None:
        words = (
            _("= Pipeline still to find")
            if need.missing > 0
            else _("= Pipeline in excess")
        )
        found.append(Term(words, wording.said(abs(need.missing), line), result=True))
    return tuple(found)


def _rate(pace: Pace) -> Term:
    past, period, lang = pace.past, pace.past_period, current()
    assert past is not None  # noqa: S101 - asked by the caller
    assert period is not None  # noqa: S101 - asked by the caller
    whose = (
        _("÷ Win rate of the company, from {first} to {last}")
        if past.owner == "company"
        else _("÷ Win rate of the owner, from {first} to {last}")
    )
    words = whose.format(
        first=figures.day(period.first, lang=lang),
        last=figures.day(period.after - ONE, lang=lang),
    )
    link = rows_link("win_rate", period, past.owner, pace.line)
    closed = figures.figure(past.closed, "count", lang=lang)
    if past.rate is None:
        told = _("not enough history: {closed} deals closed, {least} expected")
        said = told.format(closed=closed, least=LEAST_CLOSED)
        return Term(words, said, link, past.owner)
    told = _("{rate}: {won} won of {closed} closed")
    return Term(
        words,
        told.format(
            rate=figures.percent(past.rate, lang=lang),
            won=figures.figure(past.won, "count", lang=lang),
            closed=closed,
        ),
        link,
        past.owner,
    )


def rows_link(kpi: str, period: Period, owner: str, line: Line) -> str:
    """Return the address of the rows behind a figure of an owner, in the explorer."""
    kind, _colon, key = owner.partition(":")
    where = [*line.where, *([f"{kind}={key}"] if key else [])]
    query = [
        ("kpi", kpi),
        ("period", "custom"),
        ("first", period.first.isoformat()),
        ("last", (period.after - ONE).isoformat()),
        *(("where", text) for text in where),
    ]
    return f"{reverse('explorer_rows')}?{urlencode(query)}"
