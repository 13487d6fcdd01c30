from __future__ import annotations

import pytest

from jalon.connectors.files.mapping import (
    FileMapping,
    Join,
    TableMapping,
    covers,
    dumped,
    parsed,
)
from jalon.connectors.files.refusal import ImportRefusedError

WRITTEN = """
[[table]]
into = "deals"
file = "sales*.csv"
where = ["amount > 0"]
[table.columns]
deal_id = "id"
[table.values.outcome]
"Gagné \\"net\\"" = "won"
[table.constants]
currency = "USD"
[table.computed]
amount = "price * 2"
[table.attributes]
[table.repair]
extra_field = "address"
[[table.join]]
file = "orders.csv"
on = { id = "order id" }
"""


def test_a_mapping_file_is_read_part_by_part() -> None:
    assert parsed(WRITTEN) == FileMapping(
        (
            TableMapping(
                into="deals",
                file="sales*.csv",
                columns={"deal_id": "id"},
                values={"outcome": {'Gagné "net"': "won"}},
                constants={"currency": "USD"},
                computed={"amount": "price * 2"},
                joins=(Join("orders.csv", {"id": "order id"}),),
                where=("amount > 0",),
                attributes={},
                extra_field="address",
            ),
        )
    )


def test_a_mapping_written_is_read_back_the_same() -> None:
    mapping = parsed(WRITTEN)
    assert parsed(dumped(mapping)) == mapping


def test_where_may_be_a_table_of_values() -> None:
    (table,) = parsed(
        '[[table]]\ninto = "deals"\n[table.where]\nstatus = ["Paid", "Sent"]'
    ).tables
    assert table.where == ("status=Paid|Sent",)


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        pytest.param(
            '[[table]]\ninto = "deal"', "mapping_unknown_table", "deals", id="table"
        ),
        pytest.param(
            '[[table]]\ninto = "deals"\n[table.columns]\nclose_on = "x"',
            "mapping_unknown_column",
            "closed_on",
            id="column",
        ),
        pytest.param(
            '[[table]]\ninto = "deals"\n[table.column]\nstage = "x"',
            "mapping_unknown_entry",
            "columns",
            id="entry",
        ),
    ],
)
def test_a_mistyped_name_is_refused_with_the_nearest_one(
    text: str, code: str, nearest: str
) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        parsed(text)
    assert (refusal.value.code, refusal.value.parameters["nearest"]) == (code, nearest)


@pytest.mark.parametrize(
    "text", ["", "x = 1", "table = 3", "[[table", "[[table]]\ninto='deals'\ncolumns=3"]
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(ImportRefusedError):
        parsed(text)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("sales*.csv", "Sales_2024.CSV", True),
        ("orders.csv", "exports/orders.csv", True),
        ("orders.csv", "orders.csv.gz", True),
        ("exports/*.csv", "exports/orders.csv", True),
        ("orders.csv", "orders.xlsx", False),
    ],
)
def test_a_pattern_covers_names_whatever_their_case(
    pattern: str, name: str, *, expected: bool
) -> None:
    assert covers(pattern, name) is expected
