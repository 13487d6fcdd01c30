"""Sales that changed: price, volume, mix, new and lost products.

Convention of cost accounting, shown beside every figure because others exist: the
price effect is at the new quantities, volume and mix at the old prices.
Σ (p1 - p0) q1 + (Q1 - Q0) P0 + (Σ p0 q1 - Q1 P0) + new - lost = the whole change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
