"""Any document: an answer that holds together, or one refusal; never a fault of ours."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.domain.cascade.descent import cascaded
from jalon.domain.cascade.plan import Measure, Node
from jalon.domain.cascade.reading import plan_of
from jalon.domain.kpis.catalogue import delivered
from jalon.domain.refusals import Refusal

AMOUNTS = st.decimals(0, 1000, places=2)
SHARES = st.decimals(0, 1, places=2)
CATALOGUE = delivered()


def _nodes(figures: st.SearchStrategy[Decimal]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"history": figures, "volume": AMOUNTS},
        optional={
            "weight": AMOUNTS,
            "potential": figures,
            "capacity": AMOUNTS,
            "ceiling": figures,
            "proposed": figures,
            "locked": figures,
            "variance": AMOUNTS,
            "confidence": SHARES,
            "ramp": SHARES,
        },
    )


@st.composite
def documents(draw: st.DrawFn, *, rate: bool) -> dict[str, object]:
    figures = SHARES if rate else AMOUNTS
    nodes = draw(st.lists(_nodes(figures), min_size=1, max_size=8))
    for rank, node in enumerate(nodes):
        node["id"] = str(rank)
        parent = draw(st.integers(-1, rank - 1))
        if parent >= 0:
            node["parent"] = str(parent)
    ways = ("effort", "headroom", "points")
    sums = ("history", "capacity", "potential", "equal", "weights")
    return {
        "kpi": draw(st.sampled_from(("win_rate", "sales_cycle_days", "nps")))
        if rate
        else draw(st.sampled_from(("revenue", "leads"))),
        "target": draw(figures),
        "method": draw(st.sampled_from(ways if rate else sums)),
        "cushion": draw(st.sampled_from((None, Decimal("0.1")))),
        "nodes": nodes,
    }


@settings(max_examples=300, deadline=None)
@given(document=st.one_of(documents(rate=True), documents(rate=False)))
def test_it_holds_together_or_is_refused(document: dict[str, object]) -> None:
    try:
        plan, levers = plan_of(document, CATALOGUE)

        def measure_of(node: Node) -> Measure:
            return levers.get(node.id, plan.measure)

        found = cascaded(plan, measure_of)
    except Refusal:
        return
    unmet = {each.id for each in found.unmet}
    for head in found.given:
        parts = [each for each in found.given if each.parent == head.id]
        if not parts or head.id in unmet:
            continue
        asked = float(head.target) * (1 + float(head.cushion))
        if plan.measure.additive:
            step = float(plan.measure.step or 0)
            assert abs(sum(float(each.target) for each in parts) - asked) <= step
            continue
        volumes = [float(each.volume or 0) for each in parts]
        mean = sum(
            float(each.target) * volume
            for each, volume in zip(parts, volumes, strict=True)
        ) / sum(volumes)
        assert abs(mean - asked) < 1e-6 * max(1.0, abs(asked))
