"""Whole trees: teams and people, rates, proposals, cushions, levers of a funnel."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.cascade.descent import cascaded
from jalon.domain.cascade.outcome import Bound, Cascade, Cause
from jalon.domain.cascade.plan import (
    Cushion,
    Measure,
    Method,
    Node,
    Plan,
    measured,
)
from jalon.domain.refusals import Refusal

REVENUE = measured("revenue", unit="money", kind="sum")
WIN_RATE = measured("win_rate", unit="share", kind="ratio")
LEADS = measured("leads", unit="count", kind="sum")
BASKET = measured("average_basket", unit="money", kind="mean")
LEVERS = {"leads": LEADS, "win_rate": WIN_RATE, "average_basket": BASKET}


def _n(key: str, parent: str = "", **given: object) -> Node:
    numbers = {
        name: Decimal(str(value)) if isinstance(value, int | float) else value
        for name, value in given.items()
    }
    return Node(key, parent, **numbers)  # type: ignore[arg-type]


def _cascade(
    target: float,
    *nodes: Node,
    measure: Measure = REVENUE,
    method: str = "history",
    cushion: Cushion | None = None,
) -> Cascade:
    plan = Plan(
        measure, Decimal(str(target)), Method(method), cushion or Cushion(), nodes
    )
    return cascaded(plan, lambda node: LEVERS.get(node.kpi, measure))


def _targets(found: Cascade) -> dict[str, float]:
    return {each.id: float(each.target) for each in found.given}


TREE = (
    _n("company"),
    _n("A", "company"),
    _n("B", "company"),
    _n("a1", "A", history=300),
    _n("a2", "A", history=100),
    _n("b1", "B", history=500),
    _n("b2", "B", history=100),
)


def test_a_tree_is_shared_by_history_to_the_cent() -> None:
    found = _targets(_cascade(1000.01, *TREE))
    assert found == {
        "company": 1000.01,
        "A": 400.0,  # 400.004
        "B": 600.01,  # 600.006
        "a1": 300.0,
        "a2": 100.0,
        "b1": 500.01,
        "b2": 100.0,
    }


def test_a_new_hire_counts_as_an_average_neighbour_on_ramp() -> None:
    found = _cascade(
        300, _n("old", history=100), _n("peer", history=100), _n("new", ramp=0.5)
    )
    assert _targets(found) == {"old": 120, "peer": 120, "new": 60}
    assert found.of("new").how.guessed


def test_a_locked_figure_stays_and_the_others_share_the_rest() -> None:
    found = _cascade(
        100,
        _n("a", history=1, locked=37.5),
        _n("b", history=1),
        _n("c", history=1),
    )
    assert _targets(found) == {"a": 37.5, "b": 31.25, "c": 31.25}
    assert found.of("a").how.bound is Bound.LOCKED


def test_what_no_step_divides_goes_to_the_largest() -> None:
    hundreds = measured("revenue", unit="money", kind="sum", step=Decimal(100))
    found = _cascade(1050, _n("a", history=2), _n("b", history=1), measure=hundreds)
    assert _targets(found) == {"a": 750, "b": 300}


def test_a_ceiling_below_holds_the_team_and_the_rest_goes_beside() -> None:
    nodes = (
        *TREE[:5],
        _n("b1", "B", history=500, ceiling=150),
        _n("b2", "B", history=100, ceiling=50),
    )
    found = _cascade(1000, *nodes)
    assert _targets(found)["B"] == 200
    assert _targets(found)["A"] == 800
    assert found.of("B").how.bound is Bound.BELOW
    assert not found.unmet


def test_what_cannot_be_met_is_told_with_its_cause() -> None:
    found = _cascade(
        100, _n("a", history=1, ceiling=30), _n("b", history=1, ceiling=40)
    )
    (unmet,) = found.unmet
    assert (unmet.cause, unmet.reached, unmet.missing) == (Cause.CEILINGS, 70, 30)


def test_floors_above_the_target_are_told() -> None:
    found = _cascade(100, _n("a", history=1, floor=80), _n("b", history=1, locked=70))
    (unmet,) = found.unmet
    assert (unmet.cause, unmet.missing) == (Cause.FLOORS, -50)


def test_all_locked_elsewhere_is_told() -> None:
    found = _cascade(100, _n("a", history=1, locked=30), _n("b", history=1, locked=50))
    (unmet,) = found.unmet
    assert (unmet.cause, unmet.missing) == (Cause.LOCKED, 20)


def test_three_levels_of_ten_percent_stretch_by_a_third() -> None:
    """rewarding.blog: 1.1 x 1.1 x 1.1 = 1.331."""
    found = _cascade(
        1000,
        _n("company"),
        _n("area", "company"),
        _n("team", "area"),
        _n("rep", "team", history=1),
        cushion=Cushion((Decimal("0.1"),)),
    )
    assert _targets(found)["rep"] == 1331


def test_a_cushion_reaches_the_probability_asked() -> None:
    """Together they reached 80 %, 90 %, 100 % and 125 %: 1/0.9 makes three of four."""
    found = _cascade(
        900,
        _n(
            "a", history=1, attainments=tuple(map(Decimal, ("0.8", "0.9", "1", "1.25")))
        ),
        _n(
            "b", history=1, attainments=tuple(map(Decimal, ("0.8", "0.9", "1", "1.25")))
        ),
        cushion=Cushion(probability=Decimal("0.75")),
    )
    assert _targets(found) == {"a": 500, "b": 500}
    assert not found.unmet


def test_a_ceiling_may_forbid_the_probability() -> None:
    past = (Decimal("0.8"), Decimal("0.9"))
    found = _cascade(
        900,
        _n("a", history=1, attainments=past, ceiling=455),
        _n("b", history=1, attainments=past, ceiling=455),
        cushion=Cushion(probability=Decimal("0.9")),
    )
    assert [unmet.cause for unmet in found.unmet] == [
        Cause.CEILINGS,
        Cause.PROBABILITY,
    ]


def test_a_rate_goes_down_as_a_weighted_mean_at_each_level() -> None:
    found = _cascade(
        0.28,
        _n("company"),
        _n("A", "company"),
        _n("B", "company"),
        _n("a1", "A", history=0.18, volume=100),
        _n("a2", "A", history=0.22, volume=120),
        _n("b1", "B", history=0.27, volume=80),
        _n("b2", "B", history=0.30, volume=50, locked=0.30),
        measure=WIN_RATE,
    )
    rate = _targets(found)
    assert rate["b2"] == 0.30
    assert (rate["a1"] * 100 + rate["a2"] * 120) / 220 == pytest.approx(rate["A"])
    assert (rate["A"] * 220 + rate["B"] * 130) / 350 == pytest.approx(0.28)


def test_a_rate_out_of_everybodys_reach_is_told() -> None:
    found = _cascade(
        0.5,
        _n("a", history=0.2, volume=10, potential=0.4),
        _n("b", history=0.3, volume=10, potential=0.4),
        measure=WIN_RATE,
        method="headroom",
    )
    (unmet,) = found.unmet
    assert unmet.cause is Cause.BEST
    assert unmet.reached == pytest.approx(0.4)


def test_proposals_are_met_halfway_and_the_sum_stays() -> None:
    """Two of 100 and 50 for 180: deviations 20 and 10 make shares of 4 to 1."""
    found = _cascade(
        180, _n("a", history=1, proposed=100), _n("b", history=1, proposed=50)
    )
    assert _targets(found) == {"a": 124, "b": 56}
    assert found.of("a").gap == 24
    assert found.of("a").split == 90


def test_who_is_surer_moves_less() -> None:
    found = _targets(
        _cascade(
            180,
            _n("a", history=1, proposed=75, confidence=0.9),
            _n("b", history=1, proposed=75, confidence=0.6),
        )
    )
    assert found["b"] - 75 == pytest.approx(16 * (found["a"] - 75), abs=0.2)
    assert sum(found.values()) == 180


def test_a_managers_proposal_weighs_beside_its_peoples() -> None:
    nodes = (
        _n("company"),
        _n("A", "company", proposed=500),
        _n("B", "company"),
        _n("a1", "A", history=300, proposed=280),
        _n("a2", "A", history=100, proposed=60),
        _n("b1", "B", history=500, ceiling=450, proposed=480),
        _n("b2", "B", history=100, locked=123.45),
    )
    found = _targets(_cascade(1000.01, *nodes))
    assert found["a1"] + found["a2"] == pytest.approx(found["A"], abs=1e-9)
    assert found["A"] + found["B"] == pytest.approx(1000.01, abs=1e-9)
    assert found["b2"] == 123.45
    assert found["b1"] <= 450


def test_rates_proposed_from_below_keep_the_mean() -> None:
    found = _targets(
        _cascade(
            0.25,
            _n("a", history=0.2, volume=100, proposed=0.21),
            _n("b", history=0.25, volume=300, proposed=0.24),
            measure=WIN_RATE,
        )
    )
    assert found["a"] * 0.25 + found["b"] * 0.75 == pytest.approx(0.25)
    assert found["a"] > 0.21
    assert found["b"] > 0.24


def test_growth_becomes_leads_win_rate_and_basket() -> None:
    """Revenue 500,000 = 1,000 leads x 25 % x 2,000; +12 % is shared by three levers."""
    found = _cascade(
        560_000,
        _n("company", history=500_000),
        _n("leads", "company", kpi="leads", history=1000),
        _n("rate", "company", kpi="win_rate", history=0.25),
        _n("basket", "company", kpi="average_basket", history=2000),
        _n("l1", "leads", history=600),
        _n("l2", "leads", history=400),
        _n("w1", "rate", history=0.2, volume=100),
        _n("w2", "rate", history=0.3, volume=100),
    )
    target = _targets(found)
    assert target["leads"] == 1038  # 1,000 x 1.12^(1/3) = 1,038.5, whole leads
    assert target["leads"] * target["rate"] * target["basket"] == pytest.approx(560_000)
    assert target["l1"] + target["l2"] == 1038
    assert (target["w1"] + target["w2"]) / 2 == pytest.approx(target["rate"])


def test_a_lever_at_its_ceiling_leaves_the_growth_to_the_others() -> None:
    found = _cascade(
        1200,
        _n("company", history=1000),
        _n("rate", "company", kpi="win_rate", history=0.25, ceiling=0.26),
        _n("basket", "company", kpi="average_basket", history=4000),
    )
    target = _targets(found)
    assert target["rate"] == pytest.approx(0.26)
    assert target["basket"] == pytest.approx(4000 * 1.2 * 0.25 / 0.26)


def test_installed_base_grows_by_retention_and_upsell() -> None:
    """900 = 1,000 x 90 % x (1 + 0 %); 990 asks +10 % of two levers, base untouched."""
    found = _cascade(
        990,
        _n("installed", history=900),
        _n("base", "installed", kpi="leads", history=1000, weight=0),
        _n("kept", "installed", kpi="win_rate", history=0.9, ceiling=0.93),
        _n("more", "installed", kpi="upsell_rate", unit="share", history=0),
    )
    target = _targets(found)
    assert target["base"] == 1000
    assert target["base"] * target["kept"] * (1 + target["more"]) == pytest.approx(990)


@pytest.mark.parametrize(
    ("nodes", "measure", "method", "word"),
    [
        pytest.param((_n("a"), _n("b")), REVENUE, "history", "history", id="no past"),
        pytest.param(
            (_n("a", weight=1), _n("b")), REVENUE, "weights", "b", id="a weight missing"
        ),
        pytest.param(
            (_n("a", history=0.2),), WIN_RATE, "effort", "volume", id="no volume"
        ),
        pytest.param((_n("a", volume=3),), WIN_RATE, "effort", "history", id="no rate"),
        pytest.param(
            (_n("a", history=0.2, volume=3),),
            WIN_RATE,
            "capacity",
            "capacity",
            id="way",
        ),
        pytest.param((_n("a", history=-3),), REVENUE, "history", "-3", id="negative"),
        pytest.param(
            (_n("a", history=0.2, volume=3),),
            *(WIN_RATE, "headroom", "potential"),
            id="no best",
        ),
    ],
)
def test_what_the_method_needs_is_asked_for(
    nodes: tuple[Node, ...], measure: Measure, method: str, word: str
) -> None:
    with pytest.raises(Refusal, match=word):
        _cascade(0.5, *nodes, measure=measure, method=method)


PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 10_000),
        st.one_of(st.none(), st.integers(0, 5_000)),
        st.one_of(st.none(), st.integers(0, 5_000)),
    ),
    min_size=1,
    max_size=25,
)


@given(cents=st.integers(0, 10**9), people=PEOPLE, proposing=st.booleans())
def test_children_add_up_to_their_parent_unless_told(
    cents: int,
    people: list[tuple[int, int, int | None, int | None]],
    proposing: bool,
) -> None:
    teams = sorted({team for team, *_ in people})
    nodes = [_n("company"), *(_n(f"t{team}", "company") for team in teams)]
    for rank, (team, history, floor, room) in enumerate(people):
        nodes.append(
            _n(
                f"p{rank}",
                f"t{team}",
                history=history,
                floor=floor,
                ceiling=None if room is None else (floor or 0) + room,
                proposed=history + 1 if proposing and rank % 2 else None,
            )
        )
    found = _cascade(cents / 100, *nodes)
    unmet = {each.id for each in found.unmet}
    by_parent = groupby(
        sorted(found.given, key=lambda each: each.parent), lambda each: each.parent
    )
    for parent, parts in by_parent:
        if parent and parent not in unmet:
            total = sum(Decimal(str(part.target)) for part in parts)
            assert total == Decimal(str(found.of(parent).target))
    for node in nodes:
        figure = Decimal(str(found.of(node.id).target))
        assert node.floor is None or figure >= node.floor
        assert node.ceiling is None or figure <= node.ceiling
