"""Somebody known by name got a key: what was decided of them follows, in every table.

Lines of the audit stay as they were written.
"""

from __future__ import annotations

from jalon.domain.people.erasing import Told
from jalon.records import evaluation_rows, objective_rows
from jalon.records.audit import AuditLine
from jalon.records.erasing import replaced_but
from jalon.records.erasures import Erasure


def follow(former: str, key: str) -> int:
    """Put a person's key in the place of the former one; return how many rows changed.

    To be called inside a transaction.
    """
    before = _definitions(f"person:{former}")
    told = Told(key=former, pseudonym=key)
    rows = replaced_but({AuditLine, Erasure}, told)
    if before:
        evaluation_rows.renamed(before, _definitions(f"person:{key}"))
    return rows


def _definitions(owner: str) -> dict[str, str]:
    """Return what names the definition of each objective of an owner."""
    found = objective_rows.load().values()
    return {
        one.id: evaluation_rows.fingerprint(one) for one in found if one.owner == owner
    }
