# ruff: noqa: DTZ001 -- moments of files carry no zone
from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import duckdb
import openpyxl
import pytest
from reading_desk import Desk, rejects, rows

from jalon.connectors.files.refusal import ImportRefusedError

DEALS = """
[[table]]
into = "deals"
file = "deals*"
[table.columns]
deal_id = "id"
amount = "montant"
closed_on = "date"
stage = "étape"
"""
HEADS = "id;montant;date;étape\n"
TWO = HEADS + "1;1 234,50 €;31/01/2024;Gagné\n2;12,00 €;01/02/2024;Perdu\n"
BOTH = [
    ("1", Decimal("1234.5"), date(2024, 1, 31), "won"),
    ("2", Decimal(12), date(2024, 2, 1), "lost"),
]
SHOWN = "deal_id, amount, closed_on, outcome"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TWO.encode(), id="UTF-8"),
        pytest.param(TWO.encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(TWO.encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param(TWO.encode("utf-16-le"), id="UTF-16 without"),
        pytest.param(TWO.encode("cp1252"), id="Windows-1252"),
        pytest.param(TWO.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(TWO.replace("\n", "\r").encode(), id="old Macintosh line ends"),
        pytest.param(TWO.replace("\n", "\r\n", 1).encode(), id="mixed line ends"),
        pytest.param(TWO.replace(";", "\t").encode(), id="tabs"),
        pytest.param(TWO.replace(";", "|").encode(), id="bars"),
        pytest.param(("sep=;\n" + TWO).encode(), id="Excel's sep= line"),
        pytest.param(("Export des affaires;;;\n\n" + TWO).encode(), id="a title above"),
        pytest.param(TWO.replace("€", "€\x00").encode(), id="NULs"),
        pytest.param(gzip.compress(TWO.encode()), id="gzip"),
        pytest.param(
            (HEADS + "1;1 234,50 €;31/01/2024;Gagn").encode()
            + b"\xe9\n"
            + "2;12,00 €;01/02/2024;Perdu\n".encode(),
            id="a line of another encoding",
        ),
    ],
)
def test_the_same_rows_are_read_however_the_file_is_written(
    desk: Desk, content: bytes
) -> None:
    desk.file("deals.csv", content)
    assert rows(desk.read(DEALS), "deals", SHOWN) == BOTH


def test_a_workbook_is_read_sheet_by_name(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["rien", "ici"])
    sheet = book.create_sheet("Affaires")
    sheet.append(["Affaires de janvier"])
    sheet.append(["id", "montant", "date", "étape"])
    sheet.append([1, 1234.5, datetime(2024, 1, 31), "Gagné"])
    sheet.append([2, 12, datetime(2024, 2, 1), "Perdu"])
    content = BytesIO()
    book.save(content)
    desk.file("deals.xlsx", content.getvalue())
    mapping = DEALS.replace('file = "deals*"', 'file = "deals*"\nsheet = "affaires"')
    assert rows(desk.read(mapping), "deals", SHOWN) == BOTH


def test_json_lines_are_read_and_a_broken_one_is_set_aside(desk: Desk) -> None:
    records = [
        {"id": 1, "montant": "1 234,50 €", "date": "31/01/2024", "étape": "Gagné"},
        {
            "id": 2,
            "montant": "12,00 €",
            "date": "01/02/2024",
            "étape": "Perdu",
            "plus": {"a": 1},
        },
    ]
    lines = [json.dumps(one, ensure_ascii=False) for one in records]
    desk.file("deals.jsonl", "\n".join([lines[0], "{oops", lines[1]]) + "\n")
    reading = desk.read(DEALS)
    assert rows(reading, "deals", SHOWN) == BOTH
    assert [(one[1], one[4]) for one in rejects(reading)] == [(2, "not_json")]


def test_parquet_is_read_with_its_types(desk: Desk) -> None:
    path = desk.file("deals.parquet", b"")
    duckdb.sql(
        "SELECT 1 AS id, 1234.5 AS montant, DATE '2024-01-31' AS date, 'Gagné' AS étape "
        "UNION ALL SELECT 2, 12, DATE '2024-02-01', 'Perdu'"
    ).write_parquet(str(path))
    assert rows(desk.read(DEALS), "deals", SHOWN) == BOTH


def test_a_zip_and_a_folder_are_read_file_by_file(desk: Desk) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "exports/deals_1.csv", HEADS + "1;1 234,50 €;31/01/2024;Gagné\n"
        )
        archive.writestr("__MACOSX/._deals_1.csv", "garbage")
    desk.file("all.zip", packed.getvalue())
    desk.file("more/deals_2.csv", HEADS + "2;12,00 €;01/02/2024;Perdu\n")
    reading = desk.read(DEALS)
    assert sorted(rows(reading, "deals", SHOWN)) == BOTH
    assert sorted(part.file for part in reading.parts) == [
        "exports/deals_1.csv",
        "more/deals_2.csv",
    ]


