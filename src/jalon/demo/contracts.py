"""What follows a win: contracts renewed or not, add-ons, invoices and credit notes.

A subscription row is one term; the next term of the same contract is another row, so
that renewals, expansions and contractions can be counted by their own dates.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from jalon.demo import company
from jalon.demo.accounts import Account, Register
from jalon.demo.calendar import Timeline
from jalon.demo.deals import KEY_NEW, Deal, Seller
from jalon.demo.rows import Row
from jalon.demo.sampling import Quota, spread_over
from jalon.demo.staff import Staff

RECURRING = 0.52  # the part of a first contract that comes back each year
LOSS = {12: 0.092, 24: 0.13}  # terms not renewed, by their length in months
FORMER = {company.SME: 240, company.KEY_ACCOUNTS: 26}  # customers of before
_COST = {True: 0.62, False: 0.17}  # of services, of licences


@dataclass(frozen=True, slots=True)
class Term:
    """One term of one contract; `renewed` is None while it is not due."""

    subscription_id: str
    account: Account
    person_id: str
    product_id: str
    first: date
    after: date | None
    months: int
    mrr: float
    due_on: date | None
    renewed: bool | None
    deal: Deal | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Every term, and the deals made with customers."""

    terms: list[Term]
    deals: list[Deal]


@dataclass(order=True, slots=True)
class _Due:
    """A term running, ordered by when it is due."""

    due_on: date
    contract: int
    rank: int
    begun: date = field(compare=False)
    first: date = field(compare=False)
    account: Account = field(compare=False)
    product_id: str = field(compare=False)
    months: int = field(compare=False)
    mrr: float = field(compare=False)
    deal: Deal | None = field(compare=False)
    by_deal: bool = field(compare=False)


class Contracts:
    """Lets contracts run, term after term, to the day given."""

    def __init__(self, time: Timeline, staff: Staff, rng: Random) -> None:
        self._time = time
        self._staff = staff
        self._rng = rng
        self._numbers = count(1)
        self._losses = {months: Quota() for months in LOSS}

    def former(self, register: Register) -> list[_Due]:
        """Return the contracts of customers won before the three years told."""
        found = []
        for team_id, number in FORMER.items():
            months, mean = (
                (24, 1100.0) if team_id == company.KEY_ACCOUNTS else (12, 360.0)
            )
            for mrr in spread_over(number, mean=mean, deviation=0.5, rng=self._rng):
                started = self._time.first - timedelta(
                    days=self._rng.randrange(1, 30 * months)
                )
                known = started - timedelta(days=self._rng.randrange(30, 900))
                account = register.opened(team_id=team_id, created_on=known)
                found.append(self._due(account, started, months, mrr, None))
        return found

    def signed(self, deals: Sequence[Deal]) -> list[_Due]:
        """Return the contracts of the new customers."""
        return [self._from(deal) for deal in deals if deal.won]

    def _from(self, deal: Deal) -> _Due:
        months = 24 if deal.stream is KEY_NEW else 12
        mrr = deal.amount * RECURRING / months
        return self._due(deal.account, deal.ends_on, months, mrr, deal)

    def _due(
        self, account: Account, first: date, months: int, mrr: float, deal: Deal | None
    ) -> _Due:
        premium = account.segment != company.SMALL
        product = company.PREMIUM if premium else company.FACTURATION
        return _Due(
            due_on=later(first, months),
            contract=next(self._numbers),
            rank=1,
            begun=first,
            first=first,
            account=account,
            product_id=deal.product_id if deal else product,
            months=months,
            mrr=round(mrr, 2),
            deal=deal,
            by_deal=deal is not None and months > 12,  # noqa: PLR2004
        )

    def run(self, begun: list[_Due], seller: Seller) -> Portfolio:
        """Return every term up to the day given, and the renewals negotiated."""
        heapq.heapify(begun)
        terms: list[Term] = []
        deals: list[Deal] = []
        while begun:
            due = heapq.heappop(begun)
            over = due.due_on <= self._time.on
            lost = over and self._losses[due.months].of(LOSS[due.months]) == 1
            if due.by_deal:
                amount = max(600, round(due.mrr * due.months))
                deal = seller.renewal(
                    due.account, due_on=due.due_on, amount=amount, renewed=not lost
                )
                deals += [deal] if deal else []
            terms.append(self._term(due, over=over, lost=lost))
            if over and not lost:
                heapq.heappush(begun, self._next(due))
        return Portfolio(terms, deals)

    def _term(self, due: _Due, *, over: bool, lost: bool) -> Term:
        return Term(
            subscription_id=f"S{due.contract:05d}-{due.rank}",
            account=due.account,
            person_id=self._keeper(due.account, due.begun),
            product_id=due.product_id,
            first=due.first,
            after=due.due_on if over else None,
            months=due.months,
            mrr=due.mrr,
            due_on=due.due_on - timedelta(days=1),  # the last day it covers
            renewed=not lost if over else None,
            deal=due.deal if due.rank == 1 else None,
        )

    def _next(self, due: _Due) -> _Due:
        chance = self._rng.random()
        change = 0.8 if chance < 0.07 else 1.15 if chance > 0.94 else 1.0  # noqa: PLR2004
        return _Due(
            due_on=later(due.due_on, due.months),
            contract=due.contract,
            rank=due.rank + 1,
            begun=due.begun,
            first=due.due_on,
            account=due.account,
            product_id=due.product_id,
            months=due.months,
            mrr=round(due.mrr * change, 2),
            deal=due.deal,
            by_deal=due.by_deal,
        )

    def _keeper(self, account: Account, begun: date) -> str:
        """Return who looks after a customer: one person, there since it began."""
        on, earliest = self._time.on, self._time.first
        there = self._staff.of_team(company.RETENTION, max(begun, earliest), on)
        return there[int(account.account_id[1:]) % len(there)].person_id

    def add_ons(self, portfolio: Portfolio, seller: Seller) -> Portfolio:
        """Return the portfolio with the deals sold to customers, and their terms."""
        customers = _lives(portfolio.terms)
        terms, deals = list(portfolio.terms), list(portfolio.deals)
        for closing in seller.base_closings():
            live = [
                (account, after)
                for account, first, after in customers
                if first < closing.created_on - timedelta(days=60)
                and (after is None or after > closing.ends_on)
            ]
            if not live:
                continue
            account, after = live[self._rng.randrange(len(live))]
            deal = seller.sold_to(closing, account)
            deals.append(deal)
            if deal.won:
                terms.append(self._add_on(deal, after))
        return Portfolio(terms, deals)

    def _add_on(self, deal: Deal, after: date | None) -> Term:
        return Term(
            subscription_id=f"S{next(self._numbers):05d}-1",
            account=deal.account,
            person_id=deal.owner.person_id,
            product_id=deal.product_id,
            first=deal.ends_on,
            after=after if after and after <= self._time.on else None,
            months=12,
            mrr=round(deal.amount * 0.75 / 12, 2),
            due_on=None,
            renewed=None,
            deal=deal,
        )


