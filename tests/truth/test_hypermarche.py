"""Hypermarché: a French export of order lines, imported with no mapping file at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, EXACT, SHARED, Desk, prepared
from tests.truth.independent import (
    SIX_DIGITS,
    Files,
    plain,
    same_as_truth,
    same_exactly,
)
from tests.truth.quotas import Quota, standings

pytestmark = pytest.mark.truth

ASKED = (
    "lignes",
    "ventes_total",
    "profit_total",
    "ventes_par_trimestre",
    "ventes_par_segment_annee",
    "ventes_pme_par_trimestre",
    "ventes_france_par_trimestre",
    "ventes_par_categorie",
    "ventes_par_zone",
    "marge_totale",
    "marge_par_categorie",
    "commandes",
    "panier_moyen",
    "atteinte_par_trimestre",
    "clients",
    "taux_reachat",
    "nouveaux_clients_par_trimestre",
)
LEFT_OUT = {
    "remise_moyenne_ligne": "no KPI on discounts",
    "taux_retard_expedition": "no KPI on shipping",
}
NAME = "Exemple - Hypermarché_Achats_2020-2022.csv"
ALL = ("2020-01-01", "2023-01-01")
EUROS = "regexp_replace({}, '[^0-9-]', '', 'g')::DECIMAL(18, 2)"
SALES, PROFIT = EUROS.format("Ventes"), EUROS.format("Profit")
CUTS = [
    ("ventes_par_trimestre", ["quarter"], []),
    ("ventes_par_segment_annee", ["segment", "year"], []),
    (
        "ventes_pme_par_trimestre",
        ["quarter"],
        ["segment=Petite et moyenne entreprise"],
    ),
    ("ventes_france_par_trimestre", ["quarter"], ["country=France"]),
    ("ventes_par_categorie", ["line"], []),
    ("ventes_par_zone", ["Zone géographique"], []),
]


LINES = """
kind = "sum"
unit = "count"
better = "up"
label = { fr = "Lignes", en = "Lines" }
question = { fr = "Combien de lignes de commande ?", en = "How many order lines?" }
reference = "This company's own"
formula = "number"
[components.number]
from = "order_lines"
dated = "on"
count = true
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("hypermarche")
    found = prepared(folder, "hypermarche_fr_dev", mapping=None, files=[NAME])
    (folder / "kpis").mkdir(exist_ok=True)
    (folder / "kpis" / "lines.toml").write_text(LINES, "utf-8")
    return found


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    return Files(lines=SHARED / "hypermarche_fr_dev" / NAME)


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_sales_and_profit(desk: Desk) -> None:
    assert desk.one("revenue", *ALL)["value"] == desk.truth["ventes_total"]
    assert desk.one("revenue", *ALL)["currency"] == "EUR"
    assert desk.one("gross_margin", *ALL)["value"] == desk.truth["profit_total"]


@pytest.mark.parametrize(("key", "by", "where"), CUTS, ids=[cut[0] for cut in CUTS])
def test_sales_by_slice(desk: Desk, key: str, by: list[str], where: list[str]) -> None:
    found = plain(desk.table("revenue", *ALL, by=by, where=where))
    same_as_truth(found, desk.truth[key])


def test_margin_rate(desk: Desk, files: Files) -> None:
    found = desk.one("gross_margin_rate", *ALL)["value"]
    exact = files.shares(f"SELECT 'all', sum({PROFIT}), sum({SALES}) FROM lines")
    assert found == pytest.approx(exact["all"], abs=EXACT)
    assert found == pytest.approx(desk.truth["marge_totale"], abs=SIX_DIGITS)


def test_margin_rate_by_category(desk: Desk, files: Files) -> None:
    found = desk.table("gross_margin_rate", *ALL, by=["line"])
    same_as_truth(found, desk.truth["marge_par_categorie"], within=SIX_DIGITS)
    query = f'SELECT "Catégorie", sum({PROFIT}), sum({SALES}) FROM lines GROUP BY 1'
    same_exactly(found, files.shares(query))


def test_lines_orders_and_basket(desk: Desk, files: Files) -> None:
    row = desk.one("average_basket", *ALL)
    assert files.one("SELECT count(*) FROM lines") == desk.truth["lignes"]
    assert desk.one("lines", *ALL)["value"] == desk.truth["lignes"]
    assert row["denominator"] == desk.truth["commandes"]
    assert row["value"] == pytest.approx(desk.truth["panier_moyen"], abs=CENT)


def test_customers_new_and_back(desk: Desk, files: Files) -> None:
    row = desk.one("repeat_purchase_rate", *ALL)
    found = plain(desk.table("new_customers", *ALL, by=["quarter"]))
    assert row["denominator"] == desk.truth["clients"]
    assert row["value"] == pytest.approx(desk.truth["taux_reachat"], abs=SIX_DIGITS)
    twice = files.one(
        'SELECT count(*) FROM (SELECT "ID client" FROM lines GROUP BY 1 '
        'HAVING count(DISTINCT "ID commande") > 1)'
    )
    assert row["value"] == pytest.approx(twice / desk.truth["clients"], abs=EXACT)
    assert found == desk.truth["nouveaux_clients_par_trimestre"]


def test_attainment_of_the_forecasts(desk: Desk, tmp_path: Path) -> None:
    truth = desk.truth["atteinte_par_trimestre"]
    found = standings(
        desk,
        [
            Quota(quarter, "company", *bounds(quarter), counts["prevision"])
            for quarter, counts in truth.items()
        ],
        tmp_path,
        on="2023-01-15",
    )
    for quarter, counts in truth.items():
        row, exact = found[quarter], counts["ventes"] / counts["prevision"]
        assert row["actual"] == counts["ventes"], quarter
        assert row["attainment"] == pytest.approx(exact, abs=EXACT), quarter


def bounds(quarter: str) -> tuple[str, str]:
    """Return the first day of a quarter `2020Q1` and the first day after it."""
    year, number = int(quarter[:4]), int(quarter[-1])
    after = f"{year + 1}-01-01" if number == 4 else f"{year}-{3 * number + 1:02}-01"
    return f"{year}-{3 * number - 2:02}-01", after


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    again = prepared(
        desk.workspace, "hypermarche_fr_dev", mapping=None, files=[NAME]
    ).report
    assert again["totals"]["duplicate"] == desk.truth["lignes"]
    assert again["snapshot"] is None
