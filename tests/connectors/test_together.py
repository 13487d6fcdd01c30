"""Order lines take their date and their customer from the file of their orders."""

from __future__ import annotations

from jalon.connectors.files.mapping import Join, SourceShape
from jalon.connectors.files.recognise import recognise
from jalon.connectors.files.together import recognise_lines

ITEMS = {
    "order_item_id": ("1", "2"),
    "order_id": ("1", "1"),
    "product_id": ("4", "20"),
    "quantity": ("1", "6"),
    "unit_price": ("104.67", "378.73"),
    "discount": ("0.15", "0.1"),
}
ORDERS = {
    "orderID": ("1", "2"),
    "customer_id": ("42", "242"),
    "sales_rep_id": ("16", "7"),
    "order_date": ("2024-08-20", "2025-03-25"),
    "order_status": ("Completed", "Returned"),
}


def shape(name: str, cells: dict[str, tuple[str, ...]]) -> SourceShape:
    return SourceShape(name, tuple(cells), cells)


def test_lines_are_joined_to_the_orders_beside_them() -> None:
    lines, orders = shape("order_items.csv", ITEMS), shape("orders.csv", ORDERS)
    assert recognise(lines).tables == ()
    (table,) = recognise_lines(lines, [lines, orders]).tables
    assert table.into == "order_lines"
    assert table.joins == (Join("orders.csv", {"order_id": "orderID"}),)
    assert table.columns == {
        "order_id": "order_id",
        "line_id": "order_item_id",
        "product_id": "product_id",
        "quantity": "quantity",
        "account_id": "customer_id",
        "person_id": "sales_rep_id",
        "on": "order_date",
    }
    assert table.computed == {"amount": "quantity * unit_price * (1 - discount)"}


def test_the_state_of_an_order_is_kept_with_its_lines() -> None:
    lines, orders = shape("order_items.csv", ITEMS), shape("orders.csv", ORDERS)
    (table,) = recognise_lines(lines, [orders]).tables
    assert table.attributes == {"order_status": "order_status"}


def test_orders_with_amounts_of_their_own_are_not_counted_twice() -> None:
    orders = shape("orders.csv", {**ORDERS, "total": ("89.00", "2045.14")})
    assert recognise(orders).tables[0].into == "order_lines"
    assert recognise_lines(shape("order_items.csv", ITEMS), [orders]).tables == ()


def test_lines_alone_have_no_date_and_are_not_recognised() -> None:
    lines = shape("order_items.csv", ITEMS)
    assert recognise_lines(lines, []).tables == ()
    assert recognise_lines(lines, [lines]).tables == ()
