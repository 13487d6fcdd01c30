"""In which order the rows of a large table lie when they are first stored.

By month, then by account: a question about a month reads little else, and rows of one
account lie together, so that looking it up costs less. Rows that come later lie behind.
"""

from __future__ import annotations

_DAYS = {
    "activities": ("done_at",),
    "deals": ("closed_on", "expected_close_on", "created_on"),
    "order_lines": ("on",),
    "answers": ("answered_at",),
    "tickets": ("opened_at",),
}


def order_of(table: str) -> tuple[str, ...]:
    """Return the SQL terms to lay a table's rows by, none where order is no matter."""
    days = _DAYS.get(table)
    if days is None:
        return ()
    day = ", ".join(f'"{name}"' for name in days)
    month = f"date_trunc('month', coalesce({day}))"
    return (month, "account_id")
