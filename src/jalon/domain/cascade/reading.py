"""A cascade as a document says it: checked, with one clear line for what is wrong.

The document is a decoded JSON object whose numbers are Decimals. Unknown keys are
refused: a misspelt "celling" would otherwise be a ceiling that nobody keeps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches

from jalon.domain.cascade.plan import (
    DEFAULT_CONFIDENCE,
    TOP,
    Cushion,
    Measure,
    Method,
    Node,
    Plan,
    measured,
)
from jalon.domain.kpis.catalogue import Catalogue
from jalon.domain.quantities import LARGEST
from jalon.domain.refusals import Refusal

Document = Mapping[str, object]

PLAN_KEYS = (
    *("kpi", "target", "unit", "step", "method", "cushion", "nodes"),
    *("name", "note"),
)
NODE_KEYS = (
    *("id", "parent", "weight", "history", "capacity", "potential", "ramp", "presence"),
    *("growth", "floor", "ceiling", "locked", "proposed", "confidence", "variance"),
    *("volume", "attainments", "kpi", "unit", "name", "note"),
)
UNITS = ("money", "count", "share", "score", "day", "month", "ratio", "number")
_OTHER_UNITS = {"EUR": "money", "days": "day", "months": "month", "percent": "share"}
_NUMBERS = (
    *("weight", "history", "capacity", "potential", "growth", "ramp", "presence"),
    *("floor", "ceiling", "proposed", "confidence", "variance", "volume"),
)
_SHARES = ("ramp", "presence", "confidence")
_POSITIVE = ("weight", "capacity", "growth", "variance", "volume")
_HIGHEST_SHARE = 5
_DEFAULTS = {"growth": Decimal(1), "ramp": Decimal(1), "presence": Decimal(1)}
_EXAMPLE = '{"kpi": "revenue", "target": 1000000, "nodes": [{"id": "Alice"}]}'


def plan_of(document: object, catalogue: Catalogue) -> tuple[Plan, dict[str, Measure]]:
    """Return the plan of a document, and the measure of each lever's KPI.

    Raises:
        Refusal: If something is missing, of the wrong kind, or contradicts itself.
    """
    if not isinstance(document, Mapping):
        raise Refusal("Expected a JSON object such as {example}.", example=_EXAMPLE)
    _check_keys(document, PLAN_KEYS, "The cascade")
    nodes = _nodes(document.get("nodes"))
    kpi = _text(document.get("kpi") or "", "kpi", "The cascade")
    volumes = any(node.volume is not None for node in nodes)
    measure = _measure(
        kpi,
        _unit(document, "The cascade"),
        catalogue,
        volumes=volumes,
        step=_step(document),
    )
    target = _number(document.get("target"), "target", "The cascade", needed=True)
    if target is None or (target < 0 and measure.unit != "score"):
        raise Refusal("The target is {found}. Expected 0 or more.", found=target)
    measure = _open_ended(measure, target, nodes)
    levers = {
        node.id: _measure(node.kpi, node.unit, catalogue)
        for node in nodes
        if node.kpi and node.kpi != kpi
    }
    plan = Plan(
        measure, target, _method(document), _cushion(document.get("cushion")), nodes
    )
    return plan, levers


def _measure(
    kpi: str,
    unit: str,
    catalogue: Catalogue,
    *,
    volumes: bool = False,
    step: Decimal | None = None,
) -> Measure:
    known = catalogue.get(kpi)
    return measured(
        kpi,
        unit=unit or (str(known.unit) if known else ""),
        kind=str(known.kind) if known else "",
        volumes=volumes,
        step=step,
    )


def _open_ended(measure: Measure, target: Decimal, nodes: Sequence[Node]) -> Measure:
    """Return the measure of shares that may pass 1, such as net revenue retention."""
    if measure.unit != "share" or measure.additive:
        return measure
    rates = [target, *(node.history for node in nodes if not node.kpi)]
    highest = max(rate for rate in rates if rate is not None)
    if highest > _HIGHEST_SHARE:
        raise Refusal(
            "{found} is no share: expected a fraction of 1, 0.28 for 28 %.",
            found=highest,
        )
    return replace(measure, beyond_one=highest > 1)


def _nodes(found: object) -> tuple[Node, ...]:
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise Refusal(
            'The cascade has no nodes. Expected a list, e.g. "nodes": {example}.',
            example='[{"id": "Alice", "history": 120}, {"id": "Bob", "history": 80}]',
        )
    nodes = tuple(_node(each, rank) for rank, each in enumerate(found, 1))
    known = {node.id for node in nodes}
    if len(known) < len(nodes):
        counted = Counter(node.id for node in nodes)
        twice = counted.most_common(1)[0][0]
        raise Refusal("Two nodes are called {node}; expected one.", node=twice)
    for node in nodes:
        if node.parent and node.parent not in known:
            raise Refusal(
                "{node} is under {parent}, which is no node of the file."
                " Expected one of: {known}.",
                node=node.id,
                parent=node.parent,
                known=", ".join(sorted(known)[:12]),
            )
    _check_loops(nodes)
    return nodes


def _check_loops(nodes: Sequence[Node]) -> None:
    parents = {node.id: node.parent for node in nodes}
    sound: set[str] = {TOP}
    for node in nodes:
        path: list[str] = []
        here = node.id
        while here not in sound:
            if here in path:
                loop = " > ".join([*path[path.index(here) :], here])
                raise Refusal(
                    "The tree goes in a circle: {loop}. Expected one node without"
                    " parent above all.",
                    loop=loop,
                )
            path.append(here)
            here = parents[here]
        sound.update(path)


def _node(found: object, rank: int) -> Node:
    if not isinstance(found, Mapping):
        raise Refusal(
            'Node {rank} is no object. Expected e.g. {{"id": "Alice"}}.', rank=rank
        )
    key = _text(found.get("id"), "id", f"Node {rank}")
    if not key:
        raise Refusal('Node {rank} has no id. Example: "id": "Alice".', rank=rank)
    _check_keys(found, NODE_KEYS, key)
    numbers = {name: _number(found.get(name), name, key) for name in _NUMBERS}
    for name, number in numbers.items():
        _check_sign(name, number, key)
    given = {
        name: _DEFAULTS.get(name) if number is None else number
        for name, number in numbers.items()
    }
    _check_bounds(given["floor"], given["ceiling"], key)
    return Node(
        id=key,
        parent=_text(found.get("parent") or TOP, "parent", key),
        kpi=_text(found.get("kpi") or "", "kpi", key),
        unit=_unit(found, key),
        locked=_locked(found, given, key),
        attainments=_attainments(found.get("attainments"), key),
        **given,  # type: ignore[arg-type] # defaults fill what may not be None
    )


def _locked(
    found: Document, given: Mapping[str, Decimal | None], key: str
) -> Decimal | None:
    """Return the figure a node keeps: a number, or true for the one proposed."""
    locked = found.get("locked")
    if locked is None or locked is False:
        return None
    if locked is not True:
        return _number(locked, "locked", key)
    kept = given["proposed"]
    if kept is None and given["floor"] == given["ceiling"]:
        kept = given["floor"]
    if kept is None:
        kept = given["history"]
    if kept is None:
        raise Refusal(
            "{node} is locked, at no figure. Expected a number or a proposed one."
            ' Example: {{"id": "{node}", "locked": 250000}}.',
            node=key,
        )
    return kept


def _attainments(found: object, key: str) -> tuple[Decimal, ...]:
    if found is None:
        return ()
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise Refusal(
            "attainments of {node} is {found}. Expected a list, e.g. [0.92, 1.04].",
            node=key,
            found=found,
        )
    numbers = (_number(each, "attainments", key, needed=True) for each in found)
    return tuple(number for number in numbers if number is not None)


def _cushion(found: object) -> Cushion:
    """Return the cushion of 0.05, [0.1, 0.05] by level, or {"probability": 0.8}."""
    if isinstance(found, Mapping):
        probability = _number(found.get("probability"), "probability", "cushion")
        if probability is None or not 0 < probability < 1:
            raise Refusal(
                "The cushion's probability is {found}. Expected a share between 0"
                " and 1, e.g. {example}.",
                found=found.get("probability"),
                example='{"probability": 0.8}',
            )
        return Cushion(probability=probability)
    listed = isinstance(found, Sequence) and not isinstance(found, str)
    levels = [
        _number(each, "cushion", "The cascade")
        for each in (found if listed and isinstance(found, Sequence) else [found])
    ]
    for level in levels:
        if level is not None and not 0 <= level <= 1:
            raise Refusal(
                "The cushion is {found}. Expected a share: 0.05 for 5 %.", found=level
            )
    return Cushion(tuple(level for level in levels if level))


def _method(document: Document) -> Method:
    asked = document.get("method")
    if asked is None:
        return Method.HISTORY
    known = [method.value for method in Method]
    if asked not in known:
        raise Refusal(
            "The method is {found}. Expected one of: {known}.",
            found=asked,
            known=", ".join(known),
        )
    return Method(str(asked))


def _step(document: Document) -> Decimal | None:
    step = _number(document.get("step"), "step", "The cascade")
    if step is not None and step <= 0:
        raise Refusal(
            "The step is {found}. Expected more than 0, e.g. 100 for whole hundreds.",
            found=step,
        )
    return step


def _unit(document: Document, key: str) -> str:
    unit = document.get("unit") or ""
    unit = _OTHER_UNITS.get(str(unit), unit)
    if unit and unit not in UNITS:
        raise Refusal(
            "The unit of {node} is {found}. Expected one of: {known}.",
            node=key,
            found=unit,
            known=", ".join(UNITS),
        )
    return str(unit)


def _text(found: object, name: str, key: str) -> str:
    if found is None or isinstance(found, str):
        return found or ""
    if isinstance(found, Decimal | int) and not isinstance(found, bool):
        return str(found)
    raise Refusal(
        "{name} of {node} is {found}. Expected a text.",
        name=name,
        node=key,
        found=found,
    )


def _number(
    found: object, name: str, key: str, *, needed: bool = False
) -> Decimal | None:
    if isinstance(found, int | float) and not isinstance(found, bool):
        found = Decimal(str(found))
    if isinstance(found, Decimal) and found.is_finite() and abs(found) < LARGEST:
        return found
    if found is None and not needed:
        return None
    raise Refusal(
        '{name} of {node} is {found}. Expected a number, e.g. "{name}": 120.',
        name=name,
        node=key,
        found="missing" if found is None else found,
    )


def _check_sign(name: str, number: Decimal | None, key: str) -> None:
    if number is None:
        return
    if name in _SHARES and not 0 <= number <= 1:
        raise Refusal(
            "{name} of {node} is {found}. Expected a share between 0 and 1, e.g. {e}.",
            name=name,
            node=key,
            found=number,
            e=DEFAULT_CONFIDENCE,
        )
    if name in _POSITIVE and number < 0:
        raise Refusal(
            "{name} of {node} is {found}. Expected 0 or more.",
            name=name,
            node=key,
            found=number,
        )


def _check_bounds(low: Decimal | None, high: Decimal | None, key: str) -> None:
    if low is not None and high is not None and low > high:
        raise Refusal(
            "The floor of {node}, {low}, is above its ceiling, {high}.",
            node=key,
            low=low,
            high=high,
        )


def _check_keys(found: Document, known: Sequence[str], key: str) -> None:
    for name in found:
        if name not in known:
            near = get_close_matches(str(name), known, n=1) or known
            raise Refusal(
                '{node} has "{name}", which is not known. Expected one of: {known}.',
                node=key,
                name=name,
                known=", ".join(near),
            )
