"""Cells as texts and values: what is empty, what is yes, what a closed list holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from jalon.connectors.files.sql import Node, column, first_of, sql

SPACES = " \t\r\n\u00a0\u202f\u2009\u200b\ufeff"
NO_VALUE = ("", "null", "\\n", "#n/a", "n/a", "(null)", "<na>", "#value!")
NO_VALUE_OF_PANDAS = ("nan", "NaN", "NaT")  # Nan is also a first name
NO_NUMBER = (
    "nan",
    "nat",
    "-",
    "--",
    "—",
    "–",
    "na",
    "none",
    "?",
    "n.a.",
    "n.c.",
    "n.d.",
    "s.o.",
)
YES = ("1", "true", "yes", "y", "t", "oui", "o", "vrai", "v", "x", "✓", "on", "1.0")
NO = ("0", "false", "no", "n", "f", "non", "faux", "off", "✗", "0.0")
SYNONYMS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("deals", "outcome"): {
        "won": ("win", "closed won", "closedwon", "gagné", "gagnée", "gagne", "signé"),
        "lost": ("loss", "closed lost", "closedlost", "perdu", "perdue", "abandonné"),
        "open": ("active", "in progress", "ouvert", "ouverte", "en cours", "pending"),
    },
    ("deals", "kind"): {
        "new": ("new business", "newbusiness", "nouveau", "nouvelle affaire"),
        "renewal": ("renouvellement",),
        "upsell": ("up-sell", "expansion", "existing business", "montée en gamme"),
        "cross_sell": ("cross-sell", "cross sell", "vente croisée"),
    },
    ("activities", "kind"): {
        "call": ("appel", "phone", "call_outbound", "call_inbound", "téléphone"),
        "meeting": ("réunion", "rendez-vous", "rdv", "visite", "visit"),
        "demo": ("démo", "démonstration", "demonstration"),
        "email": ("mail", "e-mail", "courriel", "email_sent", "email_received"),
        "proposal": ("proposition", "devis", "quote", "proposal_sent"),
        "other": ("autre", "task", "tâche", "note"),
    },
    ("tickets", "kind"): {
        "complaint": ("réclamation", "plainte"),
        "question": ("request", "demande"),
    },
}


def trimmed(value: Node) -> Node:
    """Return the text without outer spaces."""
    return sql(
        "CASE WHEN regexp_matches($v, $outer) THEN trim($v, $spaces) ELSE $v END",
        v=value,
        outer=r"^[^!-~\x{00a1}-\x{024f}]|[^!-~\x{00a1}-\x{024f}]$",
        spaces=SPACES,
    )


def tidy(text: Node) -> Node:
    """Return a trimmed text, NULL where it says that it is empty."""
    return sql(
        "CASE WHEN $empty THEN NULL ELSE $t END",
        t=text,
        empty=exp.or_(
            among(sql("lower($t)", t=text), NO_VALUE),
            among(text, NO_VALUE_OF_PANDAS),
        ),
    )


def among(value: Node, words: Iterable[str]) -> Node:
    """Return whether a text is one of some words: far faster than a list."""
    literals = [exp.Literal.string(word) for word in words]
    return exp.In(this=value.copy(), expressions=literals)


def filled(value: Node) -> Node:
    """Return a tidy text, NULL too where it stands for the absence of a number."""
    return sql(
        "CASE WHEN $absent THEN NULL ELSE $v END",
        v=value,
        absent=among(sql("lower($v)", v=value), NO_NUMBER),
    )


def replaced(value: Node, values: Mapping[str, str]) -> Node:
    """Return the canonical value of a source value; one not listed passes through.

    A value replaced by nothing ("") is absent.
    """
    pairs = [
        (sql("$v = $former", v=value, former=former), sql("NULLIF($new, '')", new=new))
        for former, new in values.items()
    ]
    return first_of(pairs, value)


def flag(value: Node) -> Node:
    """Return yes as true and no as false, in French or English; else NULL."""
    return sql(
        "CASE WHEN $yes THEN true WHEN $no THEN false END",
        yes=among(sql("lower($v)", v=value), YES),
        no=among(sql("lower($v)", v=value), NO),
    )


def listed(value: Node, table: str, name: str, allowed: tuple[str, ...]) -> Node:
    """Return the allowed value a text means, NULL where it means none of them."""
    words = SYNONYMS.get((table, name), {})
    pairs = [
        (
            among(sql("lower($v)", v=value), [one, *words.get(one, ())]),
            sql("$one", one=one),
        )
        for one in allowed
    ]
    return first_of(pairs, sql("NULL"))


def text_column(name: str) -> Node:
    """Return the column that holds the text of a canonical column."""
    return column(f"t_{name}")
