"""Payloads to cells: every HTTP source gives its streams the canonical columns' names.

A stream's rows then need no translation: `straight` is their whole mapping. What a
company's own fields bring is named by `Choices.fields`. Moments carry their zone (`Z`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from jalon.connectors.contract import Account, Flat
from jalon.connectors.files.mapping import FileMapping, TableMapping
from jalon.domain.facts.tables import TABLES

Cell = str | int | float | bool | None
ROLE = "stage_role"  # the attribute that keeps what a person said a stage is


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of payloads that fills one table: the columns and attributes it gives.

    `where` and `distinct` are those of a mapping.
    """

    name: str
    table: str
    columns: str
    attributes: str = ""
    constants: Mapping[str, str] | None = None


def straight(streams: tuple[Stream, ...], account: Account) -> FileMapping:
    """Return the mapping of streams whose cells bear canonical names."""
    return FileMapping(tuple(_straight(one, account) for one in streams))


def _straight(stream: Stream, account: Account) -> TableMapping:
    own = {one.name for one in TABLES[stream.table].columns}
    names = [*stream.columns.split(), *own_fields(account, stream.table)]
    extras = [*stream.attributes.split(), *own_fields(account, stream.table)]
    return TableMapping(
        into=stream.table,
        file=f"{stream.name}.parquet",
        columns={name: name for name in names if name in own},
        constants=stream.constants or {},
        attributes={name: name for name in extras if name not in own},
    )


def own_fields(account: Account, table: str) -> dict[str, str]:
    """Return what a person chose for a table: the name here to the vendor's field."""
    prefix = f"{table}."
    return {
        name.removeprefix(prefix): field
        for name, field in account.choices.fields.items()
        if name.startswith(prefix)
    }


def with_own(
    cells: Mapping[str, Cell],
    account: Account,
    table: str,
    value: Callable[[str], object],
) -> Flat:
    """Return cells with those of the fields a person chose; `value` reads one."""
    chosen = {
        name: plain(value(field)) for name, field in own_fields(account, table).items()
    }
    return {**cells, **chosen}


def plain(value: object) -> Cell:
    """Return a vendor's value as a cell; what is empty is nothing, a list is joined."""
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or None
    if isinstance(value, dict):
        told = value.get("label") or value.get("name") or value.get("value")
        return None if told is None else str(told)
    return str(value)


def key(value: object) -> str | None:
    """Return an id as a text, None where there is none (null, "", 0, False)."""
    return str(value) if value else None


def utc(moment: datetime) -> str:
    """Return a moment as it is written everywhere here: UTC, milliseconds, Z."""
    return (
        moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def moment_of(text: str) -> datetime:
    """Return the moment of an ISO text; one without a zone it is UTC."""
    found = datetime.fromisoformat(text.strip())
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def of_epoch(seconds: object) -> str | None:
    """Return the moment of Unix seconds, None where there are none."""
    text = str(seconds or "").strip()
    if not text or text == "0":
        return None
    return utc(datetime.fromtimestamp(int(float(text)), UTC))


def outcome(*, won: bool, lost: bool, role: str) -> str:
    """Return a deal's outcome: its flags, then what a person said of its stage."""
    if won or lost:
        return "won" if won else "lost"
    return role if role in {"won", "lost"} else "open"
