"""Customers and prospects: invented firms with a sector, a region and a size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from jalon.demo import company
from jalon.demo.rows import Row
from jalon.demo.sampling import one_of

_WEIGHTS = {
    company.SME: {company.SMALL: 92.0, company.MIDDLE: 8.0},
    company.KEY_ACCOUNTS: {company.MIDDLE: 74.0, company.LARGE: 26.0},
}


@dataclass(frozen=True, slots=True)
class Account:
    """A firm that buys or might buy."""

    account_id: str
    name: str
    segment: str
    sector: str
    region: str
    country: str
    size: str
    channel: str
    created_on: date

    @property
    def currency(self) -> str:
        """Return the currency its deals are in."""
        return "CHF" if self.country == "CH" else company.CURRENCY


class Register:
    """The accounts made so far; names are never given twice."""

    def __init__(self, rng: Random, *, focus_on: date) -> None:
        """From `focus_on` on, health is looked for more than before."""
        self._rng = rng
        self._focus_on = focus_on
        self._names: set[str] = set()
        self.accounts: list[Account] = []

    def opened(self, *, team_id: str, created_on: date) -> Account:
        """Return a new firm of the kind a team sells to."""
        rng = self._rng
        segment = one_of(_WEIGHTS[team_id], rng)
        sectors = {name: float(weight) for name, weight in company.SECTORS.items()}
        if created_on >= self._focus_on:
            sectors[company.HEALTH] *= 3.2
        sector = one_of(sectors, rng)
        regions = company.REGIONS
        region, country, _ = rng.choices(regions, [weight for *_, weight in regions])[0]
        account = Account(
            account_id=f"A{len(self.accounts) + 1:05d}",
            name=self._named(sector, region, large=segment == company.LARGE),
            segment=segment,
            sector=sector,
            region=region,
            country=country,
            size=rng.choice(company.SIZES[segment]),
            channel=one_of({c: float(w) for c, w in company.CHANNELS.items()}, rng),
            created_on=created_on,
        )
        self.accounts.append(account)
        return account

    def _named(self, sector: str, region: str, *, large: bool) -> str:
        rng = self._rng
        while True:
            family = rng.choice(company.FAMILIES)
            town = rng.choice(company.FOREIGN_TOWNS.get(region, company.TOWNS))
            trade = rng.choice(company.TRADES[sector])
            name = f"Groupe {family}" if large else f"{trade} {family}"
            if name in self._names:
                name = f"{name} {town}"
            if name in self._names:
                name = f"{name} {rng.choice(('et Fils', '& Cie', 'SAS'))}"
            if name not in self._names:
                self._names.add(name)
                return name


def account_rows(accounts: list[Account], owners: Mapping[str, str]) -> list[Row]:
    """Return the table of accounts; `owners` gives the person of each."""
    return [
        {
            "account_id": account.account_id,
            "name": account.name,
            "segment": account.segment,
            "sector": account.sector,
            "region": account.region,
            "country": account.country,
            "size": account.size,
            "owner_id": owners.get(account.account_id),
            "channel": account.channel,
            "created_on": account.created_on,
        }
        for account in accounts
    ]