def later(day: date, months: int) -> date:
    """Return the same day some months later, the 28th at the latest."""
    rank = day.year * 12 + day.month - 1 + months
    return date(rank // 12, rank % 12 + 1, min(day.day, 28))


def _lives(terms: Sequence[Term]) -> list[tuple[Account, date, date | None]]:
    """Return each customer won in a deal, since when, and until when."""
    lives: dict[str, tuple[Account, date, date | None]] = {}
    for term in terms:
        known = lives.get(term.account.account_id)
        if known is None and term.deal is None:
            continue
        first = known[1] if known else term.first
        after = term.after if term.renewed is False else None
        lives[term.account.account_id] = (term.account, first, after)
    return list(lives.values())


def subscription_rows(terms: Sequence[Term]) -> list[Row]:
    """Return the table of subscriptions."""
    return [
        {
            "subscription_id": term.subscription_id,
            "account_id": term.account.account_id,
            "person_id": term.person_id,
            "product_id": term.product_id,
            "first": term.first,
            "after": term.after,
            "mrr": f"{term.mrr:.2f}",
            "currency": term.account.currency,
            "renewal_due_on": term.due_on,
            "renewed": term.renewed,
        }
        for term in terms
    ]


def invoice_rows(terms: Sequence[Term], time: Timeline, rng: Random) -> list[Row]:
    """Return the invoice lines, one invoice a year of contract, with credit notes."""
    rows: list[Row] = []
    for term in terms:
        for rank in range(5):
            day = later(term.first, 12 * rank) if rank else term.first
            ended = day >= term.after if term.after else rank * 12 >= term.months
            if term.due_on is None:
                ended = term.after is not None and day >= term.after
            if ended or day > time.on:
                break
            if day >= time.first:
                rows += _invoice(term, day, first=rank == 0)
    rows += list(_credits(rows, time, rng))
    return rows


def _invoice(term: Term, day: date, *, first: bool) -> Iterator[Row]:
    order_id = f"F{day.year}-{term.subscription_id}-{day.month:02d}"
    lines = [(term.product_id, term.mrr * 12)]
    if first and term.deal:
        recurring = term.mrr * term.months
        extra = max(0.0, term.deal.amount - recurring)
        shares = ((company.SET_UP, 0.63), (company.TRAINING, 0.37))
        lines += [(product, extra * share) for product, share in shares]
    seller = term.deal.owner.person_id if term.deal and first else term.person_id
    deal_id = term.deal.deal_id if term.deal and first else None
    for rank, (product_id, amount) in enumerate(lines, start=1):
        price = next(row[5] for row in company.PRODUCTS if row[0] == product_id)
        cost = amount * _COST[product_id in company.SERVICES]
        yield {
            "order_id": order_id,
            "line_id": str(rank),
            "account_id": term.account.account_id,
            "person_id": seller,
            "deal_id": deal_id,
            "product_id": product_id,
            "on": day,
            "quantity": max(1, round(amount / price)),
            "amount": f"{amount:.2f}",
            "cost": f"{cost:.2f}",
            "currency": term.account.currency,
            "channel": term.account.channel,
            "region": term.account.region,
            "segment": term.account.segment,
            "sector": term.account.sector,
            "country": term.account.country,
        }


def _credits(rows: Sequence[Row], time: Timeline, rng: Random) -> Iterator[Row]:
    """Give back a part of one invoice in sixty."""
    heads = [row for row in rows if row["line_id"] == "1"]
    for row in rng.sample(heads, len(heads) // 60):
        day = row["on"]
        if not isinstance(day, date):
            continue
        given_on = day + timedelta(days=rng.randrange(10, 60))
        if given_on > time.on:
            continue
        part = -rng.choice((0.1, 0.15, 0.25, 1.0))
        yield row | {
            "order_id": f"AV-{row['order_id']}",
            "on": given_on,
            "quantity": -1 if part == -1 else 0,
            "amount": f"{float(str(row['amount'])) * part:.2f}",
            "cost": f"{float(str(row['cost'])) * part:.2f}",
        }
