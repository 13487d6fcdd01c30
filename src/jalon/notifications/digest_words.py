"""Somebody's week in words: the plain text and the laid-out mail say the same.

The bars are table cells, which every mail program draws without loading anything; what
a bar shows is written beside it. What people typed is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.domain.people.roles import Role
from jalon.locale import figures
from jalon.notifications.letters import Page
from jalon.notifications.weekly_words import Speech, decision, due
from jalon.queries.digest import Digest
from jalon.queries.pages import Line
from jalon.queries.weekly import Decision, Moved

MOST = 12  # objectives and actions of a mail
COLOURS = {
    "reached": "#1f7a4d",
    "on_track": "#1f7a4d",
    "watch": "#b26a00",
    "off_track": "#b42318",
    "missed": "#b42318",
}
GREY = "#667085"
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One objective of the mail; shares are of the way to the target, from 0 to 1."""

    title: str
    value: str
    said: str
    colour: str
    done: Decimal | None
    due: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, and under it bars or sentences."""

    title: str
    bars: tuple[Bar, ...] = ()
    lines: tuple[str, ...] = ()


def subject(found: Digest, speech: Speech) -> str:
    """Return the subject: the week, and how many objectives are behind."""
    week = figures.week(found.on, lang=speech.lang)
    if not (late := len(found.mine.drifted) + found.behind):
        return _("{company}: your week {week}, all on its path").format(
            company=found.company, week=week
        )
    told = ngettext(
        "{company}: your week {week}, {count} objective behind",
        "{company}: your week {week}, {count} objectives behind",
        late,
    )
    return told.format(company=found.company, week=week, count=late)


def letter(
    found: Digest, speech: Speech, *, to: str, home: str, settings: str, leave: str
) -> Page:
    """Return the mail; `home`, `settings` and `leave` are addresses."""
    name = found.name.split(" ")[0]
    hello = _("Hello {name},").format(name=name) if name else _("Hello,")
    some = parts(found, speech)
    links = (
        (_("Open Jalon"), home),
        (_("My notifications"), settings),
        (_("No more digest"), leave),
    )
    told = [hello]
    for one in some:
        told += ["", one.title.upper()]
        told += [
            "- "
            + _("{label}: {value}").format(label=bar.title, value=bar.value)
            + f". {bar.said}"
            for bar in one.bars
        ]
        told += [f"- {line}" for line in one.lines]
    told += [
        "",
        *(
            _("{label}: {value}").format(label=label, value=link)
            for label, link in links
        ),
        "",
    ]
    return Page(
        to=to,
        subject=subject(found, speech),
        text="\n".join(told),
        html=_html(found, hello, some, links, speech),
        leave=leave,
        headers={"Content-Language": speech.lang},
    )


def parts(found: Digest, speech: Speech) -> tuple[Part, ...]:
    """Return the parts that have something to say, in the order of reading."""
    titles = {
        Role.DIRECTOR: _("The company's objectives"),
        Role.MANAGER: _("Your objectives and your teams'"),
    }
    own = tuple(_bar(one, speech) for one in found.mine.moved[:MOST])
    others = tuple(_bar(one, speech, named=True) for one in found.others)
    asked = tuple(decision(one, speech) for one in _decisions(found))
    every = (
        Part(titles.get(found.role, _("Your objectives")), bars=own),
        Part(_behind(found), bars=others),
        Part(_("Decisions to take this week"), lines=asked),
        Part(
            _("To do within the week"),
            lines=tuple(due(one, speech) for one in found.due[:MOST]),
        ),
        Part(_("What waits for you"), lines=tuple(_waiting(found, speech))),
        Part(_("Said to you"), lines=tuple(_words(found))),
    )
    return tuple(one for one in every if one.bars or one.lines)


def _decisions(found: Digest) -> Sequence[Decision]:
    return found.mine.decisions if found.role in {Role.DIRECTOR, Role.MANAGER} else ()


def _behind(found: Digest) -> str:
    told = (
        ngettext(
            "{behind} team objective of {led} behind its path",
            "{behind} team objectives of {led} behind their path",
            found.behind,
        )
        if found.role is Role.DIRECTOR
        else ngettext(
            "{behind} objective of {led} behind its path among your people",
            "{behind} objectives of {led} behind their path among your people",
            found.behind,
        )
    )
    return told.format(behind=found.behind, led=found.led)


def _waiting(found: Digest, speech: Speech) -> Iterable[str]:
    if found.alerts:
        yield ngettext(
            "{count} alert you have not seen",
            "{count} alerts you have not seen",
            found.alerts,
        ).format(count=found.alerts)
    if found.points:
        yield ngettext(
            "{count} point of your people to read and answer",
            "{count} points of your people to read and answer",
            found.points,
        ).format(count=found.points)
    if found.point_due is not None:
        day = figures.day(found.point_due, lang=speech.lang)
        yield _("Your own point, one minute, by {day}").format(day=day)


def _words(found: Digest) -> Iterable[str]:
    for one in found.words:
        text = figures.tidy(one.text)
        yield _("{who}: {text}").format(who=one.by_name, text=text)


def _bar(one: Moved, speech: Speech, *, named: bool = False) -> Bar:
    line = one.line
    period = figures.period_name(line.first, line.after, lang=speech.lang)
    title = f"{figures.tidy(line.aim(speech.lang))}, {period}"
    if named or line.level == "team":
        title = f"{line.owner_name} · {title}"
    return Bar(
        title=title,
        value=_value(line, speech),
        said=_said(one, speech),
        colour=COLOURS.get(line.status, GREY),
        done=_share(line.attainment),
        due=_share(line.expected_progress),
    )


def _value(line: Line, speech: Speech) -> str:
    if line.actual is None or line.target is None:
        return _("no figure yet")
    currency = line.currency or speech.currency

    def figure(value: Decimal) -> str:
        return figures.figure(value, line.unit, lang=speech.lang, currency=currency)

    return _("{actual} of {target}").format(
        actual=figure(line.actual), target=figure(line.target)
    )


def _said(one: Moved, speech: Speech) -> str:
    code = f"status.{one.line.status}"
    said = [_(code)]
    if one.gained is not None:
        gained = figures.difference(
            one.gained,
            one.line.unit,
            lang=speech.lang,
            currency=one.line.currency or speech.currency,
            signed=True,
        )
        said.append(_("{gained} in a week").format(gained=gained))
    if one.line.probability is not None:
        chance = figures.chance(one.line.probability, lang=speech.lang)
        said.append(_("{chance} of chances").format(chance=chance))
    told = ", ".join(said)
    return told[:1].upper() + told[1:] + "."


def _share(value: Decimal | None) -> Decimal | None:
    return None if value is None else min(max(value, Decimal(0)), ONE)


_FRAME = (
    '<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light"><title>{title}</title></head>'
    '<body style="margin:0;padding:24px 12px;background:#f6f7f9;color:#101828;'
    'font:16px/1.5 system-ui,Segoe UI,Arial,sans-serif">'
    '<div style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;'
    'border-radius:10px"><p style="margin:0;color:#475467;font-size:13px">{company}</p>'
    '<h1 style="font-size:21px;line-height:1.3;margin:2px 0 12px">{title}</h1>'
    '<p style="margin:0">{hello}</p>{parts}'
    '<p style="margin:28px 0 0"><a style="display:inline-block;padding:11px 18px;'
    "border-radius:6px;background:#1d4ed8;color:#ffffff;text-decoration:none;"
    'font-weight:600" href="{home}">{open}</a></p>'
    '<p style="color:#475467;font-size:13px;margin:24px 0 0">'
    '<a style="color:#475467" href="{settings}">{mine}</a> · '
    '<a style="color:#475467" href="{leave}">{out}</a></p></div></body></html>'
)
_HEAD = '<h2 style="font-size:16px;line-height:1.3;margin:28px 0 6px">{title}</h2>'
_LINE = (
    '<p style="margin:0 0 8px;padding-left:12px;border-left:3px solid #d0d5dd">{}</p>'
)
_BAR = (
    '<table role="presentation" width="100%" cellspacing="0" cellpadding="0" '
    'style="margin:12px 0 0"><tr><td style="font-weight:600">{title}</td>'
    '<td align="right" style="white-space:nowrap;padding-left:12px">{value}</td></tr>'
    "</table>{drawn}"
    '<p style="margin:4px 0 0;color:#475467;font-size:14px">'
    '<span style="color:{colour};font-weight:600">●</span> {said}</p>'
)
_DRAWN = (
    '<table role="presentation" width="100%" cellspacing="0" cellpadding="0" '
    'style="margin-top:5px;border-collapse:collapse;table-layout:fixed"><tr>{cells}'
    "</tr></table>"
)
_CELL = (
    '<td style="width:{width}%;height:9px;line-height:9px;font-size:1px;padding:0;'
    'background:{colour}">&nbsp;</td>'
)


def _html(
    found: Digest,
    hello: str,
    some: Iterable[Part],
    links: Sequence[tuple[str, str]],
    speech: Speech,
) -> str:
    (opened, home), (mine, settings), (out, leave) = links
    return _FRAME.format(
        lang=speech.lang,
        company=escape(found.company),
        title=escape(_title(found, speech)),
        hello=escape(hello),
        parts="".join(map(_part, some)),
        home=escape(home),
        open=escape(opened),
        settings=escape(settings),
        mine=escape(mine),
        leave=escape(leave),
        out=escape(out),
    )


def _title(found: Digest, speech: Speech) -> str:
    day = figures.day(found.on, lang=speech.lang)
    return _("Your week, on {day}").format(day=day)


def _part(one: Part) -> str:
    told = [_HEAD.format(title=escape(one.title))]
    told += [
        _BAR.format(
            title=escape(bar.title),
            value=escape(bar.value),
            said=escape(bar.said),
            colour=bar.colour,
            drawn=_drawn(bar),
        )
        for bar in one.bars
    ]
    told += [_LINE.format(escape(line)) for line in one.lines]
    return "".join(told)


def _drawn(bar: Bar) -> str:
    """Return the bar: done in colour, what lacks to the path darker than the rest."""
    if bar.done is None:
        return ""
    done = round(bar.done * 100)
    late = max(round((bar.due or Decimal(0)) * 100) - done, 0)
    widths = ((done, bar.colour), (late, "#98a2b3"), (100 - done - late, "#e4e7ec"))
    cells = [_CELL.format(width=width, colour=one) for width, one in widths if width]
    return _DRAWN.format(cells="".join(cells))