def test_each_row_that_cannot_be_read_is_set_aside_with_its_reason(desk: Desk) -> None:
    desk.file(
        "deals.csv",
        "id,montant,date,étape\n"
        "1,10,2024-01-31,Won\n"
        "2,ten,2024-01-31,Won\n"
        "3,10,2024-02-30,Won\n"
        ",10,2024-01-31,Won\n"
        "5,10,2024-01-31,Won,surplus\n"
        "6,10\n"
        "7,10,2024-01-31,Won\n",
    )
    reading = desk.read(DEALS)
    assert [one[0] for one in rows(reading, "deals")] == ["1", "7"]
    assert [one[1:] for one in rejects(reading)] == [
        (3, "amount", "ten", "not_a_number"),
        (4, "closed_on", "2024-02-30", "not_a_date"),
        (5, "deal_id", None, "missing_key"),
        (6, None, "5,10,2024-01-31,Won,surplus", "too_many_fields"),
        (7, None, "6,10", "too_few_fields"),
    ]
    (part,) = reading.parts
    assert (part.read, part.accepted, part.rejected, part.duplicate) == (7, 2, 5, 0)
    assert [one[0] for one in rows(reading, "deals", "source_id")] == ["2", "8"]


def test_a_quote_left_open_costs_its_own_line_only(desk: Desk) -> None:
    desk.file(
        "deals.csv",
        'id,montant,date,étape\n1,10,2024-01-31,"Won\n2,10,2024-01-31,Won\n3,10,2024-01-31,Won\n',
    )
    reading = desk.read(DEALS)
    assert [one[0] for one in rows(reading, "deals")] == ["2", "3"]
    assert [(one[1], one[4]) for one in rejects(reading)] == [(2, "broken_quotes")]


def test_a_surplus_field_is_folded_where_the_mapping_says(desk: Desk) -> None:
    desk.file("lines.csv", "order,address,amount\n1,Rua do Paço, 67,10\n2,plain,20\n")
    mapping = """
    [[table]]
    into = "order_lines"
    file = "lines.csv"
    [table.columns]
    order_id = "order"
    amount = "amount"
    on = "order"
    [table.formats]
    on = "%d"
    [table.repair]
    extra_field = "Address"
    """
    reading = desk.read(mapping)
    found = rows(
        reading, "order_lines", "order_id, line_id, amount, attributes ->> 'address'"
    )
    assert found == [
        ("1", "2", Decimal(10), "Rua do Paço, 67"),
        ("2", "3", Decimal(20), "plain"),
    ]


LINES = """
[[table]]
into = "order_lines"
file = "lines.csv"
where = ["quantity > 0", "status = Paid|Sent"]
[table.columns]
order_id = "order_id"
quantity = "quantity"
on = "day"
account_id = "orders.who"
[table.computed]
amount = "price * quantity * (1 - discount)"
[[table.join]]
file = "orders.csv"
on = { order_id = "id" }

[[table]]
into = "accounts"
file = "orders.csv"
distinct = true
[table.columns]
account_id = "who"
name = "who"
"""


