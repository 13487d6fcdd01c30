"""Deals: how many close when, won by whom, after how long, and since when it is harder.

A stream is one way of selling. Closings are placed on days first, creation follows from
the length of the cycle; what closes after the day given is still open on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from jalon.demo import company
from jalon.demo.accounts import Account, Register
from jalon.demo.calendar import HORIZON_DAYS, Timeline, busyness, month_of
from jalon.demo.company import Person
from jalon.demo.sampling import Quota, evenly, one_of, picked, spread_over
from jalon.demo.staff import Staff, ramp


@dataclass(frozen=True, slots=True)
class Stream:
    """One way of selling; `slump` and `stretch` multiply its figures in the story.

    `yearly` is the number of closings of the last year, `cycle` the mean days of those
    won, `amount` their mean.
    """

    key: str
    team_id: str
    pipeline: str
    yearly: float
    win: float
    cycle: float
    amount: float
    deviation: float
    slump: float
    stretch: float
    calm: float  # closings of the story's weeks, against their usual number


SME_NEW = Stream(
    "pme", company.SME, "Nouveaux clients", 1340, 0.205, 40, 8500, 0.55, 0.77, 1.5, 0.95
)
KEY_NEW = Stream(
    "gc", company.KEY_ACCOUNTS, "Grands comptes", 245, 0.2, 86, 52000, 0.6, 0.8, 1.4, 1
)
BASE = Stream(
    "base", company.RETENTION, "Base installée", 200, 0.42, 24, 11500, 0.5, 0.95, 1.2, 1
)
RENEWALS = Stream(
    "ren", company.RETENTION, "Renouvellements", 0, 0.9, 45, 0, 0.4, 1, 1, 1
)


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal; `ends_on` is when it closes, in truth, even if that day is ahead."""

    deal_id: str
    stream: Stream
    kind: str
    account: Account
    owner: Person
    product_id: str
    amount: int
    created_on: date
    ends_on: date
    outcome: str
    lost_reason: str | None
    competitor: str | None

    @property
    def closed(self) -> bool:
        """Return whether it was won or lost by the day given."""
        return self.outcome != "open"

    @property
    def won(self) -> bool:
        """Return whether it was won by the day given."""
        return self.outcome == "won"


@dataclass(frozen=True, slots=True)
class _Closing:
    """A deal before it has an account: its days, its end and its seller."""

    stream: Stream
    created_on: date
    ends_on: date
    won: bool
    amount: int
    owner: Person


