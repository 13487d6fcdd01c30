"""Each delivered KPI stands on exactly one shelf."""

from __future__ import annotations

from collections import Counter

from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.families import FAMILIES, OWN, family_of


def test_each_delivered_kpi_stands_on_one_shelf() -> None:
    placed = Counter(key for keys in FAMILIES.values() for key in keys)

    assert set(placed) == set(delivered())
    assert set(placed.values()) == {1}


def test_a_kpi_of_the_company_stands_on_its_own_shelf() -> None:
    assert family_of("visites_salon") == OWN
