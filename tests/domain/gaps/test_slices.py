"""The slice finder: what it names, how sure it is, and the lever it leads to."""

from __future__ import annotations

import numpy as np
import pytest

from jalon.domain.gaps.funnel import drivers, lever_of_slice, levers
from jalon.domain.gaps.slices import Cell, scan
from jalon.queries.gap_analysis import DIMENSIONS

REGIONS, SECTORS = "NSEO", "abcde"


def _cells(draw: np.random.Generator, *, fallen: str = "") -> list[Cell]:
    """Twenty cells of forty closings, three in ten won; one region may lose most."""
    found = []
    for region in REGIONS:
        for sector in SECTORS:
            now = 0.06 if region == fallen else 0.30
            won = draw.binomial(40, 0.30), draw.binomial(40, now)
            found.append(
                Cell({"region": region, "sector": sector}, 40, won[0], 40, won[1])
            )
    return found


def test_a_region_that_fell_is_named_first_and_is_no_accident() -> None:
    cells = _cells(np.random.default_rng(1), fallen="S")
    first = scan(cells, ("region", "sector"))[0]
    assert first.keys == (("region", "S"),)
    assert first.tried == 200
    assert first.lost > 20
    assert first.chance < 0.001
    assert first.seldom


def test_quiet_quarters_are_seldom_called_more_than_chance() -> None:
    """The bound holds: in at most one quiet world in ten is any slice named so."""
    named = 0
    for seed in range(300):
        cells = _cells(np.random.default_rng(seed))
        named += any(one.seldom for one in scan(cells, ("region", "sector")))
    assert named <= 30


def test_every_lever_is_led_to_by_a_driver_or_a_slice() -> None:
    led = {one.lever.key for one in drivers().values()}
    led |= {lever_of_slice([one]).key for one in DIMENSIONS}
    assert led == set(levers())


@pytest.mark.parametrize(
    ("dimensions", "lever"),
    [
        pytest.param(["region"], "territories", id="a region is a territory"),
        pytest.param(["person", "region"], "territories", id="the last one decides"),
        pytest.param(["sector"], "segmentation", id="a sector is a segment"),
        pytest.param(["product"], "offer", id="a product is the offer"),
        pytest.param(["channel"], "qualification", id="a channel brings its leads"),
        pytest.param(["person"], "pitch", id="a person has a pitch"),
    ],
)
def test_a_slice_leads_to_its_lever(dimensions: list[str], lever: str) -> None:
    assert lever_of_slice(dimensions).key == lever
