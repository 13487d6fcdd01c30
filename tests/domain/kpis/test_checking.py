"""Whoever writes a KPI is told every fault at once, one line each."""

from __future__ import annotations

import pytest

from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.checking import faults, users_of

GOOD = """
kind = "ratio"
unit = "share"
better = "up"
label.fr = "Taux de visites"
label.en = "Visit rate"
question.fr = "Combien ?"
question.en = "How many?"
reference = "Direction, 2026"
formula = "visits / all"

[components.visits]
from = "activities"
dated = "done_at"
where = ["kind=meeting"]
count = true

[components.all]
from = "activities"
dated = "done_at"
count = true
"""


def told(text: str, key: str = "taux_visites") -> list[str]:
    return [str(fault) for fault in faults(key, text, delivered())]


def test_a_sound_file_has_no_fault() -> None:
    assert told(GOOD) == []


@pytest.mark.parametrize("kpi", list(delivered().values()), ids=lambda kpi: kpi.key)
def test_the_delivered_files_have_none_either(kpi: object) -> None:
    from importlib import resources

    folder = resources.files("jalon.domain.kpis.catalogue")
    text = folder.joinpath(f"{kpi.key}.toml").read_text("utf-8")  # type: ignore[attr-defined]

    assert told(text, f"{kpi.key}_ours") == []  # type: ignore[attr-defined]


def test_every_fault_is_told_once() -> None:
    text = (
        GOOD.replace('unit = "share"', 'unit = "euros"')
        .replace('better = "up"\n', "")
        .replace(
            'from = "activities"\ndated = "done_at"\nwhere', 'from = "visites"\nwhere'
        )
    )

    lines = told(text)

    assert len(lines) == 3
    assert any("unit = 'euros'" in line for line in lines)
    assert any("better is missing" in line for line in lines)
    assert any("'visites' is no table" in line for line in lines)
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(("visits / all", "visits / nothing"), "nothing", id="names"),
        pytest.param(("visits / all", "visits /"), "taux_visites.toml", id="no end"),
        pytest.param(("count = true", "count = true\nsum = 'x'"), "one of", id="two"),
        pytest.param(('label.fr = "Taux de visites"\n', ""), "label.fr", id="French"),
        pytest.param(("kind=meeting", "kind"), "Filter", id="a condition"),
        pytest.param(('kind = "ratio"', "kind ="), "not TOML", id="TOML"),
        pytest.param(("formula", "formulae"), "formulae", id="an unknown word"),
    ],
)
def test_a_fault_says_what_was_expected(change: tuple[str, str], said: str) -> None:
    lines = told(GOOD.replace(*change, 1))

    assert lines
    assert any(said in line for line in lines)


@pytest.mark.parametrize(
    "key", ["", "Taux", "taux visites", "../secret", "1er", "a" * 99]
)
def test_a_key_is_small_letters_digits_and_underscores(key: str) -> None:
    assert any("cannot be used" in line for line in told(GOOD, key))


def test_a_formula_that_names_itself_is_a_fault() -> None:
    text = GOOD.replace("visits / all", "taux_visites / all")

    assert any("names itself" in line for line in told(text))


def test_who_uses_a_kpi_is_known() -> None:
    assert "revenue_growth" in {kpi.key for kpi in users_of("cac", delivered())} or {
        kpi.key for kpi in users_of("cac", delivered())
    } >= {"ltv_cac_ratio"}
