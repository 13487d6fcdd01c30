"""A funnel in words and drawings, ready for its page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.stage import share_bar, still_there
from jalon.domain.gaps.shares import Share
from jalon.domain.gaps.stages import AGES, Stage
from jalon.locale import figures
from jalon.queries.deal_lives import OPENED, WON
from jalon.queries.funnel_page import Funnel, Group, groups_by_cut, next_month
from jalon.web.components.cells import worded
from jalon.web.components.figures import NOTHING, column_name, counted
from jalon.web.language import current

LEAST_DAYS = 30
REACH = 0.1  # curves are drawn until one deal in ten is still there


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage, told and drawn."""

    name: str
    entered: int
    still: int
    share: str
    interval: str
    before: str
    median: str
    median_interval: str
    bar: SafeString
    curve: SafeString


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One value of a dimension, told."""

    name: str
    closed: int
    share: str
    interval: str
    rest: str
    median: str
    median_interval: str
    verdict: str


class Reading:
    """A funnel as its page tells it."""

    def __init__(self, found: Funnel) -> None:
        self.found = found

    @property
    def headline(self) -> str:
        """Return the win rate, with what it was."""
        now, was = self.found.closed, self.found.closed_before
        if now.value is None:
            return _("No deal was closed in this window.")
        told = {"share": _percent(now.value)}
        told |= {"closed": counted(now.tried), "won": counted(now.won)}
        if was.value is None:
            return _("Win rate {share}: {won} won of {closed} closed.").format(**told)
        return _(
            "Win rate {share} ({won} won of {closed} closed), {before} in the window "
            "before."
        ).format(before=_percent(was.value), **told)

    @property
    def bottleneck(self) -> str:
        """Return the stage whose share moving on fell most, in a sentence."""
        worst = self.found.bottleneck
        if worst is None:
            return _(
                "No stage lets clearly fewer deals through than in the window before."
            )
        was = next(one for one in self.found.before if one.name == worst.name)
        return _(
            "The stage to look at: {stage}, {now} of deals move on instead of {before}."
        ).format(
            stage=stage_name(worst.name),
            now=_percent(worst.moved.value or 0.0),
            before=_percent(was.moved.value or 0.0),
        )

    @property
    def stages(self) -> list[StageRow]:
        """Return the stages in their order."""
        until = self._until()
        return [
            _stage(one, was, until)
            for one, was in zip(self.found.stages, self.found.before, strict=True)
        ]

    @property
    def over(self) -> list[str]:
        """Return the groups that deserve priority, in sentences."""
        best = sorted(self.found.over, key=lambda one: one.chance)
        return [
            _("{cut} {name}: {share} won, {rest} elsewhere ({closed} closed)").format(
                cut=cut_name(one.cut),
                name=_value(one),
                share=_percent(one.closed.value or 0.0),
                rest=_percent(one.rest.value or 0.0),
                closed=one.closed.tried,
            )
            for one in best
        ]

    @property
    def compared(self) -> int:
        """Return how many groups were looked at together."""
        return self.found.compared

    @property
    def cuts(self) -> list[tuple[str, list[GroupRow]]]:
        """Return the groups of each dimension."""
        return [
            (cut_name(cut), [_group(one) for one in some])
            for cut, some in groups_by_cut(self.found.groups)
        ]

    @property
    def ages(self) -> list[str]:
        """Return the heads of the table of cohorts."""
        return [_("{days} days").format(days=age) for age in AGES]

    @property
    def cohorts(self) -> list[tuple[str, int, list[tuple[str, str]]]]:
        """Return each month's deals, the share won by age and its interval."""
        return [
            (
                figures.period_name(day, next_month(day), lang=current()),
                cohort.opened,
                [
                    (NOTHING, "")
                    if one is None
                    else (_percent(one), _between(interval))
                    for one, interval in zip(cohort.won, cohort.intervals, strict=True)
                ],
            )
            for day, cohort in self.found.cohorts
        ]

    @property
    def stuck(self) -> list[tuple[str, str, str, str, str]]:
        """Return the stuck deals: name, owner, stage, days told, amount."""
        return [
            (
                one.name,
                one.owner,
                stage_name(one.stage),
                _("{days} days, usually {usual}").format(
                    days=one.days, usual=one.usual
                ),
                figures.figure(
                    Decimal(str(one.amount)),
                    "money",
                    lang=current(),
                    currency=one.currency or "EUR",
                ),
            )
            for one in self.found.stuck
        ]

    @property
    def stuck_words(self) -> str:
        """Return how many deals are stuck."""
        count = self.found.stuck_in_all
        if not count:
            return _("No open deal stays longer in its stage than three in four did.")
        return _(
            "{count} open deals stay longer in their stage than three in four did; "
            "the largest come first."
        ).format(count=count)

    def _until(self) -> int:
        ends = [
            one.curve.when(REACH) or one.curve.days[-1] for one in self.found.stages
        ]
        return max([*ends, LEAST_DAYS])


