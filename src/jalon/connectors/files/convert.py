"""A raw table becomes canonical rows: texts first, then values, then what is wrong.

Everything is set-based SQL. A row is left out (`kept` false) by `where`, or bad: then
`bad_column`, `bad_value` and `bad_reason` name its first cell that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sqlglot import exp

from jalon.connectors.files import cells, derive
from jalon.connectors.files.dates import DateReading, date_reading, moment
from jalon.connectors.files.expressions import (
    Computed,
    Condition,
    Exact,
    arithmetic,
    computed,
    condition,
    joined_text,
)
from jalon.connectors.files.mapping import Join, TableMapping
from jalon.connectors.files.numbers import (
    NumberReading,
    number,
    number_readings,
    scales,
)
from jalon.connectors.files.raw import RawTable, Scratch
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.scope import Beside, Scope, Tidied, scope_of
from jalon.connectors.files.sql import (
    Node,
    all_of,
    column,
    create,
    first_of,
    named,
    over,
    run,
    sql,
)
from jalon.domain.facts.tables import TABLES, Column, ColumnType, Table

SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.MONEY: "DECIMAL(18, 4)",
    ColumnType.NUMBER: "DECIMAL(18, 6)",
    ColumnType.COUNT: "BIGINT",
    ColumnType.FLAG: "BOOLEAN",
    ColumnType.JSON: "VARCHAR",
}
_NUMERIC = (ColumnType.MONEY, ColumnType.NUMBER, ColumnType.COUNT)
_DATED = (ColumnType.DATE, ColumnType.TIMESTAMP)
_NAMED = {"people": "person_id", "accounts": "account_id", "products": "product_id"} | {
    "teams": "team_id"
}
_NUMBERED = {
    "deals": ("deal_id",),
    "leads": ("lead_id",),
    "activities": ("activity_id",),
    "order_lines": ("order_id", "line_id"),
    "subscriptions": ("subscription_id",),
    "answers": ("answer_id",),
    "tickets": ("ticket_id",),
}
_BLANK_KEYS = ("segment", "sector", "region", "channel")


@dataclass(frozen=True, slots=True)
class Company:
    """What the company's settings add to a file: its time zone and its currency."""

    timezone: str = "Europe/Paris"
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Converted:
    """Canonical rows of one raw table, in a relation, with their count."""

    table: TableMapping
    raw: RawTable
    relation: str
    read: int
    filtered: int
    rejected: int
    assumed: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()


@dataclass(slots=True)
class _Work:
    """One conversion under way: its columns as texts, and how each is read."""

    scratch: Scratch
    table: TableMapping
    raw: RawTable
    scope: Scope
    cells: Tidied
    company: Company
    computed: Mapping[str, Computed]
    conditions: tuple[Condition, ...]
    operands: dict[str, str] = field(default_factory=dict)
    relation: str = ""
    numbers: dict[str, NumberReading] = field(default_factory=dict)
    dates: dict[str, DateReading] = field(default_factory=dict)

    @property
    def kind(self) -> Table:
        return TABLES[self.table.into]

    def column(self, name: str) -> Column:
        return self.kind.column(name)


def converted(
    scratch: Scratch,
    raw: RawTable,
    table: TableMapping,
    company: Company,
    find: Callable[[Join], RawTable],
) -> Converted:
    """Return the canonical rows of a raw table.

    Raises:
        ImportRefusedError: If the mapping names a column the file has not, or leaves a
            key without a source.
    """
    scope = scope_of(raw, table, find)
    work = _Work(
        scratch,
        table,
        raw,
        scope,
        Tidied(scope),
        company,
        {name: computed(written) for name, written in table.computed.items()},
        tuple(condition(written) for written in table.where),
    )
    _require_keys(work)
    _lay_texts(work)
    _decide_readings(work)
    relation = scratch.name("typed")
    create(scratch.connection, relation, _typed(work))
    counts = sql(
        "SELECT count(*), count(*) FILTER (NOT kept), "
        "count(*) FILTER (kept AND bad_column IS NOT NULL) FROM source"
    )
    read, filtered, rejected = run(scratch.connection, over(counts, source=relation))[0]
    lost = run(
        scratch.connection, over(sql("SELECT count(*) FROM source"), source=raw.rejects)
    )[0][0]
    assumed = tuple(name for name, one in work.dates.items() if one.assumed)
    return Converted(
        table,
        raw,
        relation,
        read + lost,
        filtered,
        rejected + lost,
        assumed,
        work.scope.beside,
    )


