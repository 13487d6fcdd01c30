"""Leads: where the deals come from, and all those that never became one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from random import Random

from jalon.demo import company
from jalon.demo.calendar import Timeline, busyness
from jalon.demo.deals import SME_NEW, Deal
from jalon.demo.rows import Row
from jalon.demo.sampling import Quota, one_of
from jalon.demo.staff import Staff, ramp

_SEGMENTS = {company.SMALL: 82.0, company.MIDDLE: 14.0, company.LARGE: 4.0}
_BORN_A_LEAD = {True: 0.78, False: 0.55}  # of SME deals, of key accounts
_A_MONTH = 265  # leads that come to nothing, in the last year


class Prospecting:
    """Draws the leads."""

    def __init__(self, time: Timeline, staff: Staff, rng: Random) -> None:
        self._time = time
        self._staff = staff
        self._rng = rng
        self._numbers = count(1)

    def rows(self, deals: Sequence[Deal]) -> list[Row]:
        """Return the leads of the new deals, then those that became nothing."""
        rng = self._rng
        born = [
            self._of_deal(deal)
            for deal in deals
            if rng.random() < _BORN_A_LEAD[deal.stream is SME_NEW]
        ]
        return born + self._vain()

    def _of_deal(self, deal: Deal) -> Row:
        rng, account = self._rng, deal.account
        sales_on = deal.created_on
        marketing_on = sales_on - timedelta(days=rng.randrange(1, 12))
        created_on = marketing_on - timedelta(days=rng.randrange(14))
        return self._row(created_on) | {
            "account_id": account.account_id,
            "owner_id": self._owner(created_on, sales_on),
            "channel": account.channel,
            "segment": account.segment,
            "sector": account.sector,
            "region": account.region,
            "marketing_qualified_on": marketing_on,
            "sales_qualified_on": sales_on,
            "converted_on": deal.ends_on if deal.won else None,
            "deal_id": deal.deal_id,
            "lost_on": deal.ends_on if deal.outcome == "lost" else None,
        }

    def _vain(self) -> list[Row]:
        time, quota = self._time, Quota()
        year = time.between(time.on - timedelta(days=364), time.on)
        factor = _A_MONTH * 12 / sum(busyness(day, time.on) for day in year)
        return [
            self._lost(day)
            for day in time.between(time.first, time.on)
            for _ in range(quota.of(factor * busyness(day, time.on)))
        ]

    def _lost(self, created_on: date) -> Row:
        rng, on = self._rng, self._time.on
        qualified = created_on + timedelta(days=rng.randrange(1, 15))
        given_up = created_on + timedelta(days=rng.randrange(20, 75))
        sectors = {name: float(weight) for name, weight in company.SECTORS.items()}
        channels = {name: float(weight) for name, weight in company.CHANNELS.items()}
        marketing = rng.random() < 0.42 and qualified <= on  # noqa: PLR2004
        return self._row(created_on) | {
            "owner_id": self._owner(created_on, created_on),
            "channel": one_of(channels, rng),
            "segment": one_of(_SEGMENTS, rng),
            "sector": one_of(sectors, rng),
            "region": rng.choices(company.REGIONS, [w for *_, w in company.REGIONS])[0][
                0
            ],
            "marketing_qualified_on": qualified if marketing else None,
            "lost_on": given_up if given_up <= on else None,
        }

    def _row(self, created_on: date) -> Row:
        return {"lead_id": f"L{next(self._numbers):05d}", "created_on": created_on}

    def _owner(self, first: date, last: date) -> str:
        rng, on = self._rng, self._time.on
        there = self._staff.of_team(company.PROSPECTING, first, last)
        weights = [ramp(person, first, on) * person.skill for person in there]
        return rng.choices(there, weights)[0].person_id
