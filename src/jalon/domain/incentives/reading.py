"""Reading a plan file: TOML tables become records, faults become one clear line each.

Numbers may be written 0.05 or "5 %". Every key is known or refused by its name.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from jalon.domain.incentives.plan import (
    CENT,
    ONE,
    ZERO,
    Beyond,
    Clawback,
    Component,
    Counted,
    Curve,
    Draw,
    Ends,
    Gate,
    Matrix,
    Mode,
    Multiplier,
    Of,
    On,
    Payment,
    Pays,
    Plan,
    Pool,
    Proration,
    Rates,
    Rounding,
    Schedule,
    Tier,
    Total,
)
from jalon.domain.objectives.fields import plain_number
from jalon.domain.refusals import Refusal

E = TypeVar("E", bound=StrEnum)
Table = Mapping[str, Any]
ROUNDING_MODES = ("half_up", "half_even", "up", "down")
BASES = ("days", "months")
RATE_KINDS = ("plan", "event", "period_average", "period_end")
GIVES = ("rate", "times", "share", "amount")

_UNKNOWN = "{place}: {key} is not known. Expected one of: {known}."
_MISSING = "{place}: {key} is missing. Expected e.g. {example}."
_NUMBER = '{place}, {key}: {value} is no number. Expected e.g. 0.05 or "5 %".'
_CHOICE = "{place}, {key}: {value} is not known. Expected one of: {known}."
_DAY = "{place}, {key}: {value} is no date. Expected e.g. 2026-01-01."
_TABLES = "{place}, {key}: expected a list of tables, e.g. {example}."
_TABLE = "{place}, {key}: expected a table, e.g. {example}."
_NO_COMPONENT = (
    "The plan has no component. Expected at least one [[component]] with a measure."
)
_TWICE = "{place}: two components are called {key}. Each line needs its own name."
_ONE_OF = (
    "{place}: a bracket gives exactly one of rate, times, share, amount. Expected "
    "e.g. {{ from = 0, to = 1, rate = 0.05 }}."
)
_BACKWARDS = (
    "{place}: the bracket ends at {end}, not after its start {start}. Expected e.g. "
    "{{ from = 0, to = 1, rate = 0.05 }}."
)
_POINTS = "{place}, curve: expected points in rising order, e.g. [[0.7, 0], [1, 1]]."
_BOTH = "{place}: brackets and a curve together. Expected tiers or curve, not both."
_MATRIX_EXAMPLE = (
    '{ measure = "margin", rows = [0.8, 1], columns = [0.9, 1], gives = '
    "[[0.5, 0.7], [0.9, 1]] }"
)
_MATRIX = (
    "{place}: expected levels in rising order and one cell for each row and column, "
    "e.g. {example}."
)
_SHARES = "The shares of the payments add up to {total}. Expected 1, e.g. 0.5 and 0.5."

PLAN_KEYS = {"plan", "component", "total", "draw", "clawback", "payment"} | {
    "proration",
    "currency",
    "recognition",
    "measures",
    "absences",
}


def read_plan(document: Table) -> Plan:
    """Return the plan a TOML document describes.

    Raises:
        Refusal: If a key is unknown, a value unreadable or the plan incomplete.
    """
    _known(document, PLAN_KEYS, "The plan file")
    head = _table(document, "plan", "The plan file", "[plan]")
    place = "[plan]"
    _known(
        head,
        {"name", "currency", "first", "after", "variable", "covers", "year_opens"}
        | {"rounding", "rounding_mode", "version", "every", "opens"},
        place,
    )
    components = tuple(
        _component(each, f"[[component]] {rank}")
        for rank, each in enumerate(
            _tables(document, "component", "The plan file", "[[component]]"), start=1
        )
    )
    if not components:
        raise Refusal(_NO_COMPONENT)
    _no_twins(components)
    return Plan(
        name=str(head.get("name", "")),
        components=components,
        currency=str(head.get("currency", "EUR")),
        first=_day(head, "first", place),
        after=_day(head, "after", place),
        variable=_number(head, "variable", place),
        covers=_one_of(head, "covers", ("period", "year"), place),
        year_opens=_month(head, place),
        total=_total(_table(document, "total", "The plan file", "[total]")),
        draw=_draw(document),
        clawback=_clawback(document),
        payments=_payments(document),
        proration=_proration(document),
        rates=_rates(document),
        rounding=Rounding(
            to=_or(_number(head, "rounding", place), CENT),
            mode=_one_of(head, "rounding_mode", ROUNDING_MODES, place),
        ),
    )


def _component(table: Table, place: str) -> Component:
    _known(table, COMPONENT_KEYS, place)
    pays = _choice(table, "pays", Pays, place)
    measure = str(table.get("measure", table.get("key", "")))
    if not measure:
        raise Refusal(_MISSING, place=place, key="measure", example='"revenue"')
    default_on = On.ACTUAL if pays is not Pays.BONUS else On.ATTAINMENT
    return Component(
        key=str(table.get("key", measure)),
        label=str(table.get("label", "")),
        measure=measure,
        pays=pays,
        of=_choice(table, "of", Of, place, Of.TEAM if "pool" in table else Of.OWN),
        pool=_choice(table, "pool", Pool, place) if "pool" in table else None,
        matrix=_matrix(table, place),
        where=tuple(
            (str(name).lower(), _values(value))
            for name, value in _table(
                table, "where", place, '{ product = "hardware" }'
            ).items()
        ),
        who=tuple(
            (str(name).lower(), _values(value))
            for name, value in _table(
                table, "who", place, '{ role = "manager" }'
            ).items()
        ),
        counted=_choice(table, "counted", Counted, place, Counted.PERIOD),
        on=_choice(table, "on", On, place, default_on),
        schedule=_schedule(table, place),
        weight=_or(_number(table, "weight", place), ONE),
        variable=_number(table, "variable", place),
        rate=_or(_number(table, "rate", place), ONE),
        amount=_or(_number(table, "amount", place), ZERO),
        minimum_each=_number(table, "minimum_each", place),
        maximum_each=_number(table, "maximum_each", place),
        minimum_inclusive=bool(table.get("minimum_inclusive", True)),
        threshold=_number(table, "threshold", place),
        counts_up_to=_number(table, "counts_up_to", place),
        gates=_gates(table, place, own=measure),
        multipliers=_multipliers(table, place, own=measure),
        floor=_number(table, "floor", place),
        cap=_number(table, "cap", place),
        cap_share=_number(table, "cap_share", place),
    )


COMPONENT_KEYS = {
    *("key", "label", "measure", "pays", "of", "where", "counted", "on"),
    *("tiers", "curve", "beyond", "mode", "ends", "weight", "variable", "rate"),
    *("amount", "minimum_each", "minimum_inclusive", "threshold", "counts_up_to"),
    *("gates", "multipliers", "floor", "cap", "cap_share"),
    *("maximum_each", "matrix", "pool", "who"),
}


def _values(value: object) -> tuple[str, ...]:
    """Return the values a row may have: one, or each of a list."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _matrix(table: Table, place: str) -> Matrix | None:
    if "matrix" not in table:
        return None
    here = f"{place}, matrix"
    told = _table(table, "matrix", place, _MATRIX_EXAMPLE)
    _known(told, {"measure", "rows", "columns", "gives", "on"}, here)
    try:
        rows, columns = (
            tuple(_decimal(one) for one in told.get(name, []))
            for name in ("rows", "columns")
        )
        gives = tuple(
            tuple(_decimal(cell) for cell in row) for row in told.get("gives", [])
        )
    except (TypeError, ValueError, InvalidOperation):
        raise Refusal(_MATRIX, place=here, example=_MATRIX_EXAMPLE) from None
    rising = all(
        left < right for axis in (rows, columns) for left, right in pairwise(axis)
    )
    whole = len(gives) == len(rows) and all(len(row) == len(columns) for row in gives)
    if not (rows and columns and rising and whole):
        raise Refusal(_MATRIX, place=here, example=_MATRIX_EXAMPLE)
    return Matrix(
        measure=_measure(told, here, ""),
        rows=rows,
        columns=columns,
        gives=gives,
        on=_choice(told, "on", On, here, On.ATTAINMENT),
    )