class Seller:
    """Draws the deals of the company, in order."""

    def __init__(self, time: Timeline, staff: Staff, rng: Random) -> None:
        self.time = time
        self._staff = staff
        self._rng = rng
        self._numbers = count(1)

    def new_business(self, register: Register) -> list[Deal]:
        """Return the deals with firms that were not customers, oldest first."""
        closings = [*self._closings(SME_NEW), *self._closings(KEY_NEW)]
        closings.sort(key=lambda closing: (closing.created_on, closing.ends_on))
        tried: list[tuple[date, Account, str]] = []
        deals = []
        for closing in closings:
            account = self._prospect(closing, tried, register)
            deal = self._signed(closing, account, kind="new")
            deals.append(deal)
            if deal.outcome == "lost":
                tried.append((deal.ends_on, account, closing.stream.key))
        return deals

    def _prospect(
        self,
        closing: _Closing,
        tried: list[tuple[date, Account, str]],
        register: Register,
    ) -> Account:
        before = closing.created_on - timedelta(days=90)
        if tried and self._rng.random() < 0.3:  # noqa: PLR2004
            rank = self._rng.randrange(len(tried))
            lost_on, account, key = tried[rank]
            if lost_on <= before and key == closing.stream.key:
                tried.pop(rank)
                return account
        known = closing.created_on - timedelta(days=self._rng.randrange(45))
        return register.opened(team_id=closing.stream.team_id, created_on=known)

    def base_closings(self) -> list[_Closing]:
        """Return the deals to be placed with customers, oldest first."""
        return sorted(self._closings(BASE), key=lambda closing: closing.created_on)

    def sold_to(self, closing: _Closing, account: Account) -> Deal:
        """Return a deal of more, or of something else, with a customer."""
        kind = self._rng.choice(("upsell", "upsell", "cross_sell"))
        return self._signed(closing, account, kind=kind)

    def renewal(
        self, account: Account, *, due_on: date, amount: int, renewed: bool
    ) -> Deal | None:
        """Return the deal that renews a large contract; none if it is too early."""
        time, rng = self.time, self._rng
        begun = due_on - timedelta(days=rng.randrange(48, 66))
        if begun > time.on:
            return None
        created_on = time.worked(begun)
        ends_on = time.worked(due_on - timedelta(days=rng.randrange(1, 18)))
        if created_on > time.on:
            return None
        sellers = self._staff.of_team(
            company.RETENTION, created_on, min(ends_on, time.on)
        )
        owner = sellers[rng.randrange(len(sellers))]
        closing = _Closing(RENEWALS, created_on, ends_on, renewed, amount, owner)
        return self._signed(closing, account, kind="renewal")

    def _signed(self, closing: _Closing, account: Account, *, kind: str) -> Deal:
        outcome = "won" if closing.won else "lost"
        if closing.ends_on > self.time.on:
            outcome = "open"
        reason, rival = self._rivalry(closing, outcome)
        return Deal(
            deal_id=f"D{next(self._numbers):05d}",
            stream=closing.stream,
            kind=kind,
            account=account,
            owner=closing.owner,
            product_id=self._product(closing, kind),
            amount=closing.amount,
            created_on=closing.created_on,
            ends_on=closing.ends_on,
            outcome=outcome,
            lost_reason=reason,
            competitor=rival,
        )

    def _product(self, closing: _Closing, kind: str) -> str:
        rng = self._rng
        launched = self.time.on - timedelta(days=company.RECENT_DAYS)
        if kind in ("new", "renewal"):
            large = closing.stream in (KEY_NEW, RENEWALS)
            premium = rng.random() < (0.75 if large else 0.3)
            if kind == "new" and not large and closing.created_on >= launched:
                products = {company.FACTURATION: 5.0, company.PREMIUM: 3.0}
                return one_of(products | {company.E_INVOICE: 2.0}, rng)
            return company.PREMIUM if premium else company.FACTURATION
        weights = {company.TREASURY: 35.0, company.DASHBOARDS: 30.0}
        weights[company.SIGNATURE] = 20.0
        if closing.created_on >= launched:
            weights[company.E_INVOICE] = 170.0
        return one_of(weights, rng)

    def _rivalry(
        self, closing: _Closing, outcome: str
    ) -> tuple[str | None, str | None]:
        """Return why it was lost and against whom it ran."""
        rng, late = self._rng, self.time.in_story(closing.ends_on)
        new = closing.stream in (SME_NEW, KEY_NEW)
        met, facing = (0.5, 0.82) if late and new else (0.2, 0.12)
        if rng.random() >= met:
            reasons = {name: float(w) for name, w in company.LOST_REASONS.items()}
            return (one_of(reasons, rng) if outcome == "lost" else None), None
        others = company.OTHER_RIVALS
        rival = company.RIVAL if rng.random() < facing else rng.choice(others)
        return ("Concurrent" if outcome == "lost" else None), rival

    def _closings(self, stream: Stream) -> Iterator[_Closing]:
        """Draw the closings of a stream, by month so that its rates hold each month."""
        groups: dict[tuple[date, bool, bool], list[date]] = defaultdict(list)
        for day in self._days(stream):
            late, ahead = self.time.in_story(day), day > self.time.on
            groups[(month_of(day), late, ahead)].append(day)
        quota = Quota()
        for (_, late, _), days in groups.items():
            wins = quota.of(stream.win * (stream.slump if late else 1) * len(days))
            yield from self._group(stream, days, wins, late=late)

    def _days(self, stream: Stream) -> Iterator[date]:
        """Spread the closings of a stream over the working days."""
        time = self.time
        last = time.on + timedelta(days=HORIZON_DAYS)
        year = time.between(time.on - timedelta(days=364), time.on)
        factor = stream.yearly / sum(busyness(day, time.on) for day in year)
        quota = Quota()
        for day in time.between(time.first, last):
            calm = stream.calm if time.story <= day <= time.on else 1
            yield from [day] * quota.of(factor * calm * busyness(day, time.on))

    def _group(
        self, stream: Stream, days: list[date], wins: int, *, late: bool
    ) -> Iterator[_Closing]:
        rng = self._rng
        sellers = [self._weighted(stream, day) for day in days]
        skills = [person.skill for person in sellers]
        won = self._won(days, skills, wins) if late else picked(skills, wins, rng)
        drawn = {
            True: self._drawn(stream, wins, late=late),
            False: self._drawn(stream, len(days) - wins, late=late, lost=1.1),
        }
        for rank, (day, seller) in enumerate(zip(days, sellers, strict=True)):
            length, amount = drawn[rank in won].pop()
            begun = self._begun(stream, day, length, seller)
            if begun is not None:
                created_on, owner = begun
                yield _Closing(stream, created_on, day, rank in won, amount, owner)

    def _won(self, days: list[date], skills: list[float], wins: int) -> frozenset[int]:
        """Return the ranks of the deals won, as many a week as the week has deals."""
        weeks: dict[tuple[int, int], list[int]] = defaultdict(list)
        for rank, day in enumerate(days):
            weeks[day.isocalendar()[:2]].append(rank)
        quota, found = Quota(), set[int]()
        for ranks in weeks.values():
            some = quota.of(wins * len(ranks) / len(days))
            chosen = picked([skills[rank] for rank in ranks], some, self._rng)
            found |= {ranks[place] for place in chosen}
        return frozenset(found)

    def _drawn(
        self, stream: Stream, number: int, *, late: bool, lost: float = 1.0
    ) -> list[tuple[float, int]]:
        """Return the days and the amount of so many deals; `lost` lengthens both.

        In the story every week is slow, not some of them by chance.
        """
        cycle = stream.cycle * lost * (stream.stretch if late else 1)
        lengths = spread_over(number, mean=cycle, deviation=0.45, rng=self._rng)
        lengths = evenly(lengths) if late else lengths
        amounts = spread_over(
            number,
            mean=stream.amount * lost,
            deviation=stream.deviation,
            rng=self._rng,
        )
        sizes = [max(600, round(amount / 100) * 100) for amount in amounts]
        return list(zip(lengths, sizes, strict=True))

    def _begun(
        self, stream: Stream, day: date, length: float, owner: Person
    ) -> tuple[date, Person] | None:
        """Return when the deal began and who leads it; none if it is yet to begin."""
        time = self.time
        begun = time.worked(day - timedelta(days=max(2, round(length))))
        begun = min(begun, day)
        if begun > time.on:
            return None
        there = self._staff.of_team(stream.team_id, begun, min(day, time.on))
        if owner not in there:
            weights = [ramp(person, begun, time.on) for person in there]
            owner = self._rng.choices(there, weights)[0]
        return begun, owner

    def _weighted(self, stream: Stream, day: date) -> Person:
        """Draw who closes that day, by capacity and time since arrival."""
        on = self.time.on
        team = self._staff.of_team(stream.team_id, min(day, on), min(day, on))
        away = self._staff.away
        there = [person for person in team if (person.person_id, day) not in away]
        there = there or list(team)
        weights = [
            float(person.capacity) * ramp(person, min(day, on), on) for person in there
        ]
        return self._rng.choices(there, weights)[0]
