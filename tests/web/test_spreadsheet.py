"""Files for spreadsheets: what somebody typed in a CRM never becomes a formula."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from jalon.web.components.cells import Cell
from jalon.web.components.spreadsheet import written

DANGEROUS = ["=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_is_never_a_formula_in_csv(text: str) -> None:
    lines = written([("s", [("name",), (text,)])], kind="csv").decode("utf-8-sig")

    assert lines.splitlines()[1].strip('"').startswith("'")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_is_never_a_formula_in_xlsx(text: str) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(written([("s", [("name",), (text,)])], kind="xlsx"))
    )

    (cell,) = book.active[2]  # type: ignore[index]
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_negative_amount_stays_a_number() -> None:
    rows: list[tuple[Cell, ...]] = [("amount",), (Decimal("-600.50"),)]

    assert "-600" in written([("s", rows)], kind="csv").decode("utf-8-sig")


def test_a_name_excel_refuses_names_the_sheet_all_the_same() -> None:
    rows: list[tuple[Cell, ...]] = [("a",)]
    named = [("won/lost [2025]: all?", rows), ("x" * 60, rows)]

    book = openpyxl.load_workbook(io.BytesIO(written(named, kind="xlsx")))

    assert book.sheetnames[0] == "1 wonlost 2025 all"
    assert len(book.sheetnames[1]) == 31
