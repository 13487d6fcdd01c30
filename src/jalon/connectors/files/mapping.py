"""What a mapping file says: which columns of which file fill which canonical table.

Everywhere `canonical = source`: the canonical column comes first. Texts are kept as
written; headers and file names are compared without regard to case or outer spaces.
"""

from __future__ import annotations

import difflib
import fnmatch
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from jalon.connectors.files.refusal import ImportRefusedError
from jalon.domain.facts.tables import TABLES

ALL = "*"


@dataclass(frozen=True, slots=True)
class SourceShape:
    """What recognition looks at: a table's name, its headers and some of its values.

    `name` is the file's name, without its folder; `sheet` the sheet of a workbook.
    `samples` holds, for each header, up to 200 distinct non-empty values as written;
    `telling` the headers under which no two rows have the same value, nor none.
    """

    name: str
    headers: tuple[str, ...]
    samples: Mapping[str, tuple[str, ...]]
    sheet: str = ""
    telling: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Join:
    """A second file whose columns are usable too: `on` is source column = its column.

    A source row without a partner is kept; a partner found twice takes the first.
    """

    file: str
    on: Mapping[str, str]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One `[[table]]`: a file read into a canonical table.

    `attributes` is None where every unmapped column is kept under its own name;
    `headers` names the columns of a file that has none; `extra_field` is the column
    that takes the surplus of a line with too many fields.
    """

    into: str
    file: str = ALL
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    computed: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    where: tuple[str, ...] = ()
    distinct: bool = False
    attributes: Mapping[str, str] | None = None
    headers: tuple[str, ...] = ()
    extra_field: str = ""

    def filled(self) -> frozenset[str]:
        """Return the canonical columns this mapping gives a value to."""
        return frozenset([*self.columns, *self.constants, *self.computed])


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A whole mapping file."""

    tables: tuple[TableMapping, ...]


def covers(pattern: str, name: str) -> bool:
    """Return whether a file name (or path) is meant by a pattern, whatever the case.

    A pattern without a wildcard also means the same name compressed (`.gz`).
    """
    wanted = pattern.casefold().replace("\\", "/")
    path = name.casefold().replace("\\", "/")
    candidates = {path, PurePath(path).name}
    candidates |= {candidate.removesuffix(".gz") for candidate in candidates}
    return any(
        candidate == wanted or fnmatch.fnmatchcase(candidate, wanted)
        for candidate in candidates
    )


def loaded(path: Path) -> FileMapping:
    """Return the mapping of a TOML file.

    Raises:
        ImportRefusedError: If the file is missing, not TOML, or names something that
            does not exist (with the nearest existing name).
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefusedError("mapping_missing", path=str(path)) from error
    return parsed(text, str(path))


def parsed(text: str, path: str = "mapping") -> FileMapping:
    """Return the mapping written in a TOML text; `path` is named in refusals.

    Raises:
        ImportRefusedError: As `loaded`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        refusal = ImportRefusedError("mapping_not_toml", path=path, why=str(error))
        raise refusal from error
    tables = document.pop("table", [])
    if document or not isinstance(tables, list) or not tables:
        name = next(iter(document), "table")
        raise ImportRefusedError("mapping_without_table", path=path, name=name)
    return FileMapping(tuple(_table(table, path) for table in tables))


def dumped(mapping: FileMapping) -> str:
    """Return the TOML text of a mapping; `parsed` gives the same mapping back."""
    return "\n".join(_table_text(table) for table in mapping.tables)


_TEXTS = ("into", "file", "sheet")
_PLAIN = ("columns", "constants", "formats", "computed")
_KNOWN = (
    *_TEXTS,
    *_PLAIN,
    *("values", "join", "where", "distinct", "attributes", "headers", "repair"),
)