def _require_keys(work: _Work) -> None:
    into, given = work.table.into, work.table.filled()
    for name in work.kind.keys:
        made = name in _NUMBERED.get(into, ()) or (
            _NAMED.get(into) == name and "name" in given
        )
        if name not in given and not made and name not in _BLANK_KEYS:
            raise ImportRefusedError(
                "missing_key_column", path=work.raw.label, table=into, name=name
            )


def _lay_texts(work: _Work) -> None:
    """Create the relation of texts: `line`, t_… canonical, x… operands, attributes."""
    texts = {f"t_{name}": cell for name, cell in _canonical_texts(work).items()}
    for name in _operand_names(work):
        place = f"x{len(work.operands) + 1}"
        work.operands[name] = place
        texts[place] = work.cells.text(name)
    texts["attributes"] = _attributes(work)
    flags = derive.flags_of(work.raw.headers) if work.table.into == "deals" else {}
    texts |= {kind: work.cells.text(name) for kind, name in flags.items()}
    lines = {"_line": column("line", "m"), "_totals": _totals_row(work)}
    lines |= {one.line: column("line", one.alias) for one in work.scope.beside}
    query = exp.select(
        *map(column, lines),
        *(named(node, name) for name, node in texts.items()),
        copy=False,
    ).from_(work.cells.relation(lines).subquery("tidied", copy=False), copy=False)
    work.relation = work.scratch.name("texts")
    create(work.scratch.connection, work.relation, query)


_TOTALS = (
    *("total", "totals", "grand total", "total general", "totaux", "sous-total"),
    *("sous total", "subtotal", "somme", "sum"),
)
_NEAR_THE_START = 4


def _totals_row(work: _Work) -> Node:
    """Return the first cell of a row that only says what those above add up to.

    That cell says so, and at least half of the others are empty.
    """
    places = [column(place, "m") for place in work.raw.places.values()]
    start = exp.Coalesce(this=places[0], expressions=places[1:_NEAR_THE_START])
    word = sql("lower(strip_accents(trim($v, ' :')))", v=start)
    filled = sql("list_aggregate($v, 'count')", v=exp.Array(expressions=places))
    says = exp.In(this=word, expressions=[sql("$v", v=one) for one in _TOTALS])
    few = sql("$n * 2 <= $all", n=filled, all=len(places))
    return sql(  # cells are counted on the few rows that say so
        "CASE WHEN $says THEN CASE WHEN $few THEN $start END END",
        says=says,
        few=few,
        start=start,
    )


def _canonical_texts(work: _Work) -> dict[str, Node]:
    found: dict[str, Node] = {}
    values = work.table.values
    for name, source in work.table.columns.items():
        found[name] = cells.replaced(work.cells.text(source), values.get(name, {}))
    for name, constant in work.table.constants.items():
        text = sql("$v", v=constant)
        text = sql("coalesce($a, $b)", a=found[name], b=text) if name in found else text
        found[name] = text
    for name, parsed in work.computed.items():
        if parsed.joins_texts or _is_plain_text(work, name):
            texts = {one: work.cells.text(one) for one in parsed.operands}
            joined = joined_text(parsed, texts)
            found[name] = cells.replaced(joined, values.get(name, {}))
    return found


def _is_plain_text(work: _Work, name: str) -> bool:
    return work.column(name).type not in _NUMERIC


def _operand_names(work: _Work) -> tuple[str, ...]:
    arithmetic_ones = (
        name
        for canonical, parsed in work.computed.items()
        if not parsed.joins_texts and not _is_plain_text(work, canonical)
        for name in parsed.operands
    )
    return tuple(
        dict.fromkeys([*arithmetic_ones, *(one.column for one in work.conditions)])
    )


def _attributes(work: _Work) -> Node:
    """Return the JSON text of what the source has besides."""
    wished = work.table.attributes
    if wished is None and not work.table.distinct:
        used = {source.casefold() for source in work.table.columns.values()}
        wished = {
            name: name for name in work.raw.headers if name.casefold() not in used
        }
    if not wished:
        return sql("CAST(NULL AS VARCHAR)")
    pairs = [
        exp.PropertyEQ(
            this=exp.to_identifier(name, quoted=True),
            expression=work.cells.text(source),
        )
        for name, source in wished.items()
    ]
    return sql("CAST(to_json($v) AS VARCHAR)", v=exp.Struct(expressions=pairs))


def _decide_readings(work: _Work) -> None:
    connection, comma = work.scratch.connection, work.raw.delimiter == ";"
    texts = _text_names(work)
    numeric = [f"t_{one}" for one in texts if work.column(one).type in _NUMERIC]
    found = number_readings(
        connection,
        work.relation,
        [*numeric, *work.operands.values()],
        comma_likely=comma,
    )
    operands = {name: found[name] for name in work.operands.values()}
    work.numbers = found | scales(connection, work.relation, operands)
    for name in (one for one in texts if work.column(one).type in _DATED):
        fixed = work.table.formats.get(name, "")
        work.dates[name] = date_reading(connection, work.relation, f"t_{name}", fixed)


