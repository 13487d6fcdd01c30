"""What the forms of the sources say, as the use cases take it."""

from __future__ import annotations

from django.http import QueryDict

from jalon.queries.sources import KindView, SourceView
from jalon.usecases.sources import Given


def given(kind: KindView, posted: QueryDict, *, name: str = "") -> Given:
    """Return the source a form describes; unknown fields are left out."""
    values = {one.name: posted.get(f"setting.{one.name}", "") for one in kind.settings}
    return Given(kind.kind, name or posted.get("name", "").strip().lower(), values)


def stages(source: SourceView, posted: QueryDict) -> dict[str, str]:
    """Return the role of each stage that was given one."""
    roles = {one.key: posted.get(f"stage.{one.key}", "") for one in source.stages}
    return {key: role for key, role in roles.items() if role}


def fields(source: SourceView, posted: QueryDict) -> dict[str, str]:
    """Return the vendor's field of each column that was given one."""
    chosen = {
        posted.get(f"field.{one.table}.{one.name}", ""): one.name
        for one in source.fields
    }
    return {target: name for target, name in chosen.items() if target}


def pace(posted: QueryDict) -> int:
    """Return the minutes between two refreshes; -1 where it is no number."""
    told = posted.get("every", "")
    return int(told) if told.isdecimal() else -1
