"""The focus guard: three objectives for a person, three to five KPIs for a team."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from jalon.domain.objectives.focus import (
    Finding,
    loads,
    missing_horizons,
    overload,
)
from jalon.domain.objectives.objective import Direction, Horizon, Objective
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period

ON = datetime.date(2026, 5, 15)


def quarter(rank: int) -> Period:
    first = datetime.date(2026, 3 * rank - 2, 1)
    return Period(first, datetime.date(2026 + rank // 4, (3 * rank) % 12 + 1, 1))


YEAR = Period(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))


def objective(name: str, owner: str = "person:bob", **more: Any) -> Objective:
    told: dict[str, Any] = {"kpi": "revenue", "period": quarter(2)} | more
    return Objective(
        id=name,
        owner=owner,
        direction=Direction.UP,
        original_target=Decimal(1),
        **told,
    )


def test_a_third_objective_is_fine_and_a_fourth_asks_for_a_reason() -> None:
    two = [objective("a"), objective("b")]
    assert overload(objective("c"), two) is None

    found = overload(objective("d"), [*two, objective("c")])

    assert found is not None
    assert (found.finding, found.count, found.most) == (
        Finding.TOO_MANY_OBJECTIVES,
        4,
        3,
    )


def test_what_could_be_given_up_is_the_lightest_then_the_furthest() -> None:
    others = [
        objective("heavy", weight=Decimal(1)),
        objective("light", weight=Decimal("0.2")),
        objective("far", weight=Decimal(1), period=YEAR),
    ]
    found = overload(objective("new"), others)

    assert found is not None
    assert found.give_up == ("light", "far", "heavy")


def test_objectives_one_after_the_other_do_not_weigh_together() -> None:
    """Four quarters never run at once: a whole-year objective beside them makes two."""
    quarters = [objective(f"q{rank}", period=quarter(rank)) for rank in range(1, 5)]

    assert overload(objective("year", period=YEAR), quarters) is None


def test_closed_and_others_objectives_do_not_count() -> None:
    done = [objective(f"o{rank}", state=State.MISSED) for rank in range(5)]
    theirs = [objective(f"t{rank}", owner="person:ines") for rank in range(5)]

    assert overload(objective("new"), [*done, *theirs]) is None


def test_writing_the_same_objective_again_adds_none() -> None:
    three = [objective("a"), objective("b"), objective("c")]

    assert overload(objective("c", weight=Decimal(2)), three) is None


def test_a_team_counts_its_kpis_not_its_objectives() -> None:
    kpis = ["revenue", "win_rate", "nps", "meetings", "calls"]
    five = [objective(kpi, owner="team:x", kpi=kpi) for kpi in kpis]

    assert overload(objective("again", owner="team:x", kpi="nps"), five) is None
    sixth = overload(objective("sixth", owner="team:x", kpi="leads"), five)
    assert sixth is not None
    assert (sixth.finding, sixth.count, sixth.most) == (Finding.TOO_MANY_KPIS, 6, 5)


def test_the_company_is_not_guarded() -> None:
    many = [objective(f"c{rank}", owner="company") for rank in range(9)]

    assert overload(objective("new", owner="company"), many) is None


def test_a_team_of_two_kpis_is_said_to_have_few() -> None:
    found = loads(
        [objective("a", owner="team:x"), objective("b", owner="team:x", kpi="nps")],
        on=ON,
    )

    assert found["team:x"].findings == (Finding.TOO_FEW_KPIS,)
    assert found["team:x"].horizons[Horizon.SHORT] == 2


def test_a_horizon_nobody_covers_is_named() -> None:
    running = [objective("quarter"), objective("year", period=YEAR)]
    long = Period(datetime.date(2026, 1, 1), datetime.date(2028, 1, 1))

    assert missing_horizons(running, on=ON) == (Finding.NO_LONG,)
    assert missing_horizons([*running, objective("far", period=long)], on=ON) == ()
    assert missing_horizons([], on=ON) == (
        Finding.NO_SHORT,
        Finding.NO_MEDIUM,
        Finding.NO_LONG,
    )