def _text_names(work: _Work) -> tuple[str, ...]:
    """Return the canonical columns that start as a text."""
    joined = (
        name
        for name, parsed in work.computed.items()
        if parsed.joins_texts or _is_plain_text(work, name)
    )
    return tuple(dict.fromkeys([*work.table.columns, *work.table.constants, *joined]))


def _typed(work: _Work) -> Node:
    """Return the query of canonical values, one row for each row of the file.

    In three layers, each read from the one within: values, what they tell of the row
    (its outcome, its first fault), and the columns the others are made of.
    """
    values = {one.name: _value(work, one) for one in work.kind.columns}
    valued = _over_all(
        exp.to_table("source"),
        named(_kept(work), "kept"),
        *(named(value, f"v_{name}") for name, value in values.items()),
    )
    texts = set(_text_names(work))
    wrong = [_wrong(work, one, one.name in texts) for one in work.kind.columns]
    bad = [_adds_up(work), *(one for one in wrong if one is not None)]
    judged = _over_all(
        valued.subquery("valued", copy=False),
        named(first_of(bad, sql("NULL")), "fault"),
        *derive.outcome_of(work.table, work.raw.headers),
    )
    made = derive.columns_of(work.table)
    shown = [
        named(made.get(one.name, column(f"v_{one.name}")), one.name)
        for one in work.kind.columns
    ]
    query = exp.select(
        column("_line"),
        *(column(one.line) for one in work.scope.beside),
        column("kept"),
        *shown,
        named(sql("$v", v=work.raw.file.name), "source"),
        named(sql("CAST(_line AS VARCHAR)"), "source_id"),
        column("attributes"),
        *(named(sql(f"fault.{name}"), name) for name in _FAULT),
        copy=False,
    ).from_(judged.subquery("judged", copy=False), copy=False)
    return over(query, source=work.relation)


def _over_all(relation: Node, *more: Node) -> exp.Select:
    """Return a query of all that a relation has, and more columns."""
    return exp.select("*", *more, copy=False).from_(relation, copy=False)


Wrong = tuple[Node, Node]
_FAULT = ("bad_column", "bad_value", "bad_reason")


def _fault(when: Node, name: str, value: Node, reason: str) -> Wrong:
    """Return when a row is wrong, and the record of its fault."""
    parts = (sql("$v", v=name), value, sql("$v", v=reason))
    record = [
        exp.PropertyEQ(this=exp.to_identifier(one), expression=part)
        for one, part in zip(_FAULT, parts, strict=True)
    ]
    return when, exp.Struct(expressions=record)


def _adds_up(work: _Work) -> Wrong:
    """Return when a row is one of totals: it has none of the days a fact has."""
    days = [one.name for one in work.kind.columns if one.type in _DATED]
    none = [sql("$v IS NULL", v=column(f"v_{name}")) for name in days]
    facts = [] if work.table.into in _NAMED else [sql("_totals IS NOT NULL"), *none]
    when = all_of(facts) if facts else exp.false()
    return _fault(when, "", column("_totals"), "totals_row")


def _value(work: _Work, one: Column) -> Node:  # noqa: PLR0911
    """Return the value of a canonical column, NULL where it cannot be read."""
    if one.name in work.computed and one.name not in _text_names(work):
        return _computed_value(work, one)
    if one.name not in _text_names(work):
        return _missing(work, one)
    text = cells.text_column(one.name)
    if one.allowed:
        return cells.listed(text, work.table.into, one.name, one.allowed)
    if one.type in _DATED:
        when = moment(work.dates[one.name], text, work.company.timezone)
        return sql("CAST($v AS DATE)", v=when) if one.type is ColumnType.DATE else when
    if one.type in _NUMERIC:
        return _number(work.numbers[f"t_{one.name}"], text, one)
    if one.type is ColumnType.FLAG:
        return cells.flag(text)
    if one.name == "currency":
        return sql("coalesce($v, $own)", v=text, own=work.company.currency)
    return text


def _number(reading: NumberReading, text: Node, one: Column) -> Node:
    if one.type is not ColumnType.COUNT:
        return number(reading, text, SQL_TYPES[one.type])
    exact = number(reading, text, "DECIMAL(28, 6)")
    return sql("CASE WHEN $v = round($v, 0) THEN try_cast($v AS BIGINT) END", v=exact)


