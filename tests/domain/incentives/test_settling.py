"""From objectives to pay: inputs, presence, corrections, next tier, cost of a plan."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.incentives.inputs import (
    NO_OBJECTIVE,
    Input,
    Part,
    Payee,
    Reading,
    Stay,
    by_source,
    inputs_of,
    parts_of,
    plain,
    read,
)
from jalon.domain.incentives.nearing import nearest, with_more
from jalon.domain.incentives.settling import Former, correction, settled
from jalon.domain.incentives.simulating import compared, costs, quantile
from jalon.domain.incentives.sources import read_text, runnable
from jalon.domain.kpis.catalogue import delivered
from jalon.domain.people.roster import Absence
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain
from jalon.domain.refusals import Refusal

TEXT = """\
[plan]
variable = 4000
every = "month"

[[component]]
measure = "revenue"
pays = "bonus"
threshold = 0.5
tiers = [{ to = 1, times = 1 }, { times = 2 }]
"""
QUARTER = Period(datetime.date(2026, 1, 1), datetime.date(2026, 4, 1))
ANNA = Payee("anna", "Anna", "east", (Part(None),))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def reading(first: str, after: str, actual: int, target: int) -> Reading:
    return Reading(
        objective=f"ca-{first}",
        owner="person:anna",
        kpi="revenue",
        where=(),
        period=Period(day(first), day(after)),
        actual=Decimal(actual),
        target=Decimal(target),
    )


def revenue(actual: int, target: int = 100, person: str = "anna") -> Input:
    return Input(
        person,
        "2026-01",
        "revenue",
        objective=f"ca-{person}",
        actual=Decimal(actual),
        target=Decimal(target),
        parts=(Part(None),),
    )


def test_a_measure_reads_the_kpi_of_its_name_on_the_persons_own_objective() -> None:
    (source,) = read_text(TEXT).sources

    assert (source.kpi, source.owner, source.where) == ("revenue", "own", ())
    assert read_text(TEXT).every is Grain.MONTH


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[measures]\nrevenue = { kpi = "revenue", owner = "boss" }', "boss"),
        ('[measures]\nrevenue = { from = "x" }', "from"),
        ("[absences]\nreduce = 3", "absences"),
    ],
)
def test_what_is_not_known_is_named(more: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_text(TEXT + more)


def test_a_rate_has_no_rows_to_pay_one_by_one() -> None:
    text = TEXT.replace('pays = "bonus"', 'pays = "rate"\ncounted="each"')
    known = delivered()
    runnable(read_text(text), known)
    with pytest.raises(Refusal, match="no sum or count"):
        runnable(read_text(text.replace('"revenue"', '"win_rate"')), known)


def test_months_that_follow_one_another_make_the_quarter() -> None:
    months = [
        reading("2026-01-01", "2026-02-01", 10, 20),
        reading("2026-02-01", "2026-03-01", 30, 20),
        reading("2026-03-01", "2026-04-01", 5, 20),
    ]
    (found,) = inputs_of(
        ANNA, read_text(TEXT), by_source(months), period=QUARTER, name="2026-Q1"
    )

    assert (found.actual, found.target) == (45, 60)


def test_a_month_that_is_missing_gives_no_figure_rather_than_a_small_one() -> None:
    months = [
        reading("2026-01-01", "2026-02-01", 10, 20),
        reading("2026-03-01", "2026-04-01", 5, 20),
    ]
    (found,) = inputs_of(
        ANNA, read_text(TEXT), by_source(months), period=QUARTER, name="2026-Q1"
    )

    assert (found.actual, found.reason) == (None, NO_OBJECTIVE)


def test_only_the_absences_the_plan_names_shorten_the_period() -> None:
    stay = Stay(day("2025-01-01"), None, Decimal(4000))
    away = [
        Absence("anna", day("2026-01-10"), day("2026-01-20"), "unpaid"),
        Absence("anna", day("2026-02-01"), day("2026-03-01"), "sick"),
    ]

    def parts(reducing: frozenset[str]) -> tuple[Part, ...]:
        return parts_of(
            [stay], QUARTER, there=(None, None), absences=away, reducing=reducing
        )

    assert parts(frozenset()) == (Part(Decimal(4000)),)
    assert parts(frozenset({"unpaid"})) == (Part(Decimal(4000), Decimal(80) / 90, 80),)


def test_entry_and_a_raise_cut_the_period_in_parts() -> None:
    stays = [
        Stay(day("2026-01-01"), day("2026-03-01"), Decimal(3000)),
        Stay(day("2026-03-01"), None, Decimal(6000)),
    ]
    found = parts_of(
        stays,
        QUARTER,
        there=(day("2026-02-01"), None),
        absences=(),
        reducing=frozenset(),
    )

    assert [(one.variable, one.days) for one in found] == [(3000, 28), (6000, 31)]


def test_two_target_pays_are_blended_by_their_days() -> None:
    """3,000 for 30 of 90 days and 6,000 for 60: 5,000 at 100 %."""
    text = TEXT.replace("month", "quarter")
    parts = (
        Part(Decimal(3000), Decimal(30) / 90, 30),
        Part(Decimal(6000), Decimal(60) / 90, 60),
    )
    due = settled(
        read_text(text),
        [replace(revenue(100), period="2026-Q1", parts=parts)],
        period="2026-Q1",
    )

    assert due["anna"].total == Decimal("5000.00")


def test_a_former_period_that_reads_otherwise_is_put_right() -> None:
    """4,000 × 0.8 was paid, 4,000 × 0.7 is due."""
    before, now = revenue(80), revenue(70)
    former = Former("2026-01", (before,), Decimal(3200))
    line = correction(former, Decimal(2800), [now], person="anna", period="2026-02")

    assert line is not None
    assert (line.amount, line.row, line.period) == (-400, "2026-01", "2026-02")
    assert {"before", "after"} <= {name for name, _ in line.steps[0].fillers}
    assert not correction(
        former, Decimal(3200), [before], person="anna", period="2026-02"
    )


def test_the_next_tier_says_what_is_missing_and_what_it_adds() -> None:
    """At 40 of 100 nothing; at 50, 4,000 × 0.5."""
    (found,) = nearest(read_text(TEXT), [revenue(40)])

    assert (found.start, found.missing, found.adds) == (Decimal("0.5"), 10, 2000)
    assert not nearest(read_text(TEXT), [revenue(150)])


def test_deals_add_to_their_measure_only() -> None:
    (found,) = with_more(
        [revenue(40)], [("revenue", Decimal(5)), ("other", Decimal(9))]
    )

    assert found.actual == 45


def test_two_plans_are_compared_person_by_person_those_who_lose_first() -> None:
    found = compared({"a": Decimal(1), "b": Decimal(5)}, {"a": Decimal(2)})

    assert [(one.person, one.difference) for one in found] == [("b", -5), ("a", 1)]


def test_a_cost_lies_between_the_least_and_the_most_its_figures_allow() -> None:
    """60 of 100 pays 2,400 and 100 pays 4,000, for each of two people."""
    inputs = [revenue(0), revenue(0, person="ben")]
    samples = {f"ca-{one}": [Decimal(60), Decimal(100)] for one in ("anna", "ben")}
    found = costs(read_text(TEXT), inputs, samples)

    assert set(found) == {Decimal(4800), Decimal(6400), Decimal(8000)}
    assert found == costs(read_text(TEXT), inputs, samples)


def test_a_quantile_lies_between_its_neighbours() -> None:
    values = [Decimal(0), Decimal(10), Decimal(20)]

    assert [quantile(values, Decimal(one)) for one in ("0", "0.25", "1")] == [0, 5, 20]


@given(
    actual=st.none() | st.decimals(-(10**9), 10**9, places=6),
    share=st.none() | st.decimals(0, 1, places=9),
)
def test_what_is_kept_is_what_is_read(
    actual: Decimal | None, share: Decimal | None
) -> None:
    one = replace(revenue(1), actual=actual, parts=(Part(Decimal(5), share, 3),))

    assert read(plain(one)) == one
