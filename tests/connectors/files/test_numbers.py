from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.connectors.files.numbers import number, number_readings
from jalon.connectors.files.sql import column

NARROW, HARD = "\u202f", "\u00a0"


def numbers_read(
    texts: list[str], *, comma_likely: bool = False
) -> list[Decimal | None]:
    """Read a column of texts as the import does: its style first, then its values."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE given AS SELECT generate_subscripts(?, 1) AS place, "
            "CAST(unnest(?) AS VARCHAR) AS t",
            [texts, texts],
        )
        reading = number_readings(
            connection, "given", ["t"], comma_likely=comma_likely
        )["t"]
        query = exp.select(number(reading, column("t"), "DECIMAL(18, 4)")).from_(
            "given"
        )
        return [
            row[0]
            for row in connection.execute(
                f"{query.sql('duckdb')} ORDER BY place"
            ).fetchall()
        ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 234,50 €", "1234.50", id="a French amount"),
        pytest.param(f"1{NARROW}234,50{HARD}€", "1234.50", id="narrow and hard spaces"),
        pytest.param(f"1{HARD}234{HARD}567,00", "1234567", id="hard spaces, no sign"),
        pytest.param("€ 162,5", "162.5", id="the euro first"),
        pytest.param("(1 234,5)", "-1234.5", id="an accountant's negative"),
        pytest.param("-12,5", "-12.5", id="a minus"),
        pytest.param("\u221212,5", "-12.5", id="a typographer's minus"),
        pytest.param("12,5-", "-12.5", id="a minus behind"),
        pytest.param("15,5 %", "0.155", id="a percentage is a share"),
        pytest.param("12,5 k€", "12500", id="thousands of euros"),
        pytest.param("1,2 M€", "1200000", id="millions of euros"),
        pytest.param("1.234,50", "1234.50", id="German dots"),
        pytest.param("1'234,5", "1234.5", id="Swiss apostrophes"),
        pytest.param("USD 12,5", "12.5", id="a currency's code first"),
        pytest.param("12,5 EUR", "12.5", id="a currency's code behind"),
        pytest.param("à voir", None, id="words"),
        pytest.param("12/05/2024", None, id="a date"),
        pytest.param("1,2,3", None, id="a list"),
    ],
)
def test_a_decimal_comma_is_read(text: str, expected: str | None) -> None:
    (_, found) = numbers_read(["0,25", text])
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["1,234.50", "1,234"], ["1234.5", "1234"], id="English thousands"),
        pytest.param(["$1,234", "$999"], ["1234", "999"], id="thousands alone"),
        pytest.param(
            ["1.234.567", "1.234"], ["1234567", "1234"], id="dots are thousands"
        ),
        pytest.param(["1.234", "0.5"], ["1.234", "0.5"], id="dots are decimals"),
        pytest.param(["12", "-3"], ["12", "-3"], id="whole numbers"),
        pytest.param(["1e3", "2.5E-1"], ["1000", "0.25"], id="powers of ten"),
        pytest.param([".5", "2."], ["0.5", "2"], id="half a number"),
        pytest.param(["731.9399999999999"], ["731.94"], id="a float, to four decimals"),
    ],
)
def test_the_style_is_decided_over_the_whole_column(
    texts: list[str], expected: list[str]
) -> None:
    assert numbers_read(texts) == [Decimal(one) for one in expected]


def test_a_semicolon_file_settles_an_ambiguous_comma() -> None:
    assert numbers_read(["1,234"], comma_likely=True) == [Decimal("1.234")]
    assert numbers_read(["1,234"], comma_likely=False) == [Decimal(1234)]


def french(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NARROW)
    return f"{'-' if cents < 0 else ''}{grouped},{rest:02d} €"


def english(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    shown = f"${whole:,}.{rest:02d}"
    return f"({shown})" if cents < 0 else shown


@pytest.mark.parametrize("written", [french, english])
@settings(max_examples=20, deadline=None)
@given(cents=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20))
def test_what_is_written_by_hand_is_read_to_the_cent(
    written: object, cents: list[int]
) -> None:
    assert callable(written)
    texts = [written(one) for one in cents]
    assert numbers_read(texts) == [Decimal(one) / 100 for one in cents]


@settings(max_examples=12, deadline=None)
@given(texts=st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_no_text_stops_the_reading(texts: list[str]) -> None:
    assert len(numbers_read([one.replace("\x00", "") for one in texts])) == len(texts)