def test_columns_are_computed_joined_and_filtered(desk: Desk) -> None:
    desk.file(
        "lines.csv",
        "order_id,quantity,price,discount,status,who\nA,3,14.00,0.15,Paid,x\nA,0,1,0,Paid,x\nB,1,9.99,0.5,Sent,x\nB,1,1,0,Lost,x\nC,2,5,0,Paid,x\n",
    )
    desk.file(
        "orders.csv",
        "id,day,who\nA,1996-07-04,ACME\nB,1996-07-05,Béta\nB,1999-01-01,Béta\n",
    )
    reading = desk.read(LINES)
    assert rows(reading, "order_lines", 'order_id, amount, account_id, "on"') == [
        ("A", Decimal("35.7"), "ACME", date(1996, 7, 4)),
        ("B", Decimal("4.995"), "Béta", date(1996, 7, 5)),
        ("C", Decimal(10), None, None),
    ]
    assert [(one.read, one.filtered, one.accepted) for one in reading.parts] == [
        (5, 2, 3),
        (2, 0, 2),
    ]
    assert [one[0] for one in rows(reading, "accounts")] == ["ACME", "Béta"]


def test_what_cannot_be_read_of_a_joined_file_is_set_aside_too(desk: Desk) -> None:
    desk.file(
        "lines.csv",
        "order_id,quantity,price,discount,status\n"
        "A,3,14.00,0.15,Paid\nB,1,9.99,0.5,Sent\nB,2,1,0,Sent\nC,1,1,0,Paid\n",
    )
    desk.file(
        "orders.csv",
        "id,day,who\nA,1996-07-04,ACME\nB,1996-02-30,Béta\nA,1996-07-05,ACME\n"
        ",1996-07-06,Nobody\nD,1996-07-07,Délta,surplus\nE,soon,Unused\n",
    )
    reading = desk.read(LINES.partition('[[table]]\ninto = "accounts"')[0])

    assert [one[0] for one in rows(reading, "order_lines")] == ["A", "C"]
    assert rejects(reading) == [
        ("lines.csv", 3, "on", "1996-02-30", "not_a_date"),
        ("lines.csv", 4, "on", "1996-02-30", "not_a_date"),
        ("orders.csv", 3, "on", "1996-02-30", "not_a_date"),
        ("orders.csv", 5, "id", None, "missing_key"),
        ("orders.csv", 6, None, "D,1996-07-07,Délta,surplus", "too_many_fields"),
    ]
    lines, orders = reading.parts
    assert (lines.read, lines.accepted, lines.rejected, lines.duplicate) == (4, 2, 2, 0)
    assert orders.joined
    assert (orders.read, orders.accepted) == (6, 2)
    assert (orders.rejected, orders.duplicate) == (3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "price; drop table x",
        "(SELECT 1)",
        "read_csv('x')",
        "price ** 2",
        "pg_sleep(1)",
        "price[1]",
        "price +",
    ],
)
def test_a_computed_column_is_arithmetic_and_nothing_else(
    desk: Desk, written: str
) -> None:
    desk.file("lines.csv", "order_id,price\nA,3\n")
    mapping = f'[[table]]\ninto = "order_lines"\n[table.columns]\norder_id = "order_id"\n[table.computed]\namount = "{written}"\n'
    with pytest.raises(ImportRefusedError) as refusal:
        desk.read(mapping)
    assert refusal.value.code == "bad_expression"


def test_texts_with_quotes_and_semicolons_stay_texts(desk: Desk) -> None:
    nasty = "'; DROP TABLE deals; --"
    desk.file("deals.csv", f'id,a\n1,"{nasty}"\n')
    mapping = f"""
    [[table]]
    into = "deals"
    [table.columns]
    deal_id = "id"
    name = "a"
    [table.values.name]
    "{nasty}" = "it's"
    [table.constants]
    channel = "o'clock"
    """
    assert rows(desk.read(mapping), "deals", "name, channel") == [("it's", "o'clock")]


