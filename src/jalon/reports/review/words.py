"""A review in sentences, in the language being spoken: pages and files say the same."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.domain.gaps.funnel import drivers
from jalon.domain.reviews.bias import Bias
from jalon.domain.reviews.learnings import Change, Verdict
from jalon.domain.reviews.review import PARTS
from jalon.locale import figures
from jalon.queries.learnings import Lesson
from jalon.queries.review_document import (
    Cause,
    Decided,
    Document,
    Forecasted,
    Result,
)

NOTHING = "—"
EXACT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Telling:
    """A review told in a language."""

    document: Document
    lang: str

    @property
    def title(self) -> str:
        """Return what the review is called."""
        told = {"name": self.document.owner_name, "period": self.period}
        if self.document.kind == "monthly":
            return _("Monthly review, {name}, {period}").format(**told)
        return _("Quarterly review, {name}, {period}").format(**told)

    @property
    def period(self) -> str:
        """Return the name of the period."""
        return figures.period_name(
            self.document.first, self.document.after, lang=self.lang
        )

    @property
    def summary(self) -> list[str]:
        """Return the review in a few sentences."""
        one = self.document
        ended = [each for each in one.results if each.ended]
        told = []
        if ended:
            reached = sum(each.status == "reached" for each in ended)
            told.append(
                _("{reached} of {number} objectives that ended were reached.").format(
                    reached=reached, number=len(ended)
                )
            )
        if revised := sum(each.retargeted for each in one.results):
            told.append(
                ngettext(
                    "{number} target was changed on the way; both are shown.",
                    "{number} targets were changed on the way; both are shown.",
                    revised,
                ).format(number=revised)
            )
        if one.deeds:
            told.append(
                _("{done} of {number} actions were done.").format(
                    done=one.done, number=len(one.deeds)
                )
            )
        if one.commitments:
            told.append(
                _("{kept} of {number} commitments were kept.").format(
                    kept=one.kept, number=len(one.commitments)
                )
            )
        return told

    def value(self, value: Decimal | None, one: Result) -> str:
        """Return a figure of a result, on the scale of its target."""
        if value is None:
            return NOTHING
        return figures.figure(
            value,
            one.unit,
            lang=self.lang,
            currency=one.currency or self.document.currency,
            reference=one.target,
        )

    def share(self, share: Decimal | None) -> str:
        """Return an attainment."""
        if share is None:
            return NOTHING
        return figures.percent(share, lang=self.lang, digits=0)

    def status(self, one: Result) -> str:
        """Return a state in words."""
        code = f"status.{one.status}"
        return _(code)

    def label(self, one: Result) -> str:
        """Return a KPI's name."""
        return one.kpi_label.get(self.lang) or one.kpi

    def named(self, one: Result) -> str:
        """Return whose objective it is, and on what."""
        return _("{owner}, {kpi}").format(owner=one.owner_name, kpi=self.label(one))

    def span(self, one: Result) -> str:
        """Return the period of an objective."""
        return figures.period_name(one.first, one.after, lang=self.lang)

    def landing(self, one: Result) -> str:
        """Return where an objective that goes on is expected to land."""
        if len(one.landing) != 3:  # noqa: PLR2004 - P10, P50, P90
            return NOTHING
        low, middle, high = (self.value(each, one) for each in one.landing)
        told = _("{middle} ({low} to {high})").format(middle=middle, low=low, high=high)
        if one.probability is None:
            return told
        chance = figures.chance(one.probability, lang=self.lang)
        return _("{landing}, {chance} of chances").format(landing=told, chance=chance)

    def revised(self, one: Result) -> list[str]:
        """Return each re-target of an objective in a sentence."""
        told = []
        for each in one.revisions:
            sentence = _("From {former} to {new} on {day}: {why}").format(
                former=self.value(each.former, one),
                new=self.value(each.new, one),
                day=figures.day(each.effective_on, lang=self.lang),
                why=figures.tidy(each.text) or reason(each.reason),
            )
            if each.credited is not None:
                sentence = _("{sentence} Effort credited: {amount}.").format(
                    sentence=sentence.rstrip(".") + ".",
                    amount=self.value(each.credited, one),
                )
            told.append(sentence)
        return told

    def of(self, objective: str) -> Result | None:
        """Return the result of an objective."""
        return self.document.result(objective)

    def cause(self, one: Cause) -> str:
        """Return a gap and the driver that weighs most, in a sentence."""
        result = self.of(one.objective)
        if result is None:
            return ""
        told = {
            "name": self.named(result),
            "gap": self.apart(one.gap, result),
            "reference": self.value(one.reference, result),
        }
        sentence = _("{name}: {gap} against {reference}.").format(**told)
        heaviest = one.heaviest
        if heaviest is None or not heaviest.amount:
            return sentence
        return _("{sentence} What weighs most: {driver}, {amount}.").format(
            sentence=sentence,
            driver=self.driver(heaviest.driver),
            amount=self.apart(heaviest.amount, result),
        )

    def driver(self, key: str) -> str:
        """Return a driver's name."""
        known = drivers().get(key)
        return known.label[self.lang] if known else key

    def lever(self, one: Cause) -> str:
        """Return what can be done about what weighs most."""
        heaviest = one.heaviest
        known = drivers().get(heaviest.driver) if heaviest else None
        return known.lever.action[self.lang] if known else ""

    def apart(self, amount: Decimal, one: Result) -> str:
        """Return a signed difference in the unit of a result."""
        return figures.difference(
            amount.quantize(EXACT),
            one.unit,
            lang=self.lang,
            currency=one.currency or self.document.currency,
            signed=True,
        )

    def compared(self, one: Cause) -> str:
        """Return which days the drivers are compared with."""
        return _("Drivers are compared with {first} to {last}.").format(
            first=figures.day(one.before_first, lang=self.lang),
            last=figures.day(
                one.before_after - datetime.timedelta(days=1), lang=self.lang
            ),
        )

    def forecast(self, one: Forecasted) -> str:
        """Return what was forecast of an objective and what came."""
        result = self.of(one.objective)
        if result is None:
            return ""
        told = {
            "name": self.named(result),
            "day": figures.day(one.on, lang=self.lang),
            "low": self.value(one.landing[0], result),
            "high": self.value(one.landing[-1], result),
            "came": self.value(one.came, result),
        }
        if one.inside:
            return _(
                "{name}: on {day}, {low} to {high} forecast; {came} came, inside."
            ).format(**told)
        return _(
            "{name}: on {day}, {low} to {high} forecast; {came} came, outside."
        ).format(**told)

    def kept(self, one: Decided) -> str:
        """Return whether a decision was kept."""
        if one.kept is None:
            return _("not answered yet")
        return _("kept") if one.kept else _("not kept")

    def carried(self, one: Decided, labels: Mapping[str, str]) -> str:
        """Return who carries a decision, on what, until when."""
        told = [one.owner_name]
        if one.kpi:
            told.append(labels.get(one.kpi, one.kpi))
        if one.due:
            told.append(figures.day(one.due, lang=self.lang))
        return " · ".join(told)

    @property
    def notes(self) -> list[tuple[str, str]]:
        """Return the notes of the discussion, each under the name of its part."""
        kept = self.document.notes
        return [(titles()[part], kept[part]) for part in PARTS if kept.get(part)]

    @property
    def heard(self) -> str:
        """Return what was counted of the field, in a sentence."""
        field = self.document.heard
        return _(
            "{said} voices of {authors} people or customers; a theme needs three."
        ).format(said=field.said, authors=field.authors)


