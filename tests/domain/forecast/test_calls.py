"""How right people were: by hand, on objectives that ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jalon.domain.forecast.calls import (
    Call,
    Side,
    UnableToCallError,
    accuracy,
    checked,
    latest,
)

MAY = date(2025, 5, 5)
BOB = Call("a", Side.OWNER, Decimal(120), Decimal(150), Decimal(90), MAY)
MONA = replace(BOB, side=Side.MANAGER, committed=Decimal(95))


def test_errors_are_shares_of_the_final_figure() -> None:
    """Of 100 in the end: 120 is 20 % too hopeful and not held, 95 is 5 % careful."""
    owner, manager = sorted(
        accuracy([BOB, MONA], {"a": Decimal(100)}),
        key=lambda one: one.side,
        reverse=True,
    )
    assert (owner.side, owner.error, owner.lean, owner.held) == (
        Side.OWNER,
        Decimal("0.2"),
        Decimal("0.2"),
        0,
    )
    assert (manager.error, manager.lean, manager.held) == (
        Decimal("0.05"),
        Decimal("-0.05"),
        1,
    )
    assert owner.model == manager.model == Decimal("0.1")
    assert owner.quarter == (2025, 2)


def test_what_has_not_ended_is_not_judged() -> None:
    assert accuracy([BOB], {}) == ()
    assert accuracy([BOB], {"a": Decimal(0)}) == ()


def test_the_last_word_of_each_side_stands() -> None:
    later = replace(BOB, committed=Decimal(110), on=date(2025, 5, 12))
    found = latest([later, BOB, MONA])
    assert found["a", Side.OWNER] == later
    assert found["a", Side.MANAGER] == MONA


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"best": Decimal(100)}, "call.best_below"),
        ({"committed": Decimal(-1)}, "call.negative"),
    ],
)
def test_an_impossible_call_is_refused(change: dict[str, Decimal], reason: str) -> None:
    with pytest.raises(UnableToCallError) as refused:
        checked(replace(BOB, **change))
    assert refused.value.reason == reason
