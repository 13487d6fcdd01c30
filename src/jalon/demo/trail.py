"""The trail a deal leaves: stages entered, skipped, left backwards, dates put off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from jalon.demo import company
from jalon.demo.calendar import Timeline, at_work
from jalon.demo.deals import KEY_NEW, SME_NEW, Deal
from jalon.demo.rows import Row
from jalon.demo.staff import Staff

STAGES = ("Découverte", "Qualification", "Démonstration", "Proposition", "Négociation")
WON, LOST = "Gagnée", "Perdue"
_SHARE_OF_CYCLE = (0.0, 0.12, 0.34, 0.58, 0.8)
_CATEGORIES = ("pipeline", "pipeline", "best_case", "best_case", "commit")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history of a deal."""

    at: datetime
    stage: str
    expected_on: date


@dataclass(frozen=True, slots=True)
class Story:
    """A deal and its steps, oldest first."""

    deal: Deal
    steps: tuple[Step, ...]

    @property
    def stage(self) -> str:
        """Return the stage it is in."""
        return self.steps[-1].stage

    def entered(self, stage: str) -> date | None:
        """Return when it first entered a stage."""
        return next((s.at.date() for s in self.steps if s.stage == stage), None)


def story(deal: Deal, time: Timeline, rng: Random) -> Story:
    """Return the history of a deal up to the day given."""
    promised = _promised(deal, time, rng)
    steps = [Step(at_work(deal.created_on, rng), STAGES[0], promised)]
    for stage, day in _path(deal, time, rng):
        moved = _after(steps[-1].at, day, rng)
        if day >= promised:
            promised = time.worked(day + timedelta(days=rng.randrange(7, 35)))
        steps.append(Step(moved, stage, promised))
    put_off = rng.random() < (0.45 if time.in_story(deal.ends_on) else 0.2)
    if put_off:
        steps = _postponed(deal, steps, time, rng)
    if deal.closed:
        at = _after(steps[-1].at, deal.ends_on, rng)
        steps.append(Step(at, WON if deal.won else LOST, deal.ends_on))
    return Story(deal, tuple(steps))


def _promised(deal: Deal, time: Timeline, rng: Random) -> date:
    """Return the close date first written: an optimistic one."""
    length = (deal.ends_on - deal.created_on).days
    first = deal.created_on + timedelta(days=round(length * rng.uniform(0.75, 1.1)))
    return time.worked(max(first, deal.created_on))


def _path(deal: Deal, time: Timeline, rng: Random) -> Iterator[tuple[str, date]]:
    """Say which stages were entered when: some skipped, a few gone back to."""
    length = (deal.ends_on - deal.created_on).days
    last = len(STAGES) if deal.outcome != "lost" else rng.choice((1, 2, 3, 3, 4, 4, 5))
    if deal.stream not in (SME_NEW, KEY_NEW):
        last = max(last, 4)
    for rank in range(1, last):
        if rng.random() < 0.1 and rank < last - 1:  # noqa: PLR2004
            continue
        share = _SHARE_OF_CYCLE[rank] + rng.uniform(-0.05, 0.05)
        day = time.worked(deal.created_on + timedelta(days=round(length * share)))
        if day > min(deal.ends_on, time.on):
            return
        yield STAGES[rank], day
        back = time.worked(day + timedelta(days=2))
        if rank > 1 and rng.random() < 0.05 and back <= min(deal.ends_on, time.on):  # noqa: PLR2004
            yield STAGES[rank - 1], back


def _postponed(
    deal: Deal, steps: list[Step], time: Timeline, rng: Random
) -> list[Step]:
    last = steps[-1]
    day = time.worked(last.at.date() + timedelta(days=rng.randrange(2, 12)))
    if day >= min(deal.ends_on, time.on):
        return steps
    later = time.worked(max(last.expected_on, day) + timedelta(days=21))
    return [*steps, Step(at_work(day, rng), last.stage, later)]


def _after(at: datetime, day: date, rng: Random) -> datetime:
    """Return a moment of a day, always past the step before."""
    return max(at_work(day, rng), at + timedelta(minutes=7))


def deal_rows(stories: Sequence[Story], time: Timeline) -> list[Row]:
    """Return the table of deals."""
    return [_deal_row(story, time) for story in stories]


def _deal_row(story: Story, time: Timeline) -> Row:
    deal, account = story.deal, story.deal.account
    category = "closed" if deal.won else "omitted"
    if not deal.closed:
        category = _CATEGORIES[STAGES.index(story.stage)]
    expected = story.steps[-1].expected_on
    if not deal.closed and expected < time.on - timedelta(days=20):
        expected = deal.ends_on
    return {
        "deal_id": deal.deal_id,
        "account_id": account.account_id,
        "owner_id": deal.owner.person_id,
        "name": f"{account.name} – {_product_name(deal.product_id)}",
        "kind": deal.kind,
        "pipeline": deal.stream.pipeline,
        "stage": story.stage,
        "amount": deal.amount,
        "currency": account.currency,
        "product_id": deal.product_id,
        "channel": account.channel,
        "created_on": deal.created_on,
        "qualified_on": story.entered(STAGES[1]),
        "expected_close_on": expected,
        "closed_on": deal.ends_on if deal.closed else None,
        "outcome": deal.outcome,
        "lost_reason": deal.lost_reason,
        "competitor": deal.competitor,
        "forecast_category": category,
        "segment": account.segment,
        "sector": account.sector,
        "region": account.region,
    }


def _product_name(product_id: str) -> str:
    return next(row[1] for row in company.PRODUCTS if row[0] == product_id)


def stage_rows(stories: Sequence[Story]) -> list[Row]:
    """Return the table of stage changes."""
    return [
        {
            "deal_id": story.deal.deal_id,
            "at": step.at,
            "stage": step.stage,
            "amount": story.deal.amount,
            "expected_close_on": step.expected_on,
            "owner_id": story.deal.owner.person_id,
            "origin": "observed",
        }
        for story in stories
        for step in story.steps
    ]


def share_rows(
    deals: Sequence[Deal], staff: Staff, time: Timeline, rng: Random
) -> list[Row]:
    """Return the deals shared by two people: a few, most of them key accounts."""
    rows: list[Row] = []
    for deal in deals:
        if rng.random() >= (0.12 if deal.stream is KEY_NEW else 0.01):
            continue
        last = min(deal.ends_on, time.on)
        helpers = [
            person
            for person in staff.of_team(company.SME, deal.created_on, last)
            if person is not deal.owner
        ]
        part = rng.choice((20, 30, 40, 50))
        pairs = ((deal.owner, 100 - part), (rng.choice(helpers), part))
        rows += [
            {
                "deal_id": deal.deal_id,
                "person_id": person.person_id,
                "share": f"0.{share}",
            }
            for person, share in pairs
        ]
    return rows