def titles() -> dict[str, str]:
    """Return the names of the parts of a review."""
    return {
        "results": _("Results against both targets"),
        "causes": _("Where the gaps come from"),
        "field": _("What the field says"),
        "actions": _("Actions, commitments, forecasts"),
        "words": _("Both sides' words"),
        "decisions": _("Decisions and learnings"),
    }


def reason(code: str) -> str:
    """Return why a target was changed."""
    message = f"retarget.{code}"
    return _(message)


def objection(name: str) -> str:
    """Return the name of a class of objections; its own where the company made it."""
    known = {
        "price": _("Price"),
        "budget": _("Budget"),
        "timing": _("Timing"),
        "competitor": _("Competitor"),
        "decision": _("Decision"),
        "feature": _("Feature"),
        "integration": _("Integration"),
        "trust": _("Trust"),
        "security": _("Security"),
        "service": _("Service"),
        "contract": _("Contract"),
        "need": _("Need"),
    }
    return known.get(name, name.replace("_", " "))


def gave(lesson: Lesson, *, lang: str) -> str:
    """Return what came with a change, in claiming no more than it shows."""
    change = lesson.change
    if change is None:
        return _("No figure could be counted on both sides of the change.")
    told = {
        "before": _value(change.before, lesson, lang),
        "after": _value(change.after, lesson, lang),
        "difference": _apart(change.difference, lesson, lang),
    }
    sentence = _("From {before} to {after}: {difference}").format(**told)
    if change.low is None or change.high is None:
        return _("{sentence}; too little was counted to tell an interval.").format(
            sentence=sentence
        )
    interval = _between(change, lesson, lang)
    if lesson.verdict is Verdict.UNCLEAR:
        return _("{sentence} ({interval}); this may be chance.").format(
            sentence=sentence, interval=interval
        )
    return _("{sentence} ({interval}); more than chance alone.").format(
        sentence=sentence, interval=interval
    )


def biased(found: Bias, label: str, unit: str, *, lang: str) -> str:
    """Return how far the last targets on a KPI were from what came."""
    off = Decimal(str(abs(found.off)))
    amount = (
        figures.percent(off, lang=lang, digits=0)
        if found.relative
        else figures.difference(off, unit, lang=lang)
    )
    told = {"number": found.number, "kpi": label, "amount": amount}
    told["reached"] = found.reached
    if found.slight:
        return _(
            "The last {number} targets on “{kpi}” were right, within {amount}:"
            " {reached} were reached."
        ).format(**told)
    if found.off > 0:
        return _(
            "The last {number} targets on “{kpi}” were {amount} too high:"
            " {reached} were reached."
        ).format(**told)
    return _(
        "The last {number} targets on “{kpi}” were {amount} too low:"
        " {reached} were reached."
    ).format(**told)


def _between(change: Change, lesson: Lesson, lang: str) -> str:
    return _("{low} to {high}, 95 times in 100").format(
        low=_apart(change.low or 0.0, lesson, lang),
        high=_apart(change.high or 0.0, lesson, lang),
    )


def _value(value: float, lesson: Lesson, lang: str) -> str:
    return figures.figure(
        Decimal(str(value)).quantize(EXACT),
        lesson.unit,
        lang=lang,
        currency=lesson.currency,
    )


def _apart(value: float, lesson: Lesson, lang: str) -> str:
    return figures.difference(
        Decimal(str(value)).quantize(EXACT),
        lesson.unit,
        lang=lang,
        currency=lesson.currency,
        signed=True,
    )
