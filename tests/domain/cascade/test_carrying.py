"""A new target carried down: the effort made counts, by hand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.cascade.carrying import Held, carried
from jalon.domain.cascade.plan import measured

REVENUE = measured("revenue", unit="money", kind="sum", step=Decimal(1))
RATE = measured("win_rate", unit="share", kind="ratio")


def _held(key: str, parent: str, target: float, done: float = 0) -> Held:
    return Held(key, parent, Decimal(str(target)), Decimal(str(done)))


STORY = (
    _held("co", "", 1_250_000, 500_000),  # +25 % of 1,000,000
    _held("north", "co", 750_000, 400_000),
    _held("south", "co", 500_000, 100_000),
    _held("nadia", "north", 400_000, 390_000),
    _held("oscar", "north", 350_000, 10_000),
)


def test_from_plus_25_to_plus_12_percent_with_the_effort_credited() -> None:
    """1,120,000 - 500,000 done = 620,000, shared as 350 to 400 still to do."""
    found = {
        one.id: one
        for one in carried(
            "co", Decimal(1_120_000), STORY, measure=REVENUE, credit=True
        )
    }
    assert found["north"].new == 689_333  # 400,000 + 620,000 x 350/750
    assert found["south"].new == 430_667
    assert found["nadia"].new == 398_267  # 390,000 + 289,333 x 10/350 = 8,266.66
    assert found["oscar"].new == 291_066
    assert found["nadia"].new + found["oscar"].new == found["north"].new
    assert found["north"].credited == 400_000
    assert found["north"].former == 750_000


def test_without_credit_proportions_stay() -> None:
    found = {
        one.id: one.new
        for one in carried(
            "co", Decimal(1_120_000), STORY, measure=REVENUE, credit=False
        )
    }
    assert (found["north"], found["south"]) == (672_000, 448_000)


def test_what_is_done_is_never_asked_back() -> None:
    found = {
        one.id: one.new
        for one in carried("co", Decimal(450_000), STORY, measure=REVENUE, credit=True)
    }
    assert (found["north"], found["south"]) == (400_000, 100_000)


def test_who_is_past_their_target_keeps_it_when_the_parents_falls() -> None:
    """Amélie did 130 of 100: 100 stays her target. The 60 left of 100 are Bruno's."""
    held = (_held("co", "", 200, 140), _held("a", "co", 100, 130))
    held += (_held("b", "co", 100, 10),)
    found = {
        one.id: one.new
        for one in carried("co", Decimal(160), held, measure=REVENUE, credit=True)
    }
    assert (found["a"], found["b"]) == (100, 60)


def test_a_cushion_keeps_its_proportion() -> None:
    held = (_held("co", "", 100), _held("a", "co", 66), _held("b", "co", 44))
    found = {
        one.id: one.new
        for one in carried("co", Decimal(50), held, measure=REVENUE, credit=True)
    }
    assert (found["a"], found["b"]) == (33, 22)


def test_a_rate_moves_by_the_same_effort() -> None:
    """From odds of 1 to odds of 3 asks three times the odds of each: 1/4 becomes 1/2."""
    held = (_held("co", "", 0.5), _held("a", "co", 0.25), _held("b", "co", 0.75))
    found = {
        one.id: one
        for one in carried("co", Decimal("0.75"), held, measure=RATE, credit=True)
    }
    assert found["a"].new == Decimal("0.5")
    assert found["b"].new == Decimal("0.9")
    assert found["a"].credited is None


def test_a_quarter_changes_as_what_is_left_of_its_year() -> None:
    """A year of 1,000 with 400 done loses half of its rest; so does its quarter."""
    held = (
        _held("year", "", 1_000, 400),
        Held("quarter", "year", Decimal(300), Decimal(100), whole=False),
        _held("anna", "quarter", 300, 100),
    )
    found = {
        one.id: one.new
        for one in carried("year", Decimal(700), held, measure=REVENUE, credit=True)
    }
    assert (found["quarter"], found["anna"]) == (200, 200)


AMOUNT = st.integers(0, 10**7)


@given(
    parts=st.lists(st.tuples(st.integers(1, 10**7), AMOUNT), min_size=1, max_size=20),
    new=st.integers(0, 10**8),
)
def test_the_parts_add_up_or_stay_at_what_they_did(
    parts: list[tuple[int, int]], new: int
) -> None:
    whole = sum(target for target, _ in parts)
    held = [_held("co", "", whole)]
    held += [
        _held(str(i), "co", target, done) for i, (target, done) in enumerate(parts)
    ]
    _, *found = carried("co", Decimal(new), held, measure=REVENUE, credit=True)
    total, done = sum(one.new for one in found), sum(map(min, parts))
    assert total == max(new, done)
    for one, (target, own) in zip(found, parts, strict=True):
        assert one.new >= min(own, target)
