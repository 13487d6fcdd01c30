from __future__ import annotations

import pytest

from jalon.domain.kpis.conditions import Condition, ConditionError, condition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "segment=PME", Condition("segment", "=", ("PME",)), id="one value"
        ),
        pytest.param(
            "segment = PME | ETI",
            Condition("segment", "=", ("PME", "ETI")),
            id="several",
        ),
        pytest.param("amount<10000", Condition("amount", "<", ("10000",)), id="less"),
        pytest.param(
            "amount >= 1 000,50",
            Condition("amount", ">=", ("1 000,50",)),
            id="as typed",
        ),
        pytest.param("competitor!=", Condition("competitor", "!=", ()), id="not empty"),
        pytest.param(
            "Secteur d'activité=santé",
            Condition("Secteur d'activité", "=", ("santé",)),
            id="an attribute with spaces",
        ),
    ],
)
def test_a_filter_is_read_as_typed(text: str, expected: Condition) -> None:
    assert condition(text) == expected


@pytest.mark.parametrize("text", ["segment", "=PME", "amount<1|2", "amount<", ""])
def test_a_filter_that_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConditionError, match="segment=PME"):
        condition(text)
