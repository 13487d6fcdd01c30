"""Effects add up to the change, equal published figures, and know zeros."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.gaps.chain import lmdi, shapley
from jalon.domain.gaps.mix import Part, rate_and_mix
from jalon.domain.gaps.prices import Product, price_volume_mix

SHARED = Path(__file__).parents[4] / "shared" / "examples" / "gap.json"
WORLDS = 10_000


def example(name: str) -> dict[str, Any]:
    """Return a shared example, or skip with a word."""
    if not SHARED.exists():
        pytest.skip("the shared examples are not beside the project")
    return {one["id"]: one for one in json.loads(SHARED.read_text())["examples"]}[name]


def products(given: dict[str, list[float]]) -> list[Product]:
    """Return products from columns of prices and quantities."""
    columns = zip(given["p0"], given["q0"], given["p1"], given["q1"], strict=True)
    return [Product(str(n), *column) for n, column in enumerate(columns)]


def test_the_published_price_volume_mix_is_met() -> None:
    """The public figures, by the standard convention and by the published one."""
    one = example("pvm-accountancyindex")
    sold = products(one["inputs"])
    found = price_volume_mix(sold)
    wanted = one["exact_three_way"]
    assert found.price == pytest.approx(wanted["price"], abs=1e-6)
    assert found.volume == pytest.approx(wanted["volume"], abs=1e-6)
    assert found.mix == pytest.approx(wanted["mix"], abs=1e-6)
    assert found.total == pytest.approx(one["published"]["total"], abs=1e-9)


def test_new_and_lost_products_stand_apart() -> None:
    """Neither a price nor a volume effect is theirs."""
    one = example("pvm-new-lost")
    found = price_volume_mix(products(one["inputs"]))
    wanted = one["exact"]
    assert (found.price, found.volume, found.mix, found.new, found.lost) == (
        pytest.approx(
            [wanted[name] for name in ("price", "volume", "mix", "new", "lost")]
        )
    )


def test_a_factor_that_becomes_zero_owns_the_whole_change() -> None:
    """The analytical limit, by both methods."""
    one = example("funnel-zero")
    before, after = one["inputs"]["x0"], one["inputs"]["x1"]
    assert lmdi(before, after) == one["lmdi"]
    assert shapley(before, after) == pytest.approx(one["shapley"])


def test_a_new_segment_is_all_mix() -> None:
    """Rate and mix by segment, as worked out by hand in the shared example."""
    one = example("ratio-new-segment")
    given = one["inputs"]
    parts = [
        Part(str(n), (n0, d0), (n1, d1))
        for n, (n0, d0, n1, d1) in enumerate(
            zip(given["n0"], given["d0"], given["n1"], given["d1"], strict=True)
        )
    ]
    found = rate_and_mix(parts)
    assert [effect.rate for effect in found] == pytest.approx(one["rate"])
    assert [effect.mix for effect in found] == pytest.approx(one["mix"])


def test_a_rate_rises_while_every_source_falls() -> None:
    """Public check: 8 % to 15 %, 5 to 3 and 20 to 18: rate -2 points, mix +9."""
    found = rate_and_mix(
        [Part("a", (4, 80), (0.6, 20)), Part("b", (4, 20), (14.4, 80))]
    )
    assert sum(effect.rate for effect in found) == pytest.approx(-0.02)
    assert sum(effect.mix for effect in found) == pytest.approx(0.09)


def test_effects_of_a_chain_add_up_to_its_change() -> None:
    """To 1e-9 of the largest product, by both methods, in 10,000 random worlds."""
    dice = random.Random(7)
    for _ in range(WORLDS):
        size = dice.randint(1, 5)
        before = [dice.choice((0.0, dice.uniform(0.01, 1e4))) for _ in range(size)]
        after = [dice.choice((0.0, dice.uniform(0.01, 1e4))) for _ in range(size)]
        change = math.prod(after) - math.prod(before)
        scale = max(1.0, math.prod(map(max, before, after)))
        assert abs(math.fsum(lmdi(before, after)) - change) < 1e-9 * scale
        assert abs(math.fsum(shapley(before, after)) - change) < 1e-9 * scale


def test_rate_and_mix_add_up_to_the_change_of_the_ratio() -> None:
    """Whatever segments appear or vanish, in 10,000 random worlds."""
    dice = random.Random(8)
    for _ in range(WORLDS):
        parts = [_part(dice, n) for n in range(dice.randint(1, 6))]
        parts.append(Part("kept", (1.0, 3.0), (1.0, 2.0)))
        was, now = (sum(p.was[k] for p in parts) for k in (0, 1))
        then, later = (sum(p.now[k] for p in parts) for k in (0, 1))
        found = math.fsum(effect.rate + effect.mix for effect in rate_and_mix(parts))
        assert abs(found - (then / later - was / now)) < 1e-9


def test_a_ratio_without_denominator_is_refused() -> None:
    """There is nothing to explain: the ratio has no value."""
    with pytest.raises(ValueError, match="no denominator"):
        rate_and_mix([Part("a", (0, 0), (1, 2))])


def test_price_volume_and_mix_add_up_to_the_change_of_sales() -> None:
    """New and lost products included, in 10,000 random worlds."""
    dice = random.Random(9)
    for _ in range(WORLDS):
        sold = [
            Product(
                str(n),
                dice.uniform(0.01, 1e4),
                float(dice.choice((0, dice.randint(1, 500)))),
                dice.uniform(0.01, 1e4),
                float(dice.choice((0, dice.randint(1, 500)))),
            )
            for n in range(dice.randint(0, 6))
        ]
        was = math.fsum(one.price_was * one.units_was for one in sold)
        now = math.fsum(one.price_now * one.units_now for one in sold)
        found = price_volume_mix(sold).total
        assert abs(found - (now - was)) < 1e-9 * max(was, now, 1)


def _part(dice: random.Random, rank: int) -> Part:
    tried_was = float(dice.choice((0, dice.randint(1, 500))))
    tried_now = float(dice.choice((0, dice.randint(1, 500))))
    return Part(
        str(rank),
        (float(dice.randint(0, int(tried_was))), tried_was),
        (float(dice.randint(0, int(tried_now))), tried_now),
    )
