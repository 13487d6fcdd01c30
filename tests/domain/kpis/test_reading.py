from __future__ import annotations

import pytest

from jalon.domain.kpis.catalogue import (
    Catalogue,
    UnknownKpiError,
    delivered,
    read_kpi,
)
from jalon.domain.kpis.reading import KpiFileError

COMPLETE = """
kind = "sum"
unit = "money"
better = "up"
label = { fr = "Avoirs", en = "Credit notes" }
question = { fr = "Combien ?", en = "How much?" }
reference = "Company rule"
formula = "amount"
[components.amount]
from = "order_lines"
dated = "on"
where = ["amount<0"]
sum = "amount"
"""


def test_a_complete_file_is_a_kpi() -> None:
    assert read_kpi("credit_notes", COMPLETE).components["amount"].where


@pytest.mark.parametrize(
    ("former", "new", "expected"),
    [
        pytest.param('"up"', '"left"', "Expected one of: up, down", id="direction"),
        pytest.param('"order_lines"', '"sales"', "is no table", id="table"),
        pytest.param('sum = "amount"', "", "count = true, sum", id="no measure"),
        pytest.param('dated = "on"', "", "expected dated", id="no date"),
        pytest.param('"amount"\n[', '"total"\n[', "names total", id="unknown name"),
        pytest.param(
            ', en = "Credit notes"', "", "label.fr and label.en", id="English"
        ),
        pytest.param('"sum"', '"mean', "not TOML", id="not TOML"),
        pytest.param("better", "beter", "Expected among", id="a word misspelt"),
    ],
)
def test_a_faulty_file_says_what_was_expected(
    former: str, new: str, expected: str
) -> None:
    assert former in COMPLETE
    text = COMPLETE.replace(former, new, 1)
    with pytest.raises(KpiFileError, match=expected):
        Catalogue({"mine": read_kpi("mine", text)})


def test_an_unknown_kpi_is_answered_with_those_that_look_like_it() -> None:
    with pytest.raises(UnknownKpiError, match="win_rate"):
        delivered()["win_rates"]


def test_every_text_of_the_catalogue_is_in_both_languages() -> None:
    for kpi in delivered().values():
        assert all(kpi.label[lang] and kpi.question[lang] for lang in ("fr", "en"))
        assert not kpi.excluded or set(kpi.excluded) == {"fr", "en"}
        assert kpi.reference
