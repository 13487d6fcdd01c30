"""What surrounds sales: products, marketing spend, market sizes, the Swiss franc."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

from jalon.demo import company
from jalon.demo.calendar import Timeline, months, next_month
from jalon.demo.rows import Row

# channel: euros a month, in the last year
_SPEND = {
    company.WEB: 43500,
    "Prospection": 18600,
    "Webinaire": 12900,
    "Salon": 23400,
    "Partenaire": 15600,
    "Recommandation": 2700,
}
_SEGMENT_PARTS = {company.SMALL: 0.6, company.MIDDLE: 0.28, company.LARGE: 0.12}
_MARKET = 620_000_000  # euros in the last year, every segment together


def product_rows(time: Timeline) -> list[Row]:
    """Return the table of products."""
    return [
        {
            "product_id": product_id,
            "name": name,
            "line": line,
            "offer": offer,
            "launched_on": time.on - timedelta(days=age),
            "list_price": price,
            "cost": cost,
        }
        for product_id, name, line, offer, age, price, cost in company.PRODUCTS
    ]


def spend_rows(time: Timeline, rng: Random) -> list[Row]:
    """Return the spend by month, channel and segment; the running month so far."""
    rows: list[Row] = []
    tomorrow = time.on + timedelta(days=1)
    for month in months(time.first, time.on):
        after = min(next_month(month), tomorrow)
        part = (after - month).days / (next_month(month) - month).days
        fairs = {3: 1.9, 9: 1.7, 10: 1.5}.get(month.month, 0.8)
        for channel, usual in _SPEND.items():
            season = fairs if channel == "Salon" else 1.0
            for segment, share in _SEGMENT_PARTS.items():
                amount = usual * share * season * part * rng.uniform(0.9, 1.1)
                rows.append(
                    {
                        "first": month,
                        "after": after,
                        "channel": channel,
                        "segment": segment,
                        "amount": f"{amount:.2f}",
                        "currency": company.CURRENCY,
                        "attributes": _visits(channel, amount),
                    }
                )
    return rows


def _visits(channel: str, amount: float) -> str | None:
    """Return what the site's money brought: a visit for 2.40 euros."""
    return f'{{"visits": {round(amount / 2.4)}}}' if channel == company.WEB else None


def market_rows(time: Timeline) -> list[Row]:
    """Return the size of the market by year, segment, sector and region."""
    sectors, regions = company.SECTORS, company.REGIONS
    whole = sum(sectors.values()) * sum(weight for *_, weight in regions)
    return [
        {
            "segment": segment,
            "sector": sector,
            "region": region,
            "first": date(year, 1, 1),
            "after": date(year + 1, 1, 1),
            "size": round(
                _MARKET * 1.06 ** (year - time.on.year) * part * size * weight / whole,
                -3,
            ),
            "currency": company.CURRENCY,
            "reference": f"Estimation interne, étude de marché {year}",
        }
        for year in range(time.first.year, time.on.year + 1)
        for segment, part in _SEGMENT_PARTS.items()
        for sector, size in sectors.items()
        for region, _, weight in regions
    ]


def rate_rows(time: Timeline) -> list[Row]:
    """Return what a Swiss franc was worth in euros each working day."""
    first = time.first - timedelta(days=1100)
    return [
        {
            "currency": "CHF",
            "on": day,
            "rate": f"{_franc(rank):.6f}",
        }
        for rank, day in enumerate(time.between(first, time.on))
    ]


def _franc(rank: int) -> float:
    """Return a franc in euros on the working day of a rank: a calm wave."""
    return 1.05 + 0.025 * math.sin(rank / 97) + 0.006 * math.sin(rank / 11)
