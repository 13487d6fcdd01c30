"""Sales that changed: price, volume, mix, new and lost products.

Convention of cost accounting, shown beside every figure because others exist: the
price effect is at the new quantities, volume and mix at the old prices.
Σ (p1 - p0) q1 + (Q1 - Q0) P0 + (Σ p0 q1 - Q1 P0) + new - lost = the whole change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jalon.domain.gaps.funnel import Effect

SEEN = 0.005  # what is left, in money, below which nothing is said


@dataclass(frozen=True, slots=True)
class Product:
    """Unit price and quantity of a product, in the two periods."""

    key: str
    price_was: float
    units_was: float
    price_now: float
    units_now: float

    @property
    def stays(self) -> bool:
        """Return whether it was sold in both periods."""
        return self.units_was > 0 and self.units_now > 0


@dataclass(frozen=True, slots=True)
class PriceVolumeMix:
    """The five effects, which add up to the change of sales."""

    price: float
    volume: float
    mix: float
    new: float
    lost: float

    @property
    def total(self) -> float:
        """Return the whole change."""
        return self.price + self.volume + self.mix + self.new + self.lost


def price_volume_mix(products: Sequence[Product]) -> PriceVolumeMix:
    """Return the five effects of a change of sales."""
    kept = [one for one in products if one.stays]
    units_was = sum(one.units_was for one in kept)
    units_now = sum(one.units_now for one in kept)
    sold_was = sum(one.price_was * one.units_was for one in kept)
    mean_price = sold_was / units_was if units_was else 0.0
    at_old_prices = sum(one.price_was * one.units_now for one in kept)
    return PriceVolumeMix(
        price=sum((one.price_now - one.price_was) * one.units_now for one in kept),
        volume=(units_now - units_was) * mean_price,
        mix=at_old_prices - units_now * mean_price,
        new=sum(
            one.price_now * one.units_now for one in products if one.units_was <= 0
        ),
        lost=-sum(
            one.price_was * one.units_was for one in products if one.units_now <= 0
        ),
    )


def merged(sold: Sequence[Product]) -> list[Product]:
    """Return each product once: units added up, prices their mean by units."""
    sums: dict[str, list[float]] = {}
    for one in sold:
        cells = sums.setdefault(one.key, [0.0] * 4)
        was, now = one.price_was * one.units_was, one.price_now * one.units_now
        for at, cell in enumerate((was, one.units_was, now, one.units_now)):
            cells[at] += cell
    return [
        Product(
            key,
            was / units_was if units_was else 0.0,
            units_was,
            now / units_now if units_now else 0.0,
            units_now,
        )
        for key, (was, units_was, now, units_now) in sums.items()
    ]


def price_effects(sold: Sequence[Product], change: float) -> tuple[Effect, ...]:
    """Return the effects as drivers that add up to `change`.

    What has no product or no units is a driver of its own.
    """
    found = price_volume_mix(sold)
    named = {
        "price": found.price,
        "units": found.volume,
        "product_mix": found.mix,
        "new_products": found.new,
        "lost_products": found.lost,
    }
    rest = change - math.fsum(named.values())
    if abs(rest) >= SEEN:
        named["without_units"] = rest
        rest = 0.0
    told = [Effect(name, None, None, amount) for name, amount in named.items()]
    largest = max(range(len(told)), key=lambda rank: abs(told[rank].amount))
    told[largest] = replace(told[largest], amount=told[largest].amount + rest)
    return tuple(told)
