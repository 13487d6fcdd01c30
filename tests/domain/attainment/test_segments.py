"""Slices against their own N-1 and the company's growth; few sales are set aside."""

from __future__ import annotations

from decimal import Decimal

from jalon.domain.attainment.segments import Slice, segments


def one(
    label: str, now: int, before: int, sales_now: int = 50, sales_before: int = 50
) -> Slice:
    return Slice(
        dimension="segment",
        label=label,
        now=Decimal(now),
        before=Decimal(before),
        sales_now=Decimal(sales_now),
        sales_before=Decimal(sales_before),
    )


COMPANY = one("", 1100, 1000)


def test_a_slice_is_over_by_what_it_brought_beyond_the_company_s_growth() -> None:
    found = segments(COMPANY, [one("PME", 700, 500), one("ETI", 400, 500)])

    assert [s.label for s in found.over] == ["PME"]
    assert found.over[0].beyond(Decimal("0.1")) == Decimal(150)
    assert [s.label for s in found.under] == ["ETI"]
    assert found.under[0].beyond(Decimal("0.1")) == Decimal(-150)


def test_growing_less_than_the_company_is_under_even_while_growing() -> None:
    found = segments(COMPANY, [one("TPE", 105, 100)])

    assert [s.label for s in found.under] == ["TPE"]


def test_few_sales_are_set_aside_and_never_ranked() -> None:
    found = segments(
        COMPANY, [one("now", 900, 10, sales_now=9), one("then", 900, 10, 99, 3)]
    )

    assert (found.over, found.under) == ((), ())
    assert {s.label for s in found.small} == {"now", "then"}


def test_a_company_without_n_1_ranks_nothing() -> None:
    found = segments(one("", 100, 0), [one("PME", 100, 0)])

    assert found.company.growth is None
    assert found.over == found.under == found.small == ()


def test_what_is_over_and_under_cancel_out_over_a_whole_dimension() -> None:
    slices = [one("a", 600, 500), one("b", 300, 400), one("c", 200, 100)]
    company = one("", 1100, 1000)

    assert sum(s.beyond(company.growth or Decimal(0)) for s in slices) == 0