def test_names_become_ids_and_strangers_become_people(desk: Desk) -> None:
    desk.file("people.csv", "id,name,manager\n7,Zoé Martin,Alice\n8,Bob,zoe martin\n")
    desk.file(
        "deals.csv",
        "id,owner,montant,date,étape\n1,ZOÉ MARTIN,1,2024-01-01,Won\n2,Charlie,1,2024-01-01,Won\n3,8,1,2024-01-01,Won\n4,,1,2024-01-01,Won\n",
    )
    mapping = (
        DEALS + 'owner_id = "owner"\n[[table]]\ninto = "people"\nfile = "people.csv"\n'
        '[table.columns]\nperson_id = "id"\nname = "name"\nmanager_id = "manager"\n'
    )
    reading = desk.read(mapping)
    assert rows(reading, "deals", "owner_id") == [("7",), ("Charlie",), ("8",), (None,)]
    assert reading.made == {"people": ("Alice", "Charlie")}
    people = sorted(rows(reading, "people", "person_id, name, manager_id"), key=str)
    assert people == [
        ("7", "Zoé Martin", "Alice"),
        ("8", "Bob", "7"),
        ("Alice", "Alice", None),
        ("Charlie", "Charlie", None),
    ]


def test_the_outcome_comes_from_the_flags_then_from_the_stage(desk: Desk) -> None:
    desk.file(
        "deals.csv",
        "id,montant,date,étape,IsWon,IsClosed\n1,1,2024-01-01,Négociation,true,true\n2,1,2024-01-01,Closed Won,false,true\n3,1,2024-01-01,Perdu,false,false\n4,1,2024-01-01,Gagnée,,\n",
    )
    found = rows(desk.read(DEALS), "deals", "outcome, closed_on, expected_close_on")
    day = date(2024, 1, 1)
    assert found == [
        ("won", day, None),
        ("lost", day, None),
        ("open", None, day),
        ("won", day, None),
    ]


def test_repeated_rows_are_duplicates_and_a_later_correction_wins(desk: Desk) -> None:
    desk.file(
        "deals.csv",
        HEADS
        + "1;10;2024-01-01;Won\n1;10;2024-01-01;Won\n2;10;2024-01-01;Won\n2;20;2024-01-01;Won\n",
    )
    reading = desk.read(DEALS)
    (part,) = reading.parts
    assert (part.read, part.accepted, part.duplicate) == (4, 3, 1)
    assert rows(reading, "deals", "deal_id, amount, _fresh") == [
        ("1", Decimal(10), 1),
        ("2", Decimal(20), 2),
    ]


def test_null_written_as_text_is_no_value(desk: Desk) -> None:
    desk.file("deals.csv", HEADS + "1;NULL;null;#N/A\n2;-;;  Won  \n")
    assert rows(desk.read(DEALS), "deals", "amount, stage") == [
        (None, None),
        (None, "Won"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("oui", True), ("Non", False), ("TRUE", True), ("0", False), ("vrai", True)],
)
def test_yes_and_no_are_read_in_both_languages(
    desk: Desk, text: str, *, expected: bool
) -> None:
    desk.file("a.csv", f"id,held\n1,{text}\n")
    mapping = '[[table]]\ninto = "activities"\n[table.columns]\nactivity_id = "id"\nheld = "held"\n'
    assert rows(desk.read(mapping), "activities", "held") == [(expected,)]


def test_an_unknown_value_of_a_closed_list_is_rejected(desk: Desk) -> None:
    desk.file("a.csv", "id,kind\n1,Appel\n2,Pigeon\n")
    mapping = '[[table]]\ninto = "activities"\n[table.columns]\nactivity_id = "id"\nkind = "kind"\n'
    reading = desk.read(mapping)
    assert rows(reading, "activities", "kind") == [("call",)]
    assert [one[1:] for one in rejects(reading)] == [
        (3, "kind", "Pigeon", "not_allowed")
    ]


def test_a_file_without_headers_takes_those_of_the_mapping(desk: Desk) -> None:
    desk.file("deals.tsv", "1\t10\t2024-01-01\tWon\n2\t20\t2024-01-02\tLost\n")
    mapping = DEALS.replace(
        'file = "deals*"',
        'file = "deals*"\nheaders = ["id", "montant", "date", "étape"]',
    )
    assert [one[0] for one in rows(desk.read(mapping), "deals")] == ["1", "2"]


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deals.csv", b"0" * 300_000_000)
    return packed.getvalue()


