"""What people typed stays: staged rows as they are once laid under the typed ones.

Where the warehouse holds a typed row of the same key, a row of another source only
fills what the typed one leaves empty.
"""

from __future__ import annotations

from jalon.domain.facts.tables import Table
from jalon.warehouse.schema import columns

TYPED = "typed"
TABLES_TYPED = ("people", "teams", "memberships", "absences")


def laid_under(table: Table, origin: str, *, more: tuple[str, ...] = ()) -> str:
    """Return the SQL of a relation: `origin` with what is typed over it.

    `origin` has the columns of the table and those of `more`, which pass as they are.
    """
    if table.name not in TABLES_TYPED:
        return origin
    same = " AND ".join(
        f'typed."{name}" IS NOT DISTINCT FROM staged."{name}"' for name in table.keys
    )
    meets = f"typed.source = '{TYPED}' AND staged.source IS DISTINCT FROM '{TYPED}'"
    content = [name for name in columns(table) if name not in table.keys]
    shown = ", ".join(
        [f'staged."{name}"' for name in (*table.keys, *more)]
        + [
            f'CASE WHEN {meets} THEN coalesce(typed."{name}", staged."{name}") '
            f'ELSE staged."{name}" END AS "{name}"'
            for name in content
        ]
    )
    return (
        f"(SELECT {shown} FROM {origin} AS staged "  # noqa: S608 - our own names
        f'LEFT JOIN "{table.name}" AS typed ON {same} AND {meets})'
    )
