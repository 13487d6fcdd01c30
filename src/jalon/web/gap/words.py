"""A gap in words and figures, ready for its page and its spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.waterfall import Part, Waterfall
from jalon.charts.waterfall import waterfall as draw
from jalon.domain.gaps.funnel import Driver, Effect, drivers, lever_of_slice
from jalon.domain.gaps.slices import Slice
from jalon.locale import figures
from jalon.queries.gap_analysis import MOVEMENTS, PRICES, RATE_MIX, Gap
from jalon.queries.pages import Line
from jalon.web.components.cells import Cell
from jalon.web.language import current

FIGURES = Decimal("0.0001")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One driver: what it owns of the gap, and its lever."""

    label: str
    amount: str
    weighs: bool  # it takes from the figure
    lever: str
    action: str

    @property
    def effect(self) -> str:
        """Return what the lever should win back, as a plan writes it."""
        return f"{self.label} {self.amount}"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One team or person: its own gap and the driver that weighs most."""

    name: str
    gap: str
    worst: str


@dataclass(frozen=True, slots=True)
class SuspectRow:
    """One slice: its wins beside those expected, how sure that is, and its lever."""

    label: str
    told: str
    seldom: bool  # chance alone seldom shows as much
    sure: str
    lever: str
    action: str
    effect: str


class Reading:
    """A gap as its page tells it."""

    def __init__(self, found: Gap, line: Line) -> None:
        self._found, self._line = found, line

    @property
    def actual(self) -> str:
        """Return the actual figure."""
        return self._said(self._found.actual)

    @property
    def reference(self) -> str:
        """Return what it is compared with."""
        return self._said(self._found.reference)

    @property
    def gap(self) -> str:
        """Return the gap, signed."""
        return self._signed(float(self._found.amount))

    @property
    def behind(self) -> bool:
        """Return whether the gap is bad news."""
        down = self._line.direction == "down"
        return self._found.amount > 0 if down else self._found.amount < 0

    @property
    def convention(self) -> str:
        """Return how the gap was shared between its drivers, in words."""
        if self._found.convention == RATE_MIX:
            return _(
                "Convention: the rate effect is the change of each group's own rate at "
                "its mean weight; the mix effect is the change of weights, at mean "
                "rates. They add up to the change exactly."
            )
        if self._found.convention == PRICES:
            return _(
                "Convention: the price effect is counted at the new quantities, volume "
                "and mix at the old prices; products sold in one period only stand "
                "apart. They add up to the gap exactly."
            )
        if self._found.convention == MOVEMENTS:
            return _(
                "Convention: movements between the last day compared with and the last "
                "day read, customer by customer. They add up to the gap exactly."
            )
        return _(
            "Convention: the figure is the product of its drivers; each owns its part "
            "of the change in logarithms (LMDI), whatever the order. They add up to "
            "the gap exactly."
        )

    @property
    def compared(self) -> str:
        """Return which days the drivers are compared with."""
        days = self._found.reference_period
        return _("Drivers are compared with {first} to {last}.").format(
            first=figures.day(days.first, lang=current()),
            last=figures.day(days.after - ONE_DAY, lang=current()),
        )

    @property
    def drivers(self) -> list[DriverRow]:
        """Return the drivers in the order of the funnel."""
        return [self._driver(one) for one in self._found.effects]

    @property
    def levers(self) -> list[DriverRow]:
        """Return the drivers that weigh, the heaviest first."""
        bad = [one for one in self._found.effects if self._weighs(one.amount)]
        heaviest = sorted(bad, key=lambda one: -abs(one.amount))
        return [self._driver(one) for one in heaviest]

    @property
    def groups(self) -> list[GroupRow]:
        """Return teams or people, the furthest behind first."""
        sign = -1 if self._line.direction == "down" else 1
        return [
            GroupRow(
                name=self._name(one.labels),
                gap=self._signed(one.gap),
                worst=self._worst(one.effects),
            )
            for one in sorted(self._found.slices, key=lambda one: sign * one.gap)
        ]

    @property
    def suspects(self) -> list[SuspectRow]:
        """Return where the win rate fell beyond the general change."""
        return [_suspect(one) for one in self._found.suspects]

    @property
    def chart(self) -> SafeString:
        """Return the waterfall twice, for a desk and for a phone."""
        chart = Waterfall(
            title=_("From {reference} to {actual}").format(
                reference=self.reference, actual=self.actual
            ),
            description=_("Each bar is what a driver adds to the figure or takes."),
            start=Part(_("Reference"), self._found.reference),
            parts=[
                Part(self._about(one).label[current()], _exact(one.amount))
                for one in self._found.effects
            ],
            end=Part(_("Actual"), self._found.actual),
            say=self._said,
            say_signed=lambda value: self._signed(float(value)),
        )
        wide = draw(chart, width=900, names=260, figures=110)
        small = draw(chart, width=350, names=150, figures=86)
        both = f'<div class="path-wide">{wide}</div>'
        both += f'<div class="path-narrow">{small}</div>'
        return mark_safe(both)  # noqa: S308 - escaped by charts.svg

    def tables(self) -> list[tuple[str, Sequence[Sequence[Cell]]]]:
        """Return the drivers and the groups as tables of a spreadsheet."""
        head: Sequence[Cell] = (_("Driver"), _("Effect"), _("Lever"))
        rows: list[Sequence[Cell]] = [
            (
                self._about(one).label[current()],
                _exact(one.amount),
                self._about(one).lever.label[current()],
            )
            for one in self._found.effects
        ]
        who: Sequence[Cell] = (_("Who"), _("Gap"), "")
        groups: list[Sequence[Cell]] = [
            (self._name(one.labels), _exact(one.gap), "") for one in self._found.slices
        ]
        return [
            (_("Drivers"), [head, *rows]),
            *([(_("Groups"), [who, *groups])] if groups else []),
        ]

    def _driver(self, one: Effect) -> DriverRow:
        about = self._about(one)
        return DriverRow(
            label=about.label[current()],
            amount=self._signed(one.amount),
            weighs=self._weighs(one.amount),
            lever=about.lever.label[current()],
            action=about.lever.action[current()],
        )

    def _weighs(self, amount: float) -> bool:
        return amount > 0 if self._line.direction == "down" else amount < 0

    def _worst(self, found: Sequence[Effect]) -> str:
        bad = [one for one in found if self._weighs(one.amount)]
        if not bad:
            return ""
        worst = max(bad, key=lambda one: abs(one.amount))
        return f"{self._about(worst).label[current()]} {self._signed(worst.amount)}"

    @staticmethod
    def _about(one: Effect) -> Driver:
        return drivers()[one.driver]

    @staticmethod
    def _name(labels: dict[str, str | None]) -> str:
        return " · ".join(label or _("(unknown)") for label in labels.values())

    def _said(self, value: Decimal) -> str:
        return figures.figure(
            value, self._found.unit, lang=current(), currency=self._currency
        )

    def _signed(self, amount: float) -> str:
        return figures.difference(
            _exact(amount),
            self._found.unit,
            lang=current(),
            currency=self._currency,
            signed=True,
        )

    @property
    def _currency(self) -> str:
        return self._found.currency or self._line.currency or "EUR"


def _suspect(one: Slice) -> SuspectRow:
    name = " · ".join(label for _key, label in one.keys)
    lever = lever_of_slice([key for key, _label in one.keys])
    told = _("{won} won of {closed} closed, {expected} expected")
    sure = _("seldom chance") if one.seldom else _("may be chance")
    effect = _("{slice}: {lost} fewer deals won than expected")
    return SuspectRow(
        label=name,
        told=told.format(
            won=round(one.won), closed=round(one.tried), expected=_score(one.expected)
        ),
        seldom=one.seldom,
        sure=sure,
        lever=lever.label[current()],
        action=f"{lever.action[current()]} ({name})",
        effect=effect.format(slice=name, lost=_score(one.lost)),
    )


def _score(value: float) -> str:
    return figures.bare(Decimal(str(round(value, 1))), "score", lang=current())


def _exact(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(FIGURES)
