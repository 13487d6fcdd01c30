# ruff: noqa: DTZ001 -- moments of files carry no zone
from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.connectors.files.dates import date_reading, moment
from jalon.connectors.files.sql import column


def moments_read(
    texts: list[str], fixed: str = "", zone: str = "Europe/Paris"
) -> list[datetime | None]:
    """Read a column of texts as the import does: its order first, then its values."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            "CREATE TABLE given AS SELECT generate_subscripts(?, 1) AS place, "
            "CAST(unnest(?) AS VARCHAR) AS t",
            [texts, texts],
        )
        reading = date_reading(connection, "given", "t", fixed)
        shown = exp.alias_(moment(reading, column("t"), zone), "m")
        query = exp.select(shown).from_("given").sql("duckdb")
        return [
            row[0] for row in connection.execute(f"{query} ORDER BY place").fetchall()
        ]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["2024-02-29"], ["2024-02-29"], id="ISO"),
        pytest.param(["2024-02-30"], [None], id="a day that never was"),
        pytest.param(
            ["1996-07-04 00:00:00.000"], ["1996-07-04"], id="ISO with a clock"
        ),
        pytest.param(["2023-07-28 3:00"], ["2023-07-28T03:00"], id="one digit of hour"),
        pytest.param(
            ["2024-07-01T10:00:00Z"],
            ["2024-07-01T12:00"],
            id="UTC in summer is two hours earlier",
        ),
        pytest.param(
            ["2024-01-01T23:30:00+00:00"],
            ["2024-01-02T00:30"],
            id="an offset may change the day",
        ),
        pytest.param(
            ["05/02/2010", "19/02/2010"],
            ["2010-02-05", "2010-02-19"],
            id="19 cannot be a month",
        ),
        pytest.param(
            ["05/02/10", "19/02/10"],
            ["2010-02-05", "2010-02-19"],
            id="two digits of year",
        ),
        pytest.param(
            ["02/05/2010", "02/19/2010"],
            ["2010-02-05", "2010-02-19"],
            id="19 cannot be a month, in second place",
        ),
        pytest.param(
            ["01-09-2021", "07-11-2021"],
            ["2021-09-01", "2021-11-07"],
            id="nothing tells: the day first",
        ),
        pytest.param(
            ["1/2/24 3:05 PM"],
            ["2024-01-02T15:05"],
            id="nothing tells but PM: the month first",
        ),
        pytest.param(
            ["12/31/19 0:00", "1/5/20 13:30"],
            ["2019-12-31", "2020-01-05T13:30"],
            id="m/d/yy h:mm",
        ),
        pytest.param(["31.12.2024"], ["2024-12-31"], id="dots"),
        pytest.param(["2024/12/31"], ["2024-12-31"], id="ISO with slashes"),
        pytest.param(["20241231"], ["2024-12-31"], id="eight digits"),
        pytest.param(["45292"], ["2024-01-01"], id="an Excel serial"),
        pytest.param(["45292.5"], ["2024-01-01T12:00"], id="an Excel serial at noon"),
        pytest.param(
            ["1704067200000"], ["2024-01-01T01:00"], id="milliseconds since 1970"
        ),
        pytest.param(
            ["12 janvier 2024", "1 août 2024"],
            ["2024-01-12", "2024-08-01"],
            id="French months",
        ),
        pytest.param(["Jan 12, 2024"], ["2024-01-12"], id="an English month first"),
        pytest.param(["12-Dec-24"], ["2024-12-12"], id="a short month"),
        pytest.param(["lundi 1 janvier 2024"], ["2024-01-01"], id="a weekday before"),
        pytest.param(["bientôt"], [None], id="words"),
        pytest.param(
            ["31/12/2024", "2024-12-30"],
            ["2024-12-31", "2024-12-30"],
            id="two ways in one column",
        ),
    ],
)
def test_dates_are_read_as_people_write_them(
    texts: list[str], expected: list[str | None]
) -> None:
    assert moments_read(texts) == [None if one is None else at(one) for one in expected]


def test_a_format_of_the_mapping_overrules_what_is_seen() -> None:
    assert moments_read(["05/02/2010", "19/02/2010"], "%m/%d/%Y") == [
        at("2010-05-02"),
        None,
    ]


DAYS = st.dates(date(1980, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    "written", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d"]
)
@settings(max_examples=12, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=15))
def test_days_written_first_are_read_back(written: str, days: list[date]) -> None:
    found = moments_read([one.strftime(written) for one in days])
    assert found == [datetime(one.year, one.month, one.day) for one in days]


@settings(max_examples=12, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=15))
def test_months_written_first_are_read_back_once_one_tells(days: list[date]) -> None:
    telling = [*days, date(2024, 5, 25)]
    found = moments_read([one.strftime("%m/%d/%Y") for one in telling])
    contradicted = sum(one.day > 12 for one in telling) == 0
    assert contradicted or found == [
        datetime(one.year, one.month, one.day) for one in telling
    ]


@settings(max_examples=12, deadline=None)
@given(days=st.lists(st.integers(20000, 80000), min_size=1, max_size=10))
def test_excel_serials_count_days_since_the_end_of_1899(days: list[int]) -> None:
    epoch = datetime(1899, 12, 30)
    assert moments_read([str(one) for one in days]) == [
        epoch + timedelta(days=one) for one in days
    ]


@settings(max_examples=12, deadline=None)
@given(texts=st.lists(st.text(max_size=14), min_size=1, max_size=8))
def test_no_text_stops_the_reading(texts: list[str]) -> None:
    assert len(moments_read([one.replace("\x00", "") for one in texts])) == len(texts)