def leading_out() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../deals.csv", TWO)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("deals.csv", b"", "empty", id="an empty file"),
        pytest.param("deals.csv", b"\n \n", "empty", id="blank lines"),
        pytest.param("deals.zip", b"PK\x03\x04 nothing", "damaged", id="a broken zip"),
        pytest.param(
            "deals.xlsx", b"PK\x03\x04 nothing", "damaged", id="a broken workbook"
        ),
        pytest.param(
            "deals.parquet", b"PAR1 nothing", "damaged", id="a broken Parquet"
        ),
        pytest.param(
            "deals.csv.gz", b"\x1f\x8b nothing", "damaged", id="a broken gzip"
        ),
        pytest.param("deals.xls", b"\xd0\xcf\x11\xe0", "old_excel", id="old Excel"),
        pytest.param("deals.exe", b"\x00MZ", "unknown_kind", id="no data at all"),
        pytest.param(
            "deals.zip", leading_out(), "zip_path", id="a zip that leads outside"
        ),
        pytest.param("deals.zip", bomb(), "zip_bomb", id="a zip bomb"),
    ],
)
def test_what_cannot_be_opened_is_refused_by_name(
    desk: Desk, name: str, content: bytes, code: str
) -> None:
    path = desk.file(name, content)
    with pytest.raises(ImportRefusedError) as refusal:
        desk.read(DEALS, path)
    assert refusal.value.code == code


def test_an_unknown_source_column_is_refused_with_the_nearest(desk: Desk) -> None:
    desk.file("deals.csv", TWO)
    with pytest.raises(ImportRefusedError) as refusal:
        desk.read(DEALS.replace('"montant"', '"montants"'))
    assert refusal.value.parameters == {
        "path": "deals.csv",
        "name": "montants",
        "nearest": "montant",
    }


def test_a_line_without_end_is_one_rejected_line(desk: Desk) -> None:
    desk.file(
        "deals.csv",
        HEADS.encode()
        + b"1;10;2024-01-01;Won\n"
        + b"x" * 9_000_000
        + b"\n2;10;2024-01-01;Won\n",
    )
    reading = desk.read(DEALS)
    assert [one[0] for one in rows(reading, "deals")] == ["1", "2"]
    assert [(one[1], one[4]) for one in rejects(reading)] == [(3, "line_too_long")]


def test_nan_is_no_value_but_nan_is_a_first_name(desk: Desk) -> None:
    desk.file("p.csv", "id,name,size\n1,Nan,a\n2,nan,NaN\n3,NaN,b\n")
    mapping = """
    [[table]]
    into = "accounts"
    [table.columns]
    account_id = "id"
    name = "name"
    size = "size"
    """
    found = rows(desk.read(mapping), "accounts", "name, size")
    assert found == [("Nan", "a"), (None, None), (None, "b")]


def test_a_line_of_totals_is_no_fact_and_titles_are_no_headers(desk: Desk) -> None:
    desk.file(
        "deals.csv",
        "Société Durand;;;\nDu 01/01/2024 au 31/12/2024;;;\n\n"
        "id;montant;date;étape\n1;10,00 €;31/01/2024;Gagné\n"
        "Total;20,00 €;31/01/2024;Gagné\nTotal général;30,00 €;;\n",
    )
    reading = desk.read(DEALS)
    assert rows(reading, "deals", "deal_id, amount") == [
        ("1", Decimal(10)),
        ("Total", Decimal(20)),
    ]
    assert [one[2:] for one in rejects(reading)] == [
        (None, "Total général", "totals_row")
    ]


def test_what_stands_in_an_object_of_json_has_a_column_of_its_own(desk: Desk) -> None:
    lines = [
        {"id": 1, "montant": 10, "date": "2024-01-31", "client": {"nom": "Écho"}},
        {"id": 2, "montant": 12, "date": "2024-02-01", "client": {"ville": "Brest"}},
    ]
    desk.file("deals.jsonl", "\n".join(json.dumps(one) for one in lines))
    reading = desk.read(DEALS.replace('stage = "étape"', 'account_id = "client.nom"'))
    found = rows(reading, "deals", "account_id, attributes ->> 'client.ville'")
    assert found == [("Écho", None), (None, "Brest")]
