"""What is said again means the same: parse after rewrite is the identity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from jalon.domain.smart.amounts import COUNTS, MONEY, RATES, RATIOS, SCORES
from jalon.domain.smart.critique.review import rewrites
from jalon.domain.smart.filtering import Filter
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.reading import Reading, read
from jalon.domain.smart.rewrite import names, rewrite
from jalon.domain.smart.times import Deadline, Per

LANGUAGES = ("fr", "en")
DEADLINES = (
    Deadline("end_of_month", None, 0, 0),
    Deadline("end_of_quarter", None, 0, 0),
    Deadline("end_of_half", None, 0, 0),
    Deadline("end_of_year", None, 0, 0),
    Deadline("end_of_quarter", "+1", 0, 0),
    Deadline("end_of_year", "2028", 0, 0),
    Deadline("quarter", "Q3", 0, 0),
    Deadline("half", "H2", 0, 0),
    Deadline("month", "09", 0, 0),
    Deadline("date", "2027-03-31", 0, 0),
    Deadline("in_days", 45.0, 0, 0),
    Deadline("in_months", 6.0, 0, 0),
)
RHYTHMS = (Per("week", None), Per("month", "person"), Per("quarter", None))
FILTERS = {
    "fr": (
        Filter("segment", "PME", 0, 0),
        Filter("sector", "logistique", 0, 0),
        Filter("region", "Bretagne", 0, 0),
        Filter("channel", "LinkedIn", 0, 0),
    ),
    "en": (
        Filter("segment", "enterprise", 0, 0),
        Filter("sector", "retail", 0, 0),
        Filter("region", "Germany", 0, 0),
        Filter("channel", "LinkedIn", 0, 0),
    ),
}


def unit_of(kpi: str) -> str:
    units = {"sales_cycle_days": "day", "cac_payback_months": "month"}
    families = ((COUNTS, "count"), (MONEY, "EUR"), (RATES, "%"), (SCORES, "score"))
    found = next((unit for keys, unit in families if kpi in keys), None)
    return units.get(kpi) or found or ("ratio" if kpi in RATIOS else "%")


@some.composite
def goals(draw: some.DrawFn) -> Reading:
    lang = draw(some.sampled_from(LANGUAGES))
    kpi = draw(some.sampled_from([one for one in names() if one != "revenue_growth"]))
    unit = unit_of(kpi)
    low, high = sorted(
        draw(some.lists(some.integers(2, 95), min_size=2, max_size=2, unique=True))
    )
    way, amount = draw(
        some.sampled_from(
            [
                ("increase", Amount("from_to", float(high), float(low), unit)),
                ("decrease", Amount("from_to", float(low), float(high), unit)),
                ("increase", Amount("relative_percent", float(high), None, "%")),
                ("decrease", Amount("relative_percent", float(high), None, "%")),
                (
                    "reach",
                    Amount(
                        "count" if unit == "count" else "absolute",
                        float(high),
                        None,
                        unit,
                    ),
                ),
            ]
        )
    )
    timed = draw(some.sampled_from([*DEADLINES, *RHYTHMS]))
    kept = draw(some.lists(some.sampled_from(FILTERS[lang]), max_size=1))
    return Reading(
        text="",
        lang=lang,
        kpi=kpi,
        direction=way,
        amount=amount,
        filters=tuple(kept),
        per=timed if isinstance(timed, Per) else Per(None, None),
        deadline=timed if isinstance(timed, Deadline) else None,
    )


def said(reading: Reading) -> tuple[object, ...]:
    amount, when = reading.amount, reading.deadline
    return (
        reading.kpi,
        reading.direction,
        amount and (amount.kind, amount.value, amount.base, amount.unit),
        sorted((one.dimension, one.value) for one in reading.filters),
        (reading.per.period, reading.per.who),
        when and (when.kind, when.value),
    )


@settings(max_examples=400, deadline=None)
@given(goals())
def test_reading_what_was_rewritten_changes_nothing(goal: Reading) -> None:
    sentence = rewrite(goal)
    assert sentence is not None, goal
    assert said(read(sentence, lang=goal.lang)) == said(goal)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (
            "ca +12% PME fin du trimestre",
            (
                "Augmenter de 12\u202f% le chiffre d'affaires sur le segment PME "
                "d'ici la fin du trimestre."
            ),
        ),
        (
            "closing 22% → 28% by Q3",
            "Increase the win rate from 22% to 28% by the end of Q3.",
        ),
    ],
    ids=["French", "English"],
)
def test_a_note_becomes_a_sentence(typed: str, written: str) -> None:
    lang = "en" if "by" in typed else "fr"
    assert rewrite(read(typed, lang=lang)) == written


def test_what_cannot_be_named_is_not_rewritten() -> None:
    assert rewrite(read("Publier 8 tutoriels d'ici juin")) is None


@pytest.mark.parametrize(
    "typed",
    [
        "Augmenter les ventes", "Vendre plus", "Réduire le churn", "Plus de leads",
        "Augmenter le panier moyen de 5 %", "Améliorer la marge ce trimestre",
        "Grow sales", "Increase conversion", "Shorten the sales cycle",
        "Improve customer satisfaction by the end of the year",
    ],
)  # fmt: skip
def test_two_proposals_are_made_even_without_data(typed: str) -> None:
    found = rewrites(read(typed))
    assert len(set(found)) == 2
    assert all(read(one).smart for one in found)


def test_an_ambiguous_name_is_proposed_in_two_meanings() -> None:
    assert [read(one).kpi for one in rewrites(read("Augmenter les ventes"))] == [
        "revenue",
        "units_sold",
    ]
