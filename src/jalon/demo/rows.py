"""What a table of the sample company is made of: rows by canonical column name.

A row may also hold `attributes`, a JSON text, as any source's may.
"""

from __future__ import annotations

Row = dict[str, object]
Rows = dict[str, list[Row]]