def _schedule(table: Table, place: str) -> Schedule:
    tiers = _tiers(table, place)
    curve = _curve(table, place)
    if tiers and curve is not None:
        raise Refusal(_BOTH, place=place)
    lumps = any(tier.amount is not None or tier.share is not None for tier in tiers)
    usual = Mode.WHOLE if lumps else Mode.MARGINAL
    return Schedule(
        tiers=tiers,
        curve=curve,
        mode=_choice(table, "mode", Mode, place, usual),
        ends=_choice(table, "ends", Ends, place, Ends.OPEN),
    )


def _tiers(table: Table, place: str) -> tuple[Tier, ...]:
    found: list[Tier] = []
    for rank, each in enumerate(
        _tables(table, "tiers", place, "[{ from = 0, to = 1, rate = 0.05 }]"), start=1
    ):
        here = f"{place}, bracket {rank}"
        _known(each, {"from", "to", "retroactive", *GIVES}, here)
        before = found[-1].end if found and found[-1].end is not None else ZERO
        start = _or(_number(each, "from", here), before)
        end = _number(each, "to", here)
        if end is not None and end <= start:
            raise Refusal(_BACKWARDS, place=here, start=start, end=end)
        gives = {name: _number(each, name, here) for name in GIVES if name in each}
        if len(gives) != 1:
            raise Refusal(_ONE_OF, place=here)
        retroactive = bool(each.get("retroactive", False))
        found.append(Tier(start, end, retroactive=retroactive, **gives))
    return tuple(sorted(found, key=lambda tier: tier.start))


