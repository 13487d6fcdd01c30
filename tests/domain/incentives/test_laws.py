"""Laws of pay plans, whatever the figures; and faults told in one line."""

from __future__ import annotations

import time
import tomllib
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.incentives.checking import check
from jalon.domain.incentives.plan import Plan
from jalon.domain.incentives.reading import read_plan
from jalon.domain.incentives.results import Row, read_row
from jalon.domain.incentives.statement import Statement, statement
from jalon.domain.refusals import Refusal

CENT = Decimal("0.01")
AMOUNT = st.decimals(0, 500_000, places=2, allow_nan=False)
SLICES = """
[[component]]
measure = "revenue"
pays = "rate"
mode = "{mode}"
tiers = [{{ to = 50000, rate = 0.02 }}, {{ to = 150000, rate = 0.05 }}, {{ rate = 0.08 }}]
"""


def plan(text: str) -> Plan:
    """Return the plan of a TOML text; the head may be left out."""
    head = "" if "[plan]" in text else "[plan]\nvariable = 10000\n"
    return read_plan(tomllib.loads(head + text, parse_float=Decimal))


def paid(text: str, *rows: dict[str, object]) -> Statement:
    """Return the statement of rows about Anna's revenue."""
    usual = {"person": "Anna", "measure": "revenue"}
    found = [
        read_row({k: str(v) for k, v in {**usual, **row}.items()}, line=n)
        for n, row in enumerate(rows, start=2)
    ]
    return statement(plan(text), found)


@pytest.mark.parametrize("mode", ["whole", "overage", "marginal"])
@given(AMOUNT, AMOUNT)
def test_selling_more_never_pays_less(mode: str, one: Decimal, other: Decimal) -> None:
    """With rates that rise, whatever the accelerator."""
    text = SLICES.format(mode=mode)
    low, high = sorted((one, other))
    assert paid(text, {"actual": low}).sum <= paid(text, {"actual": high}).sum


@given(AMOUNT)
def test_marginal_pays_at_most_overage_at_most_whole(sold: Decimal) -> None:
    """The three accelerators stand in that order when rates rise."""
    marginal, overage, whole = (
        paid(SLICES.format(mode=mode), {"actual": sold}).sum
        for mode in ("marginal", "overage", "whole")
    )
    assert marginal <= overage <= whole


@given(AMOUNT, st.decimals(0, 30_000, places=2, allow_nan=False))
def test_nothing_passes_the_cap(sold: Decimal, cap: Decimal) -> None:
    """Of the component."""
    text = SLICES.format(mode="whole") + f"cap = {cap}\n"
    assert paid(text, {"actual": sold}).sum <= cap


@given(AMOUNT, st.integers(1, 99))
def test_parts_of_a_payment_add_up_to_the_whole(sold: Decimal, percent: int) -> None:
    """To the cent, whatever the shares."""
    text = SLICES.format(mode="marginal") + (
        f'[[payment]]\nwhen = "signature"\nshare = "{percent} %"\n'
        f'[[payment]]\nwhen = "collection"\nshare = "{100 - percent} %"\n'
    )
    (line,) = paid(text, {"actual": sold}).lines
    assert sum(part.amount for part in line.parts) == line.amount


