"""A person's coaching page in words and drawings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.stage import share_bar
from jalon.domain.gaps.coaching import Step
from jalon.domain.gaps.funnel import levers
from jalon.domain.gaps.shares import Share
from jalon.locale import figures
from jalon.queries.coaching import Coaching
from jalon.web.components.figures import NOTHING
from jalon.web.funnel.words import stage_name
from jalon.web.language import current


@dataclass(frozen=True, slots=True)
class StepRow:
    """One stage, told and drawn."""

    name: str
    counted: str
    share: str
    beside: str
    days: str
    bar: SafeString


class Reading:
    """What the page says."""

    def __init__(self, found: Coaching) -> None:
        self.found = found

    @property
    def headline(self) -> str:
        """Return the win rate, past and team beside it."""
        found = self.found
        return _(
            "Win rate {own} over twelve months ({won} won of {closed} closed); {past} "
            "the year before; {team} for the rest of the team."
        ).format(
            own=_share(found.closed),
            won=found.closed.won,
            closed=found.closed.tried,
            past=_share(found.closed_before),
            team=_share(found.closed_team),
        )

    @property
    def advice(self) -> str:
        """Return the one stage where help pays most, in a sentence."""
        first = self.found.help_first
        if first is None:
            return _(
                "No stage is surely below the team's: nothing to correct here, rather "
                "something to share."
            )
        return _(
            "Help pays most at {stage}: {share} move on against {team} in the team, "
            "surely below at {sure}. At the team's share, about {gain} more deals won "
            "in a year."
        ).format(
            stage=stage_name(first.name),
            share=_percent(first.share),
            team=_share(first.team),
            sure=_percent(first.below),
            gain=figures.bare(
                Decimal(str(round(first.gain, 1))), "score", lang=current()
            ),
        )

    @property
    def lever(self) -> str:
        """Return what can be tried there together."""
        first = self.found.help_first
        if first is None:
            return ""
        lever = levers()[first.lever]
        return _("{lever}: {action}").format(
            lever=lever.label[current()], action=lever.action[current()]
        )

    @property
    def steps(self) -> list[StepRow]:
        """Return the stages in their order."""
        return [_step(one) for one in self.found.steps]


def _step(one: Step) -> StepRow:
    name = stage_name(one.name)
    bar, interval = "", one.own.interval
    if interval is not None:
        title = _("{stage}: {share}, the team {team}").format(
            stage=name, share=_percent(one.share), team=_share(one.team)
        )
        bar = share_bar(one.share, interval, one.team.value, title=title)
    return StepRow(
        name=name,
        counted=_("{won} of {tried} moved on").format(
            won=one.own.won, tried=one.own.tried
        ),
        share=_percent(one.share),
        beside=_("own past {past}, team {team}").format(
            past=_share(one.past), team=_share(one.team)
        ),
        days=_("{days} days here, {team} in the team").format(
            days=NOTHING if one.days is None else one.days,
            team=NOTHING if one.team_days is None else one.team_days,
        ),
        bar=mark_safe(bar),  # noqa: S308 - escaped by charts.svg
    )


def _share(share: Share) -> str:
    return NOTHING if share.value is None else _percent(share.value)


def _percent(share: float) -> str:
    return figures.percent(Decimal(str(share)), lang=current(), digits=0)