def _curve(table: Table, place: str) -> Curve | None:
    if "curve" not in table:
        return None
    try:
        points = tuple((_decimal(x), _decimal(y)) for x, y in table["curve"])
    except (TypeError, ValueError, InvalidOperation):
        raise Refusal(_POINTS, place=place) from None
    rising = all(left[0] < right[0] for left, right in pairwise(points))
    if not points or not rising:
        raise Refusal(_POINTS, place=place)
    return Curve(points, _choice(table, "beyond", Beyond, place, Beyond.FLAT))


def _gates(table: Table, place: str, own: str = "") -> tuple[Gate, ...]:
    return tuple(
        _gate(each, f"{place}, gate {rank}", own)
        for rank, each in enumerate(
            _tables(
                table, "gates", place, '[{ measure = "revenue", at_least = 0.95 }]'
            ),
            start=1,
        )
    )


def _gate(table: Table, place: str, own: str) -> Gate:
    _known(table, {"measure", "at_least", "on", "otherwise"}, place)
    at_least = _number(table, "at_least", place)
    if at_least is None:
        raise Refusal(_MISSING, place=place, key="at_least", example="0.95")
    return Gate(
        measure=_measure(table, place, own),
        at_least=at_least,
        on=_choice(table, "on", On, place, On.ATTAINMENT),
        otherwise=_or(_number(table, "otherwise", place), ZERO),
    )


def _multipliers(table: Table, place: str, own: str = "") -> tuple[Multiplier, ...]:
    found = []
    for rank, each in enumerate(
        _tables(
            table,
            "multipliers",
            place,
            '[{ measure = "nps", tiers = [{ from = 0, times = 1 }] }]',
        ),
        start=1,
    ):
        here = f"{place}, multiplier {rank}"
        _known(each, {"measure", "on", "tiers", "curve", "beyond", "ends"}, here)
        found.append(
            Multiplier(
                measure=_measure(each, here, own),
                schedule=_schedule(each, here),
                on=_choice(each, "on", On, here, On.ATTAINMENT),
            )
        )
    return tuple(found)


def _measure(table: Table, place: str, own: str) -> str:
    """Return the measure a gate or factor looks at; a component's own if unsaid."""
    measure = str(table.get("measure", own))
    if not measure:
        raise Refusal(_MISSING, place=place, key="measure", example='"revenue"')
    return measure


def _total(table: Table) -> Total:
    place = "[total]"
    _known(table, {"gates", "multipliers", "floor", "cap", "cap_share"}, place)
    return Total(
        gates=_gates(table, place),
        multipliers=_multipliers(table, place),
        floor=_number(table, "floor", place),
        cap=_number(table, "cap", place),
        cap_share=_number(table, "cap_share", place),
    )


def _draw(document: Table) -> Draw | None:
    if "draw" not in document:
        return None
    place = "[draw]"
    table = _table(document, "draw", "The plan file", "[draw]")
    _known(table, {"amount", "recoverable", "periods", "recovered_up_to"}, place)
    amount = _number(table, "amount", place)
    if amount is None:
        raise Refusal(_MISSING, place=place, key="amount", example="1500")
    periods = _number(table, "periods", place)
    return Draw(
        amount=amount,
        recoverable=bool(table.get("recoverable", True)),
        periods=None if periods is None else int(periods),
        recovered_up_to=_number(table, "recovered_up_to", place),
    )


def _clawback(document: Table) -> Clawback:
    place = "[clawback]"
    table = _table(document, "clawback", "The plan file", place)
    _known(table, {"rate", "within_months", "prorated", "from"}, place)
    months = _number(table, "within_months", place)
    return Clawback(
        rate=_or(_number(table, "rate", place), ONE),
        within_months=None if months is None else int(months),
        prorated=bool(table.get("prorated", False)),
        source=_one_of(table, "from", ("", "subscriptions"), place),
    )


