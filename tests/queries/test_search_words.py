"""A word finds a name however it is written, as DuckDB's own folding would."""

from __future__ import annotations

import duckdb
import pytest

from jalon.queries.search import _accented

NAMES = [
    *("Écureuil & Fils", "écureuil", "ECUREUIL", "GARÇON", "Garcon", "Nuñez"),
    *("Čeština", "Łódź", "Đà Nẵng", "Œuvres", "a.b (c)", "a+b", "100 %", "", "ÿ"),
    *("Ba\u0301sta", "Straße", "ISTANBUL", "İstanbul"),
]


@pytest.mark.parametrize(
    "word",
    ["ecu", "garcon", "nunez", "ces", "odz", "na", "a.b", "(c", "+", "%", "y", "bas"],
)
def test_a_word_finds_the_names_that_folding_them_would(word: str) -> None:
    found = duckdb.execute(
        "SELECT list(name) FILTER (regexp_matches(name, $pattern)), "
        "list(name) FILTER (contains(strip_accents(lower(name)), $word)) "
        "FROM (SELECT unnest($names) AS name)",
        {"pattern": _accented(word), "word": word, "names": NAMES},
    ).fetchall()[0]
    assert found[0] == found[1]
