"""What a table of the sample company is made of: rows by canonical column name."""

from __future__ import annotations

Row = dict[str, object]
Rows = dict[str, list[Row]]