def _computed_value(work: _Work, one: Column) -> Node:
    def operand(name: str) -> Exact:
        reading = work.numbers[work.operands[name]]
        text = column(work.operands[name])
        node = number(reading, text, reading.exact_type)
        return Exact(node, reading.digits, reading.scale)

    result = arithmetic(work.computed[one.name], operand)
    cast = sql("try_cast(try($v) AS DOUBLE)", v=result)
    cast.set("to", exp.DataType.build(SQL_TYPES[one.type], dialect="duckdb"))
    return cast


def _missing(work: _Work, one: Column) -> Node:
    """Return what stands for a column the file has not: a made key, or nothing."""
    into = work.table.into
    if _NAMED.get(into) == one.name:
        return cells.text_column("name")
    if one.name in _NUMBERED.get(into, ()):
        return _made_key(work, one)
    if one.name == "currency":
        return sql("$v", v=work.company.currency)
    empty = sql("CAST(NULL AS VARCHAR)")
    empty.set("to", exp.DataType.build(SQL_TYPES[one.type], dialect="duckdb"))
    return empty


def _made_key(work: _Work, one: Column) -> Node:
    """Return the line as a key, with the file's name unless another key says more."""
    if one.name == "line_id" and "order_id" in work.table.filled():
        return sql("CAST(_line AS VARCHAR)")
    stem = PurePosixPath(work.raw.file.name.removesuffix(".gz")).stem
    parts = [stem, work.raw.sheet] if work.raw.sheet else [stem]
    return sql("concat($stem, ':', _line)", stem="/".join(parts))


def _kept(work: _Work) -> Node:
    return all_of(_holds(work, one) for one in work.conditions)


def _holds(work: _Work, one: Condition) -> Node:
    place = work.operands[one.column]
    text = column(place)
    if one.operator in {"=", "!="}:
        options = [sql("$v", v=value) for value in one.values if value]
        there = sql("coalesce($v IN (0), false)", v=text)
        inside = there.find(exp.In)
        inside.set("expressions", options or [exp.null()])
        if "" in one.values:
            there = exp.paren(exp.or_(there, sql("$v IS NULL", v=text)))
        return there if one.operator == "=" else sql("NOT $v", v=exp.paren(there))
    wanted = number(
        NumberReading("point"), sql("$v", v=one.values[0]), "DECIMAL(28, 9)"
    )
    found = number(work.numbers[place], text, "DECIMAL(28, 9)")
    kinds = {">": exp.GT, "<": exp.LT, ">=": exp.GTE, "<=": exp.LTE}
    as_number = kinds[one.operator](this=found, expression=wanted)
    as_text = kinds[one.operator](
        this=text.copy(), expression=sql("$v", v=one.values[0])
    )
    return sql(
        "coalesce(CASE WHEN $wanted IS NULL THEN $as_text ELSE $as_number END, false)",
        wanted=wanted,
        as_text=as_text,
        as_number=as_number,
    )


def _wrong(work: _Work, one: Column, is_text: bool) -> Wrong | None:  # noqa: FBT001
    """Return when a column is wrong, and its fault."""
    value = column(f"v_{one.name}")
    if one.key and one.name not in _BLANK_KEYS:
        text = cells.text_column(one.name) if is_text else sql("CAST(NULL AS VARCHAR)")
        reason = (
            "missing_key" if one.type is ColumnType.TEXT else "missing_or_unread_key"
        )
        return _fault(sql("$v IS NULL", v=value), one.name, text, reason)
    if not is_text:
        return _wrong_computed(work, one)
    reason = _REASONS.get(one.type, "not_allowed" if one.allowed else "")
    if not reason:
        return None
    text = cells.text_column(one.name)
    given = cells.filled(text) if one.type in {*_NUMERIC, *_DATED} else text
    when = sql("$v IS NULL AND $given IS NOT NULL", v=value, given=given)
    return _fault(when, one.name, text, reason)


_REASONS = {
    ColumnType.DATE: "not_a_date",
    ColumnType.TIMESTAMP: "not_a_date",
    ColumnType.MONEY: "not_a_number",
    ColumnType.NUMBER: "not_a_number",
    ColumnType.COUNT: "not_a_whole_number",
    ColumnType.FLAG: "not_yes_or_no",
}


def _wrong_computed(work: _Work, one: Column) -> Wrong | None:
    if one.name not in work.computed:
        return None
    places = [column(work.operands[name]) for name in work.computed[one.name].operands]
    if not places:
        return None
    given = all_of(sql("$v IS NOT NULL", v=cells.filled(place)) for place in places)
    shown = sql("concat_ws(' ; ')")
    shown.set("expressions", [sql("' ; '"), *places])
    when = sql(
        "$v IS NULL AND $given", v=column(f"v_{one.name}"), given=exp.paren(given)
    )
    return _fault(when, one.name, shown, "not_computable")
