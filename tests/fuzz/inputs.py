"""The good inputs that are made bad: small, of every kind a door reads."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl

DEALS = (
    "Identifiant;Commercial;Compte;Créé le;Clos le;Montant;Étape;Statut\n"
    "1;Alice Martin;Dupont SA;02/01/2025;15/02/2025;1 234,50 €;Signature;Gagnée\n"
    "2;Bob Durand;Élan;05/01/2025;;12 000,00 €;Proposition;En cours\n"
    "3;Alice Martin;Dupont SA;07/01/2025;01/03/2025;800,00 €;Perdue;Perdue\n"
    "4;Chloé Roux;Société Générale;09/01/2025;20/03/2025;5 400,00 €;Signature;Gagnée\n"
)
LEADS = "Lead ID,Owner,Created date,Source,Status\n1,Ann,2025-01-02,web,new\n2,Bo,2025-01-03,call,qualified\n"
MAPPING = """[[table]]
into = "deals"
file = "deals.csv"
[table.columns]
deal_id = "Identifiant"
owner_id = "Commercial"
created_on = "Créé le"
closed_on = "Clos le"
amount = "Montant"
outcome = "Statut"
[table.values.outcome]
"Gagnée" = "won"
"Perdue" = "lost"
"En cours" = "open"
[table.constants]
currency = "EUR"
"""
OBJECTIVES = """[[objective]]
id = "T3-pme"
statement = "Augmenter de 15 % le chiffre d'affaires d'ici la fin du trimestre"
kpi = "revenue"
owner = "company"
first = 2025-07-01
after = 2025-10-01
baseline = 1150000
target = 1322500
bands = { minimum = 1250000, excellent = 1400000 }
where = ["segment=PME"]
weight = 0.5
"""
OBJECTIVES_CSV = (
    "id;statement;kpi;owner;first;after;target\n"
    "a;Signer 30 affaires;deals_won;company;2025-01-01;2025-04-01;30\n"
)
PLAN = """[plan]
name = "2025"
currency = "EUR"
variable = 10000

[[component]]
key = "bonus"
measure = "sales"
pays = "bonus"
curve = [[0.7, 0], [1, 1], [1.5, 2]]
beyond = "extend"
cap = 20000
"""
RESULTS = "person,measure,attainment\nAnn,sales,1.2\nBob,sales,0.8\n"
CASCADE = {
    "kpi": "revenue",
    "target": 1_000_000,
    "unit": "money",
    "step": 100,
    "method": "history",
    "cushion": 0.05,
    "nodes": [
        {"id": "company", "parent": None},
        {"id": "north", "parent": "company", "weight": 2, "history": 500000},
        {"id": "south", "parent": "company", "history": 300000, "floor": 100000},
        {"id": "ann", "parent": "north", "history": 250000, "ceiling": 900000},
        {"id": "bo", "parent": "north", "history": 250000, "locked": 300000},
    ],
}


def workbook() -> bytes:
    """The deals as a sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in DEALS.splitlines():
        sheet.append(line.split(";"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bundle() -> bytes:
    """Two files in one ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        held.writestr("deals.csv", DEALS)
        held.writestr("leads.csv", LEADS)
    return out.getvalue()


def lines() -> bytes:
    """The leads as JSON lines."""
    head, *rest = (line.split(",") for line in LEADS.splitlines())
    return "\n".join(
        json.dumps(dict(zip(head, row, strict=True))) for row in rest
    ).encode()
