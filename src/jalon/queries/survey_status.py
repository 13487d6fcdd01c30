"""The surveys there are, how far each went, and what a team said of its engagement."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from jalon.domain.feedback.asking import WAVE, Nps, counted, shown
from jalon.domain.feedback.surveys import ANONYMOUS_UNDER
from jalon.queries.organisation import organisation
from jalon.queries.snapshots import NoDataError
from jalon.records.surveys import (
    BOUNCED,
    SENT,
    EngagementAnswer,
    LeftAlone,
    Survey,
)
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A survey: how many were asked, answered by the button or a click, came back."""

    key: str
    name: str
    kind: str
    trigger: str
    delay_days: int
    quiet_days: int
    active: bool
    sent: int
    answered: int
    clicked: int
    bounced: int

    @property
    def rate(self) -> Decimal | None:
        """Return the share of those asked who answered."""
        return Decimal(self.answered) / self.sent if self.sent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One engagement survey that has ended, as a whole and by team."""

    wave: datetime.date
    answers: int
    enough: bool
    mean: Decimal | None
    nps: Nps | None
    teams: tuple[tuple[str, Decimal, int], ...]
    hidden: int
    words: tuple[str, ...]


def sendings() -> tuple[Sending, ...]:
    """Return every survey and how far it went, the latest first."""
    sent = Q(requests__state__in=(SENT, BOUNCED))
    rows = Survey.objects.annotate(
        asked=Count("requests", filter=sent),
        given=Count("requests", filter=Q(requests__answered=True)),
        only_clicked=Count(
            "requests",
            filter=Q(requests__answered=True, requests__confirmed=False)
            & ~Q(requests__score=None),
        ),
        back=Count("requests", filter=Q(requests__state=BOUNCED)),
    ).order_by("-at", "key")
    return tuple(
        Sending(
            key=row.key,
            name=row.name,
            kind=row.kind,
            trigger=row.trigger,
            delay_days=row.delay_days,
            quiet_days=row.quiet_days,
            active=row.active,
            sent=row.asked,
            answered=row.given,
            clicked=row.only_clicked,
            bounced=row.back,
        )
        for row in rows
    )


def is_left_alone(address: str) -> bool:
    """Return whether an address is not written to any more."""
    return LeftAlone.objects.filter(address=address).exists()


def waves(workspace: Workspace, *, on: datetime.date) -> tuple[Wave, ...]:
    """Return the engagement surveys that have ended, the latest first.

    Before its end nothing is told: two looks would tell the answer that came between.
    A team under five is not shown, nor one that would let another be deduced; words
    are shown without their team, in alphabetical order.
    """
    rows = EngagementAnswer.objects.filter(wave__lte=on - WAVE).order_by("key")
    held: dict[datetime.date, list[tuple[str, int, str]]] = defaultdict(list)
    for wave, team, score, comment in rows.values_list(
        "wave", "team_id", "score", "comment"
    ):
        held[wave].append((team, score, comment))
    names = _team_names(workspace, on)
    return tuple(
        _wave(wave, said, names) for wave, said in sorted(held.items(), reverse=True)
    )


def _wave(
    wave: datetime.date, said: list[tuple[str, int, str]], names: Mapping[str, str]
) -> Wave:
    scores: dict[str, list[int]] = defaultdict(list)
    for team, score, _comment in said:
        scores[team].append(score)
    told = shown({team: len(some) for team, some in scores.items()})
    everybody = [score for some in scores.values() for score in some]
    whole = bool(told) or len(everybody) >= ANONYMOUS_UNDER
    return Wave(
        wave=wave,
        answers=len(everybody) if whole else 0,
        enough=whole,
        mean=_mean(everybody) if whole else None,
        nps=counted(everybody) if whole else None,
        teams=tuple(
            sorted(
                (names.get(team, team), _mean(scores[team]), len(scores[team]))
                for team in told
            )
        ),
        hidden=len(scores) - len(told),
        words=tuple(sorted(one for _team, _score, one in said if one)) if whole else (),
    )


def _mean(scores: list[int]) -> Decimal:
    return Decimal(sum(scores)) / len(scores)


def _team_names(workspace: Workspace, on: datetime.date) -> Mapping[str, str]:
    try:
        return {one.team_id: one.name for one in organisation(workspace, on=on).teams}
    except NoDataError:
        return {}