@given(st.lists(AMOUNT, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_sales_does_not_change_the_total(
    sales: list[Decimal], dice: object
) -> None:
    """Not even when each is paid on the running total, but for the cents of lines."""
    text = SLICES.format(mode="marginal") + 'counted = "running"\n'
    shuffled = list(sales)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one = paid(text, *({"actual": sale} for sale in sales)).sum
    other = paid(text, *({"actual": sale} for sale in shuffled)).sum
    assert abs(one - other) <= CENT * len(sales)


@given(st.integers(0, 365))
def test_proration_is_additive(days: int) -> None:
    """Two parts of a year make the year, to a cent of rounding."""
    text = (
        "[plan]\nvariable = 12000\n[proration]\nwhole = 365\n"
        '[[component]]\nmeasure = "revenue"\npays = "bonus"\n'
    )
    one = paid(text, {"attainment": 1, "days": days}).sum
    rest = paid(text, {"attainment": 1, "days": 365 - days}).sum
    assert abs(one + rest - 12000) <= CENT


def test_the_same_inputs_give_the_same_cents() -> None:
    """Restating changes nothing."""
    rows = [{"actual": Decimal(n) / 7} for n in range(1, 50)]
    text = SLICES.format(mode="whole")
    assert paid(text, *rows) == paid(text, *rows)


def test_ten_thousand_people_and_a_year_are_paid_within_a_minute() -> None:
    """A tenth of it is measured here, and may take a tenth of the time."""
    bonus = plan('[[component]]\nmeasure = "revenue"\npays = "bonus"\ncap = 20000\n')
    rows = [
        read_row(
            {
                "person": f"p{n}",
                "period": f"2026-{month:02d}",
                "measure": "revenue",
                "actual": str(900 + n),
                "target": "1000",
            },
            line=n,
        )
        for n in range(1_000)
        for month in range(1, 13)
    ]
    begun = time.process_time()
    assert len(statement(bonus, rows).lines) == 12_000
    assert time.process_time() - begun < 6


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[component]]\nmeasure = "r"\npays = "rat"\n', "rat is not known"),
        ('[[component]]\nmeasure = "r"\n', "pays is missing"),
        ('[[component]]\nmeasure = "r"\npays = "rate"\nrat = 1\n', "rat is not known"),
        ('[[component]]\nmeasure = "r"\npays = "rate"\nrate = "x"\n', "x is no number"),
        (
            '[[component]]\nmeasure = "r"\npays = "rate"\ntiers = [{ from = 2, to = 1 }]\n',
            "ends at 1, not after its start 2",
        ),
        (
            '[[component]]\nmeasure = "r"\npays = "rate"\ntiers = [{ to = 1 }]\n',
            "exactly one of rate, times, share, amount",
        ),
        (
            '[[component]]\nmeasure = "r"\npays = "bonus"\ncurve = [[1, 0], [0, 1]]\n',
            "rising order",
        ),
        ("", "has no component"),
    ],
)
def test_a_fault_of_a_plan_is_one_clear_line(text: str, told: str) -> None:
    """What, expected, example."""
    with pytest.raises(Refusal) as caught:
        plan(text)
    line = str(caught.value)
    assert told in line
    assert "xpected" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("tiers", "mode", "codes"),
    [
        ("{ to = 100, rate = 0.1 }, { from = 150, rate = 0.2 }", "marginal", {"hole"}),
        (
            "{ to = 200, rate = 0.1 }, { from = 150, rate = 0.2 }",
            "marginal",
            {"overlap"},
        ),
        ("{ to = 100, rate = 0.1 }, { rate = 0.2 }", "whole", {"cliff"}),
        ("{ to = 100, rate = 0.2 }, { rate = 0.1 }", "whole", {"perverse"}),
        ("{ to = 100, rate = 0.1 }, { rate = 0.2 }", "marginal", set()),
    ],
)
def test_holes_overlaps_cliffs_and_traps_are_found(
    tiers: str, mode: str, codes: set[str]
) -> None:
    """Before anybody is paid."""
    text = (
        f'[[component]]\nmeasure = "r"\npays = "rate"\nmode = "{mode}"\n'
        f"tiers = [{tiers}]\n"
    )
    assert codes <= {finding.code for finding in check(plan(text))}
    if not codes:
        assert not check(plan(text))


def test_a_row_outside_the_plan_is_told_not_lost() -> None:
    """Its date lies before the plan, or nothing counts its measure."""
    text = "[plan]\nfirst = 2026-01-01\n" + SLICES.format(mode="whole")
    found = paid(
        text, {"actual": 10, "date": "2025-12-31"}, {"actual": 10, "measure": "nps"}
    )
    assert len(found.findings) == 2


@given(
    parts=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=8),
    rate=st.decimals("0.001", "0.2", places=4),
    pool=st.sampled_from(["equal", "actual"]),
)
def test_the_parts_of_a_pool_are_the_whole(
    parts: list[Decimal], rate: Decimal, pool: str
) -> None:
    """To the cent, whatever the rounding of each part."""
    plan = read_plan(
        {
            "component": [
                {"measure": "revenue", "pays": "rate", "rate": rate, "pool": pool}
            ]
        }
    )
    rows = [
        Row(line=rank, person=f"p{rank}", team="t", measure="revenue", actual=actual)
        for rank, actual in enumerate(parts)
    ]
    whole = (sum(parts, Decimal(0)) * rate).quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )
    assert statement(plan, rows).sum == whole
