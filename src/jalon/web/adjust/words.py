"""A re-target told to people: why, what was done already, what matters now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from jalon.domain.gaps.funnel import drivers
from jalon.domain.objectives.objective import RATES
from jalon.locale import figures
from jalon.queries.adjusting import Adjusting
from jalon.queries.pages import Line
from jalon.reports.review.words import objection

EXACT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Told:
    """The evidence and a target considered, in one language."""

    found: Adjusting
    new: Decimal | None
    lang: str

    @property
    def figures(self) -> str:
        """Return what the figures say of the objective that gives the reason."""
        one = self.found.because
        told = {
            "name": self._named(one),
            "actual": self._value(one.actual, one),
            "target": self._value(one.target, one),
        }
        if one.landing is None:
            return _("{name}: {actual} to date for {target} asked.").format(**told)
        return _(
            "{name}: {actual} to date for {target} asked; as things go it lands near"
            " {landing}."
        ).format(landing=self._value(one.landing[1], one), **told)

    @property
    def chance(self) -> str:
        """Return the odds of the present target, in words."""
        chance = self.found.line.probability
        if chance is None:
            return ""
        return _("The present target has {chance} of chances.").format(
            chance=figures.chance(chance, lang=self.lang)
        )

    @property
    def cause(self) -> str:
        """Return the driver that weighs most."""
        key, gap = self.found.proposal.lever, self.found.gap
        effects = gap.effects if gap else ()
        amount = next((one.amount for one in effects if one.driver == key), None)
        if not key or amount is None:
            return ""
        return _("What weighs most: {driver}, {amount}.").format(
            driver=drivers()[key].label[self.lang].lower(),
            amount=self._apart(Decimal(str(amount)), self.found.because),
        )

    @property
    def said(self) -> str:
        """Return what the field says most."""
        heard = self.found.field.heard
        if heard is None or not heard.classes:
            return ""
        name, said, people = heard.classes[0]
        sentence = _("In the field, “{theme}” came up {said} times ({people} voices).")
        told = sentence.format(theme=objection(name).lower(), said=said, people=people)
        if not heard.rising:
            return told
        words = ", ".join(one.term for one in heard.rising[:3])
        return _("{sentence} New words: {words}.").format(sentence=told, words=words)

    @property
    def refused(self) -> str:
        """Return why no figure is proposed, nothing where one is."""
        return {
            "": "",
            "adjust.holds": _(
                "The present target still has even odds or better: no easier one is"
                " proposed. You may write one all the same."
            ),
            "adjust.no_landing": _(
                "There is no forecast for this objective: no figure is proposed. Write"
                " the one you have in mind."
            ),
            "adjust.done": _(
                "What is done already reaches the landing: no figure is proposed."
            ),
        }[self.found.proposal.refused]

    @property
    def typed(self) -> str:
        """Return the target as a field takes it."""
        if self.new is None:
            return ""
        if self.found.line.unit in RATES:
            number = f"{(self.new * 100).normalize():f}"
            return f"{number.replace('.', ',') if self.lang == 'fr' else number} %"
        return f"{self.new.normalize():f}"

    @property
    def credited(self) -> str:
        """Return what was done already and counts."""
        done = self.found.line.actual
        if not self.found.line.flow or not done or done <= 0:
            return ""
        return _("What is done already counts: {done} are credited.").format(
            done=self._value(done, self.found.line)
        )

    @property
    def priorities(self) -> str:
        """Return what matters now: the lever of the driver that weighs most."""
        key = self.found.proposal.lever
        return drivers()[key].lever.action[self.lang] if key else ""

    @property
    def text(self) -> str:
        """Return the reason in a sentence, as the history keeps it."""
        parts = [self.figures, self.cause, self.said]
        return " ".join(one for one in parts if one)[:500]

    @property
    def message(self) -> str:
        """Return the message to those concerned."""
        line = self.found.line
        changes = ""
        if self.new is not None and line.target is not None:
            changes = _("The target “{kpi}” goes from {former} to {new}.").format(
                kpi=self._label(line),
                former=self._value(line.target, line),
                new=self._value(self.new, line),
            )
        now = ""
        if self.priorities:
            now = _("What matters now: {what}.").format(
                what=self.priorities[0].lower() + self.priorities[1:].rstrip(".")
            )
        parts = [
            _("Hello everyone."),
            changes,
            _("Here is why."),
            self.figures,
            self.cause,
            self.said,
            self.credited,
            now,
            _(
                "Thank you for what you have done; let us talk about it at our next"
                " point."
            ),
        ]
        return " ".join(one for one in parts if one)

    def _named(self, one: Line) -> str:
        return _("{owner}, {kpi}").format(owner=one.owner_name, kpi=self._label(one))

    def _label(self, one: Line) -> str:
        return one.kpi_label.get(self.lang) or one.kpi

    def _value(self, value: Decimal | None, one: Line) -> str:
        if value is None:
            return "—"
        return figures.figure(
            value,
            one.unit,
            lang=self.lang,
            currency=one.currency or "EUR",
            reference=one.target,
        )

    def _apart(self, amount: Decimal, one: Line) -> str:
        return figures.difference(
            amount.quantize(EXACT),
            one.unit,
            lang=self.lang,
            currency=one.currency or "EUR",
            signed=True,
        )
