"""Between the rows of the database and the domain's alerts."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from jalon.domain.drift import alerts as domain
from jalon.records.alerts import Alert, AlertDeed
from jalon.records.evaluations import Evaluation
from jalon.records.objective_rows import BATCH, plain

SEEN, NOTED, ACTION = "seen", "noted", "action"
Owners = Collection[str] | None  # None: everybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert to keep, with what it rests on."""

    alert: domain.Alert
    probability: Decimal | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    snapshot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did about an alert."""

    by: str
    kind: str
    at: datetime.datetime
    text: str = ""
    objective: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An alert as it is kept; `latest` where it is the last word on its subject."""

    id: int
    about: str
    owner: str
    objective: str
    statement: str
    lang: str
    kpi: str
    state: str
    former: str
    change: str
    since: datetime.date
    fired_on: datetime.date
    probability: Decimal | None
    told: Mapping[str, Any]
    latest: bool
    deeds: tuple[Deed, ...]


def keep(raised: Iterable[Raised]) -> None:
    """Write alerts; a subject that has changed that day already is left as it is."""
    Alert.objects.bulk_create(
        [
            Alert(
                about=one.alert.about,
                owner=one.alert.owner,
                objective_id=one.alert.about.removeprefix(domain.OBJECTIVE)
                if one.alert.about.startswith(domain.OBJECTIVE)
                else None,
                state=one.alert.state,
                former=one.alert.former,
                change=one.alert.change.value,
                since=one.alert.since,
                fired_on=one.alert.fired_on,
                probability=one.probability,
                told=dict(one.told),
                snapshot=one.snapshot,
            )
            for one in raised
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def last_words(abouts: Collection[str] | None = None) -> dict[str, domain.Said]:
    """Return by subject its last state and the day it was said."""
    rows = _latest(Alert.objects.all())
    if abouts is not None and len(abouts) <= BATCH:
        rows = rows.filter(about__in=abouts)
    return {
        about: domain.Said(state, on)
        for about, state, on in rows.values_list("about", "state", "fired_on")
    }


def probabilities(
    ids: Collection[str], *, until: datetime.date
) -> dict[str, list[tuple[datetime.date, float]]]:
    """Return by objective the probability of each day, the last kept of a day."""
    rows = (
        Evaluation.objects.filter(on__lte=until, probability__isnull=False)
        .order_by("on", "id")
        .values_list("objective_id", "on", "probability")
    )
    if len(ids) <= BATCH:
        rows = rows.filter(objective_id__in=list(ids))
    found: dict[str, dict[datetime.date, float]] = {one: {} for one in ids}
    for objective, on, probability in rows:
        if objective in found and probability is not None:
            found[objective][on] = float(probability)
    return {one: sorted(days.items()) for one, days in found.items()}


def some(  # noqa: PLR0913 - the filters of a list
    owners: Owners,
    *,
    change: str = "",
    owner: str = "",
    objective: str = "",
    since: datetime.date | None = None,
    waiting: bool = False,
    ids: Collection[int] | None = None,
    most: int = 200,
) -> tuple[Kept, ...]:
    """Return the alerts of these owners, the newest first, with their deeds.

    `waiting` keeps the last words on their subjects that are bad news and that nobody
    has taken note of.
    """
    rows = _of(owners)
    if change:
        rows = rows.filter(change=change)
    if owner:
        rows = rows.filter(owner=owner)
    if objective:
        rows = rows.filter(objective_id=objective)
    if since is not None:
        rows = rows.filter(fired_on__gte=since)
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    if waiting:
        rows = _latest(rows).filter(change=domain.Change.WORSENING.value)
        done = AlertDeed.objects.filter(
            alert=OuterRef("pk"), kind__in=[NOTED, ACTION]
        ).order_by()
        rows = rows.filter(~Exists(done))
    deeds = Prefetch("deeds", AlertDeed.objects.order_by("at", "id"))
    rows = (
        rows.annotate(later=Exists(_later()))
        .select_related("objective")
        .prefetch_related(deeds)
        .order_by("-fired_on", "-id")[:most]
    )
    return tuple(_kept(row) for row in rows)


def owners_of(owners: Owners) -> frozenset[str]:
    """Return which of these owners have an alert, however old."""
    return frozenset(_of(owners).order_by().values_list("owner", flat=True).distinct())


def unseen(owners: Owners, *, by: str) -> int:
    """Return how many last words these owners have that somebody has not seen."""
    seen = AlertDeed.objects.filter(alert=OuterRef("pk"), by=by).order_by()
    return _latest(_of(owners)).filter(~Exists(seen)).count()


def add_deeds(ids: Iterable[int], deed: Deed, *, user: int | None) -> None:
    """Write what somebody did; what was seen or noted already stays as it was."""
    AlertDeed.objects.bulk_create(
        [
            AlertDeed(
                alert_id=one,
                user_id=user,
                by=deed.by,
                kind=deed.kind,
                at=deed.at,
                text=deed.text,
                objective=deed.objective,
            )
            for one in ids
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _of(owners: Owners) -> QuerySet[Alert]:
    rows = Alert.objects.all()
    return rows if owners is None else rows.filter(owner__in=list(owners))


def _later() -> QuerySet[Alert]:
    return Alert.objects.filter(
        about=OuterRef("about"), fired_on__gt=OuterRef("fired_on")
    ).order_by()


def _latest(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    return rows.filter(~Exists(_later()))


def _kept(row: Any) -> Kept:  # noqa: ANN401 - annotated with `later`
    deeds: Sequence[AlertDeed] = row.deeds.all()
    return Kept(
        id=row.pk,
        about=row.about,
        owner=row.owner,
        objective=row.objective_id or "",
        statement=row.objective.statement if row.objective else "",
        lang=row.objective.lang if row.objective else "",
        kpi=row.objective.kpi if row.objective else "",
        state=row.state,
        former=row.former,
        change=row.change,
        since=row.since,
        fired_on=row.fired_on,
        probability=plain(row.probability),
        told=row.told,
        latest=not row.later,
        deeds=tuple(
            Deed(
                by=one.by,
                kind=one.kind,
                at=one.at,
                text=one.text,
                objective=one.objective,
            )
            for one in deeds
        ),
    )
