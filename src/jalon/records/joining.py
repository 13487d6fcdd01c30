"""People known by name got keys: what was decided of them follows, in every table.

Lines of the audit stay as they were written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jalon.domain.people.erasing import NewKeys
from jalon.records import evaluation_rows, objective_rows
from jalon.records.audit import AuditLine
from jalon.records.erasing import replaced_but
from jalon.records.erasures import Erasure


def follow(keys: Mapping[str, str]) -> int:
    """Put people's keys in the place of the former ones; return how many rows changed.

    To be called inside a transaction.
    """
    before = _definitions({f"person:{former}" for former in keys})
    rows = replaced_but({AuditLine, Erasure}, NewKeys(keys))
    if before:
        after = _definitions({f"person:{key}" for key in keys.values()})
        evaluation_rows.renamed(before, after)
    return rows


def _definitions(owners: Collection[str]) -> dict[str, str]:
    """Return what names the definition of each objective of some owners."""
    found = objective_rows.load().values()
    return {
        one.id: evaluation_rows.fingerprint(one) for one in found if one.owner in owners
    }
