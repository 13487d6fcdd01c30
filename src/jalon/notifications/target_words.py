"""What somebody is told of their targets by mail: changed, or published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.objectives.objective import Objective
from jalon.locale import figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Who tells it, of which company, in which language and currency, and where."""

    by: str
    company: str
    lang: str
    currency: str
    links: Mapping[str, str]
    kpis: Mapping[str, Kpi]


def changed(found: Sequence[Objective], speech: Speech) -> tuple[str, str]:
    """Return subject and text for who carries objectives whose target has changed."""
    subject = _("{company}: your target changes").format(company=speech.company)
    opening = _("{by} changed what follows; the former target is kept beside it.")
    blocks = [_change(one, speech) for one in found]
    ending = _("Say that you have read it: the receipt is kept with the change.")
    return subject, _letter(opening.format(by=speech.by), blocks, ending)


def published(found: Sequence[Objective], speech: Speech) -> tuple[str, str]:
    """Return subject and text for who carries objectives that are now published."""
    subject = _("{company}: your objective is published").format(company=speech.company)
    opening = _("{by} published what was agreed.").format(by=speech.by)
    blocks = [
        "\n".join([f"• {figures.tidy(one.statement)}", f"  {speech.links[one.id]}"])
        for one in found
    ]
    ending = _("You find it on My objectives, with your path and what to do next.")
    return subject, _letter(opening, blocks, ending)


def _letter(opening: str, blocks: Sequence[str], ending: str) -> str:
    return "\n\n".join([_("Hello,"), opening, *blocks, ending]) + "\n"


def _change(one: Objective, speech: Speech) -> str:
    last = one.revisions[-1]
    unit = str(speech.kpis[one.kpi].unit)

    def told(value: Decimal | None) -> str:
        if value is None:
            return "—"
        return figures.exact(value, unit, lang=speech.lang, currency=speech.currency)

    parts = [
        f"• {figures.tidy(one.statement)}",
        _("  From {former} to {new}, from {day} on.").format(
            former=told(last.former),
            new=told(last.new),
            day=figures.day(last.effective_on, lang=speech.lang),
        ),
        _("  Why: {reason}. {text}").format(
            reason=_reason(last.reason), text=figures.tidy(last.text)
        ),
    ]
    if last.effort_credited is not None:
        credited = _("  Already done and credited: {figure}.")
        parts.append(credited.format(figure=told(last.effort_credited)))
    if last.priorities:
        parts.append(_("  Priorities: {text}").format(text=last.priorities))
    if last.message:
        parts.append(f"  {last.message}")
    return "\n".join([*parts, f"  {speech.links[one.id]}"])


def _reason(code: str) -> str:
    message = f"retarget.{code}"
    return _(message)
