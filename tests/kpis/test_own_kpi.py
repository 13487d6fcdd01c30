"""A company adds a KPI by putting one file in its `kpis/` folder, without code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.domain.kpis.question import Question
from jalon.domain.kpis.reading import KpiFileError
from jalon.domain.periods import Period
from jalon.queries.kpi_values import catalogue, value
from jalon.workspace.folder import Workspace
from tests.worlds import small
from tests.worlds.loaded import workspace

PREMIUM = """
kind = "ratio"
unit = "share"
better = "up"
label.fr = "Part des offres premium"
label.en = "Premium share"
question.fr = "Quelle part des affaires gagnées est premium ?"
question.en = "What share of won deals is premium?"
reference = "Company rule of 2025"
formula = "premium / won"

[components.premium]
from = "deals"
dated = "closed_on"
where = ["outcome=won", "product.offer=premium"]
count = true

[components.won]
from = "deals"
dated = "closed_on"
where = ["outcome=won"]
count = true
"""
SECOND_QUARTER = Period(date(2025, 4, 1), date(2025, 7, 1))


@pytest.fixture
def company(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path / "company", small.ROWS)
    made.kpis.mkdir()
    return made


def test_a_file_in_the_folder_is_a_kpi(company: Workspace) -> None:
    """Of d19, d20, d22, d23, d24, d25 won in the quarter, the first three are premium."""
    (company.kpis / "premium_share.toml").write_text(PREMIUM, "utf-8")
    (row,) = value(company, Question("premium_share", SECOND_QUARTER), on=small.ON).rows
    assert (row.numerator, row.denominator, row.value) == (3, 6, Decimal("0.5"))
    assert catalogue(company)["premium_share"].own


def test_it_is_cut_like_any_other(company: Workspace) -> None:
    (company.kpis / "premium_share.toml").write_text(PREMIUM, "utf-8")
    question = Question("premium_share", SECOND_QUARTER, by=("kind",))
    found = {
        row.labels["kind"]: row.value
        for row in value(company, question, on=small.ON).rows
    }
    assert found == {
        "new": Decimal(2) / Decimal(3),
        "upsell": Decimal("0.5"),
        "renewal": Decimal(0),
    }


def test_a_new_file_is_seen_at_once(company: Workspace) -> None:
    assert "premium_share" not in catalogue(company)
    (company.kpis / "premium_share.toml").write_text(PREMIUM, "utf-8")
    assert "premium_share" in catalogue(company)


@pytest.mark.parametrize(
    ("replaced", "by", "said"),
    [
        pytest.param(
            "premium / won", "premium / lost", "lost", id="a name that is nothing"
        ),
        pytest.param('"closed_on"', "12 +", "12", id="a date that is no expression"),
        pytest.param(
            'from = "deals"', 'from = "affaires"', "affaires", id="no such table"
        ),
        pytest.param(
            'unit = "share"', 'unit = "percent"', "percent", id="no such unit"
        ),
        pytest.param(
            'label.fr = "Part des offres premium"', "", "label.fr", id="no French"
        ),
        pytest.param("count = true", "counts = true", "counts", id="an unknown word"),
    ],
)
def test_a_faulty_file_is_refused_by_name(
    company: Workspace, replaced: str, by: str, said: str
) -> None:
    (company.kpis / "faulty.toml").write_text(PREMIUM.replace(replaced, by), "utf-8")
    with pytest.raises(KpiFileError) as refusal:
        catalogue(company)
    assert "faulty.toml" in str(refusal.value)
    assert said in str(refusal.value)