def _table(found: object, path: str) -> TableMapping:
    if not isinstance(found, dict):
        raise ImportRefusedError("mapping_without_table", path=path, name="table")
    _require_known(found, _KNOWN, path, "mapping_unknown_entry")
    into = str(found.get("into", ""))
    _require_known([into], tuple(TABLES), path, "mapping_unknown_table")
    names = tuple(column.name for column in TABLES[into].columns)
    for part in (*_PLAIN, "values"):
        entries = _mapping(found, part, path)
        _require_known(entries, names, path, "mapping_unknown_column", table=into)
    attributes, repair = found.get("attributes", ALL), _mapping(found, "repair", path)
    _require_known(repair, ("extra_field",), path, "mapping_unknown_entry")
    return TableMapping(
        into=into,
        file=str(found.get("file", ALL)),
        sheet=str(found.get("sheet", "")),
        columns=_texts(found, "columns", path),
        values={
            name: {str(key): _text(value) for key, value in entries.items()}
            for name, entries in _mapping(found, "values", path).items()
            if isinstance(entries, dict)
        },
        constants=_texts(found, "constants", path),
        formats=_texts(found, "formats", path),
        computed=_texts(found, "computed", path),
        joins=tuple(_join(join, path) for join in _sequence(found, "join", path)),
        where=tuple(str(one) for one in _sequence(found, "where", path)),
        distinct=found.get("distinct", False) is True,
        attributes=None if attributes == ALL else _texts(found, "attributes", path),
        headers=tuple(str(one) for one in _sequence(found, "headers", path)),
        extra_field=str(repair.get("extra_field", "")),
    )


def _join(found: object, path: str) -> Join:
    if not isinstance(found, dict) or "file" not in found:
        raise ImportRefusedError("mapping_bad_entry", path=path, name="join")
    _require_known(found, ("file", "on", "sheet"), path, "mapping_unknown_entry")
    pairs = _texts(found, "on", path)
    if not pairs:
        raise ImportRefusedError("mapping_bad_entry", path=path, name="join.on")
    return Join(str(found["file"]), pairs, str(found.get("sheet", "")))


def _mapping(found: Mapping[str, object], name: str, path: str) -> Mapping[str, object]:
    part = found.get(name, {})
    if not isinstance(part, dict):
        raise ImportRefusedError("mapping_bad_entry", path=path, name=name)
    return part


def _texts(found: Mapping[str, object], name: str, path: str) -> dict[str, str]:
    return {key: _text(value) for key, value in _mapping(found, name, path).items()}


def _sequence(found: Mapping[str, object], name: str, path: str) -> list[object]:
    part = found.get(name, [])
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict) and name == "where":
        return [
            f"{column}={'|'.join(_text(one) for one in _listed(value))}"
            for column, value in part.items()
        ]
    if not isinstance(part, list):
        raise ImportRefusedError("mapping_bad_entry", path=path, name=name)
    return part


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """Return a TOML value as a file would write it: true, 12, 2017-07-01, text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _require_known(
    names: Mapping[str, object] | Sequence[str],
    known: Sequence[str],
    path: str,
    code: str,
    **parameters: str,
) -> None:
    for name in names:
        if name not in known:
            near = nearest(name, known)
            raise ImportRefusedError(
                code, path=path, name=name, nearest=near, **parameters
            )


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the existing name most like a mistyped one, for a suggestion."""
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(name.casefold(), list(folded), 1, 0.0)
    return folded[found[0]] if found else ""


def _table_text(table: TableMapping) -> str:
    lines = ["[[table]]", f"into = {_quoted(table.into)}"]
    lines.append(f"file = {_quoted(table.file)}")
    lines += [f"sheet = {_quoted(table.sheet)}"] if table.sheet else []
    for name, texts in (("where", table.where), ("headers", table.headers)):
        listed = ", ".join(_quoted(text) for text in texts)
        lines += [f"{name} = [{listed}]"] if texts else []
    lines += ["distinct = true"] if table.distinct else []
    for name in _PLAIN:
        lines += _section(f"table.{name}", getattr(table, name))
    for column, values in table.values.items():
        lines += _section(f"table.values.{column}", values)
    if table.attributes is not None:
        lines += ["[table.attributes]", *_pairs(table.attributes)]
    if table.extra_field:
        lines += _section("table.repair", {"extra_field": table.extra_field})
    for join in table.joins:
        lines += ["[[table.join]]", f"file = {_quoted(join.file)}"]
        lines += [f"sheet = {_quoted(join.sheet)}"] if join.sheet else []
        lines += _section("table.join.on", join.on)
    return "\n".join(lines) + "\n"


def _section(name: str, entries: Mapping[str, str]) -> list[str]:
    return [f"[{name}]", *_pairs(entries)] if entries else []


def _pairs(entries: Mapping[str, str]) -> list[str]:
    return [f"{_key(key)} = {_quoted(value)}" for key, value in entries.items()]


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _quoted(name)


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (
        one if one.isprintable() or one in "\u00a0\u202f" else f"\\u{ord(one):04x}"
        for one in escaped
    )
    return f'"{"".join(shown)}"'