def _payments(document: Table) -> tuple[Payment, ...]:
    found = []
    for rank, each in enumerate(
        _tables(document, "payment", "The plan file", "[[payment]]"), start=1
    ):
        place = f"[[payment]] {rank}"
        _known(each, {"when", "share"}, place)
        part = _number(each, "share", place)
        if part is None or "when" not in each:
            key = "share" if part is None else "when"
            raise Refusal(_MISSING, place=place, key=key, example="0.5, signature")
        found.append(Payment(str(each["when"]), part))
    total = sum((payment.share for payment in found), ZERO)
    if found and total != ONE:
        raise Refusal(_SHARES, total=total)
    return tuple(found)


def _proration(document: Table) -> Proration:
    place = "[proration]"
    table = _table(document, "proration", "The plan file", place)
    _known(table, {"basis", "whole", "reduces"}, place)
    reduces = table.get("reduces", ["variable"])
    unknown = [name for name in reduces if name not in {"variable", "target"}]
    if unknown:
        raise Refusal(
            _CHOICE,
            place=place,
            key="reduces",
            value=unknown[0],
            known="variable, target",
        )
    whole = table.get("whole", "actual")
    return Proration(
        basis=_one_of(table, "basis", BASES, place),
        whole=None if whole == "actual" else _number(table, "whole", place),
        reduces_variable="variable" in reduces,
        reduces_target="target" in reduces,
    )


def _rates(document: Table) -> Rates:
    place = "[currency]"
    table = _table(document, "currency", "The plan file", place)
    _known(table, {"kind", "rates"}, place)
    rates = _table(table, "rates", place, "{ USD = 0.92 }")
    return Rates(
        kind=_one_of(table, "kind", RATE_KINDS, place),
        rates=tuple(
            (str(name).upper(), _or(_number(rates, name, place), ONE)) for name in rates
        ),
    )


def _month(head: Table, place: str) -> int:
    months = tuple(str(one) for one in range(1, 13))
    return int(_one_of(head, "year_opens", months, place))


def _no_twins(components: tuple[Component, ...]) -> None:
    seen: set[str] = set()
    for rank, each in enumerate(components, start=1):
        if each.key in seen:
            raise Refusal(_TWICE, place=f"[[component]] {rank}", key=each.key)
        seen.add(each.key)


def _known(table: Table, names: set[str], place: str) -> None:
    for key in table:
        if key not in names:
            raise Refusal(
                _UNKNOWN, place=place, key=key, known=", ".join(sorted(names))
            )


def _table(table: Table, key: str, place: str, example: str) -> Table:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise Refusal(_TABLE, place=place, key=key, example=example)
    return found


def _tables(table: Table, key: str, place: str, example: str) -> list[Table]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(x, Mapping) for x in found):
        raise Refusal(_TABLES, place=place, key=key, example=example)
    return found


def _number(table: Table, key: str, place: str) -> Decimal | None:
    if key not in table:
        return None
    try:
        return _decimal(table[key])
    except (InvalidOperation, TypeError):
        raise Refusal(_NUMBER, place=place, key=key, value=table[key]) from None


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, str):
        found = plain_number(value.strip().rstrip("%"))
        return found / 100 if value.strip().endswith("%") else found
    if isinstance(value, int | Decimal | float):
        found = Decimal(str(value))
        if found.is_finite():
            return found
    raise TypeError


def _or(value: Decimal | None, default: Decimal) -> Decimal:
    return default if value is None else value


def _choice(
    table: Table, key: str, kind: type[E], place: str, default: E | None = None
) -> E:
    value = table.get(key, default)
    known = ", ".join(member.value for member in kind)
    if value is None:
        raise Refusal(_MISSING, place=place, key=key, example=known)
    return _converted(lambda: kind(value), value, key, place, known)


def _converted(
    convert: Callable[[], E], value: object, key: str, place: str, known: str
) -> E:
    try:
        return convert()
    except ValueError:
        raise Refusal(_CHOICE, place=place, key=key, value=value, known=known) from None


def _one_of(table: Table, key: str, known: tuple[str, ...], place: str) -> str:
    value = str(table.get(key, known[0]))
    if value not in known:
        raise Refusal(
            _CHOICE, place=place, key=key, value=value, known=", ".join(known)
        )
    return value


def _day(table: Table, key: str, place: str) -> datetime.date | None:
    value = table.get(key)
    if value is None or (
        isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    ):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise Refusal(_DAY, place=place, key=key, value=value) from None
