"""What no figure measures in the sample company: how well the SME team listens.

The team lead and the director stand one level apart, which is worth a talk.
"""

from __future__ import annotations

from datetime import date, timedelta

from jalon.demo import company
from jalon.demo.rows import Row
from jalon.demo.wishes import quarter
from jalon.domain.objectives.graded import GRADED

LEVELS = [
    "Le compte rendu décrit notre démonstration",
    "Le compte rendu cite les besoins du client",
    "Le client a validé par écrit la reformulation de ses besoins",
    "Le client cite notre compte rendu dans sa décision",
]
SAID = (
    ("owner", 3, 8, "Trois reformulations validées par courriel ce mois-ci"),
    ("manager", 2, 4, "Deux comptes rendus lus sur cinq citent les besoins"),
)


def graded(on: date) -> Row:
    """Return the graded statement of the running quarter, as a row of a file."""
    span = quarter(on)
    return {
        "id": f"ecoute-pme-{span.key}",
        "statement": "Écouter avant de proposer, et que nos comptes rendus le montrent",
        "lang": "fr",
        "kpi": GRADED,
        "owner": f"team:{company.SME}",
        "first": span.first,
        "after": span.after,
        "baseline": 1,
        "target": 3,
        "levels": LEVELS,
        "assessments": [
            {
                "side": side,
                "level": level,
                "on": max(span.first, on - timedelta(days=days)),
                "evidence": evidence,
            }
            for side, level, days, evidence in SAID
        ],
        "actions": [
            {
                "action": "Relire ensemble deux comptes rendus chaque vendredi",
                "due": min(on + timedelta(days=5), span.after - timedelta(days=1)),
                "lever": "La promesse faite à la vente",
                "effect": "Quatre comptes rendus sur cinq citent les besoins",
            }
        ],
    }
