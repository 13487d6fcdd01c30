"""Worked examples: those of the catalogue, and figures published by others."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.figure import figure
from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import value
from tests.worlds.loaded import workspace

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "examples" / "kpi.json"
Row = dict[str, object]


def _computed(key: str, given: dict[str, Any]) -> Decimal | None:
    inputs = {name: Decimal(str(number)) for name, number in given.items()}
    return figure(delivered()[key].formula, inputs).value


@pytest.mark.parametrize(
    "key", [key for key, kpi in delivered().items() if kpi.example]
)
def test_the_example_of_a_kpi_is_right(key: str) -> None:
    example = delivered()[key].example
    assert _computed(key, example["given"]) == Decimal(str(example["value"]))  # type: ignore[arg-type]


def test_a_gross_churn_of_twenty_percent_as_chartmogul_counts_it() -> None:
    """100 at start, 10 churned, 10 contracted; 10 of expansion offset nothing."""
    assert _computed(
        "mrr_churn_gross", {"start": 100, "churn": 10, "contraction": 10}
    ) == Decimal("0.2")


def test_a_month_of_churn_as_chartmogul_counts_it(tmp_path: Path) -> None:
    """100 customers, 12 departures: one had joined in the month, one came back."""
    company = workspace(tmp_path, {"subscriptions": list(_hundred_customers())})
    june = Period(datetime.date(2025, 6, 1), datetime.date(2025, 7, 1))
    (row,) = value(
        company, Question("churn_rate", june), on=datetime.date(2025, 7, 31)
    ).rows
    assert (row.numerator, row.denominator, row.value) == (10, 100, Decimal("0.1"))


def _hundred_customers() -> Iterator[Row]:
    first, gone, back = (
        datetime.date(2025, *day) for day in ((1, 1), (6, 10), (6, 20))
    )
    for number in range(100):
        after = gone if number < 11 else None
        yield _subscription(f"s{number}", f"a{number}", first, after)
    yield _subscription("back", "a0", back, None)
    yield _subscription("passing", "passer-by", datetime.date(2025, 6, 5), gone)


def _subscription(
    key: str, account: str, first: datetime.date, after: datetime.date | None
) -> Row:
    return {
        "subscription_id": key,
        "account_id": account,
        "first": first,
        "after": after,
        "mrr": Decimal(100),
    }


def test_fourteen_days_of_february_are_compared_with_the_same_fourteen(
    tmp_path: Path,
) -> None:
    """70,000 so far against 66,000 in the same days, not against the month's 140,000."""
    days = {(2026, 2, 3): 40000, (2026, 2, 14): 30000}
    past = {(2025, 2, 1): 26000, (2025, 2, 14): 40000, (2025, 2, 15): 74000}
    deals: list[Row] = [
        {
            "deal_id": f"d{year}-{day}",
            "closed_on": datetime.date(year, month, day),
            "amount": Decimal(amount),
            "outcome": "won",
        }
        for (year, month, day), amount in {**days, **past}.items()
    ]
    company = workspace(tmp_path, {"deals": deals})
    february = Period(datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    question = Question("revenue_growth", february)
    (row,) = value(company, question, on=datetime.date(2026, 2, 14)).rows
    assert row.value is not None
    assert row.value.quantize(Decimal("1e-7")) == Decimal("0.0606061")


# What the published inputs are called here. An attainment is no KPI of the catalogue's
# kind (see tests/attainment); the churn and N-1 examples are told above, row by row.
NAMED = {
    "chartmogul-gross": lambda i: {k: i[k] for k in ("start", "churn", "contraction")},
    "kamo-winrate": lambda i: i,
    "cac-getchief": lambda i: {"cost": i["expense"], "customers": i["new"]},
    "cac-payback": lambda i: {
        "cac": i["cac"],
        "mrr_new": i["monthly_revenue"],
        "new_subscribers": 1,
        "gross_margin_rate": Decimal(i["monthly_revenue"] - i["monthly_cost"])
        / i["monthly_revenue"],
    },
    "mediabuyer-cac": lambda i: {
        "cost": sum(Decimal(str(part)) for part in i["parts"]),
        "customers": 1,
    },
}


@pytest.mark.truth
@pytest.mark.parametrize("identity", sorted(NAMED))
def test_a_published_example_is_reproduced(identity: str) -> None:
    if not PUBLISHED.exists():
        pytest.skip("the published examples are not beside the project")
    examples = {
        one["id"]: one for one in json.loads(PUBLISHED.read_text("utf-8"))["examples"]
    }
    example = examples[identity]
    found = _computed(example["kpi"], NAMED[identity](example["inputs"]))
    assert found is not None
    assert found == pytest.approx(
        Decimal(str(example["expected"])), abs=Decimal("0.05")
    )