def cut_name(cut: str) -> str:
    """Return a dimension's name, as a title."""
    return column_name("product_id" if cut == "product" else cut).capitalize()


def stage_name(name: str) -> str:
    """Return a stage's name; ours where the company names none."""
    return {OPENED: _("Opened"), WON: _("Signed")}.get(name, name)


def _stage(one: Stage, was: Stage, until: int) -> StageRow:
    name, moved = stage_name(one.name), one.moved
    share = NOTHING if moved.value is None else _percent(moved.value)
    before = NOTHING if was.moved.value is None else _percent(was.moved.value)
    median = NOTHING if one.median is None else _("{days} days").format(days=one.median)
    told = {"stage": name, "share": share, "before": before, "days": median}
    bar = ""
    if moved.value is not None and moved.interval is not None:
        title = _("{stage}: {share} move on, {before} before").format(**told)
        bar = share_bar(moved.value, moved.interval, was.moved.value, title=title)
    title = _("{stage}: half have left after {days}").format(**told)
    drawn, between = one.curve, (one.curve.low, one.curve.high)
    curve = still_there(drawn.days, drawn.still, between, until=until, title=title)
    return StageRow(
        name=name,
        entered=one.entered,
        still=one.still,
        share=share,
        interval=_interval(moved),
        before=before,
        median=median,
        median_interval=_days_between(one.curve.median_interval),
        bar=mark_safe(bar),  # noqa: S308 - escaped by charts.svg
        curve=mark_safe(curve),  # noqa: S308 - escaped by charts.svg
    )


def _group(one: Group) -> GroupRow:
    verdict = ""
    if one.stands_out:
        verdict = _("above the rest") if one.above else _("below the rest")
    return GroupRow(
        name=_value(one),
        closed=one.closed.tried,
        share=_percent(one.closed.value or 0.0),
        interval=_interval(one.closed),
        rest=_percent(one.rest.value or 0.0),
        median=NOTHING if one.median is None else str(one.median),
        median_interval=_days_between(one.between),
        verdict=verdict,
    )


def _value(one: Group) -> str:
    """Return a group's name; the kinds of deals are words of ours."""
    return worded(f"value.{one.name}", one.name) if one.cut == "kind" else one.name


def _interval(share: Share) -> str:
    return _between(share.interval) or NOTHING


def _between(found: tuple[float, float] | None) -> str:
    if found is None:
        return ""
    return _("{low} to {high}").format(low=_percent(found[0]), high=_percent(found[1]))


def _days_between(found: tuple[int | None, int | None]) -> str:
    """Return the interval of a median; "" without a lower end, or within the day."""
    low, high = found
    if low is None or low == high:
        return ""
    if high is None:
        return _("{low} or more").format(low=low)
    return _("{low} to {high}").format(low=low, high=high)


def _percent(share: float) -> str:
    return figures.percent(Decimal(str(share)), lang=current(), digits=0)
