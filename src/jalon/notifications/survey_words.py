"""What a survey's mail says: the question, a link for each score, the way out.

Words are the reader's language; what a company or a customer is called is escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from jalon.domain.feedback.asking import SCALES, Kind
from jalon.notifications.letters import Page

ScoreLink = Callable[[int | None], str]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks whom what."""

    kind: Kind
    company: str
    to: str
    name: str
    lang: str
    mark: str  # which request, for a mail that comes back


def question(kind: Kind, company: str) -> str:
    """Return the question."""
    sentences = {
        Kind.NPS: _("How likely are you to recommend {company} to a colleague?"),
        Kind.CSAT: _("How satisfied are you with what {company} did for you?"),
        Kind.ENGAGEMENT: _(
            "How likely are you to recommend {company} as a place to work?"
        ),
    }
    return sentences[kind].format(company=company)


def ends(kind: Kind) -> tuple[str, str]:
    """Return what the lowest and the highest score mean."""
    if kind is Kind.CSAT:
        return _("not satisfied at all"), _("very satisfied")
    return _("not at all likely"), _("very likely")


def letter(asking: Asking, *, link: ScoreLink, leave: str) -> Page:
    """Return the mail; `link` gives a score's address, or the form's for None."""
    hello = _("Hello {name},").format(name=asking.name) if asking.name else _("Hello,")
    asked = question(asking.kind, asking.company)
    lowest, highest = SCALES[asking.kind]
    low, high = ends(asking.kind)
    scale = _("{lowest} is {low}, {highest} is {high}.").format(
        lowest=lowest, low=low, highest=highest, high=high
    )
    private = (
        _("Your answer is anonymous: nothing is shown under five answers.")
        if asking.kind is Kind.ENGAGEMENT
        else _("One click is enough; you may correct it and add a word.")
    )
    out = _("No more surveys: {link}").format(link=leave)
    scores = range(lowest, highest + 1)
    told = [hello, "", asked, scale, private, ""]
    told += [f"{score}: {link(score)}" for score in scores]
    told += ["", out, ""]
    return Page(
        to=asking.to,
        subject=_("{company}: one question, one click").format(company=asking.company),
        text="\n".join(told),
        html=_html(asking, (hello, asked, scale, private), link, leave),
        leave=leave,
        headers={"X-Jalon-Request": asking.mark, "Content-Language": asking.lang},
    )


_CELL = (
    '<a href="{href}" style="display:inline-block;min-width:26px;margin:2px 1px;'
    "padding:11px 5px;border:1px solid #d0d5dd;border-radius:6px;color:#101828;"
    'background:#ffffff;text-decoration:none;text-align:center;font-weight:600">'
    "{score}</a>"
)
_FRAME = (
    '<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title></head>"
    '<body style="margin:0;padding:24px 12px;background:#f6f7f9;color:#101828;'
    'font:16px/1.5 system-ui,Segoe UI,Arial,sans-serif">'
    '<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;'
    'border-radius:10px"><p>{hello}</p>'
    '<h1 style="font-size:20px;line-height:1.3;margin:16px 0">{asked}</h1>'
    '<p style="margin:0 0 4px">{cells}</p>'
    '<p style="color:#566073;font-size:14px">{scale}<br>{private}</p>'
    '<p style="color:#566073;font-size:13px;margin-top:28px">'
    '<a style="color:#566073" href="{leave}">{out}</a></p></div></body></html>'
)


def _html(
    asking: Asking, said: tuple[str, str, str, str], link: ScoreLink, leave: str
) -> str:
    hello, asked, scale, private = map(escape, said)
    lowest, highest = SCALES[asking.kind]
    cells = " ".join(
        _CELL.format(href=escape(link(score)), score=score)
        for score in range(lowest, highest + 1)
    )
    return _FRAME.format(
        lang=asking.lang,
        title=escape(asking.company),
        hello=hello,
        asked=asked,
        cells=cells,
        scale=scale,
        private=private,
        leave=escape(leave),
        out=escape(_("No more surveys")),
    )
