"""A KPI with everything it is made of: other KPIs named by a formula are unfolded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jalon.domain.kpis.algebra import Component, Kpi
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Binary, Call, Name, Node, names


@dataclass(frozen=True, slots=True)
class Flat:
    """A formula over components only; those of another KPI are named `kpi.component`.

    `basis` is the revenue basis used, "" where it does not matter.
    """

    formula: Node
    beside: Mapping[str, Node]
    components: Mapping[str, Component]
    basis: str


def flattened(
    kpi: Kpi,
    catalogue: Mapping[str, Kpi],
    *,
    basis: str,
    parameters: Mapping[str, str] | None = None,
) -> Flat:
    """Return the KPI unfolded on a revenue basis, its parameters filled in.

    Raises:
        RecursionError: If KPIs name each other in a circle.
    """
    given = {**kpi.parameters, **(parameters or {})}
    own = {
        name: _filled(component, given)
        for name, component in kpi.components_on(basis).items()
    }
    parts: dict[str, Component] = {}
    found: dict[str, Node] = {}
    used = basis if kpi.by_basis else ""
    for formula in (kpi.formula, *kpi.beside.values()):
        for name in names(formula):
            if name in own:
                parts[name] = own[name]
                found[name] = Name(name)
            elif name not in found:
                inner = flattened(catalogue[name], catalogue, basis=basis)
                found[name] = _renamed(inner.formula, name)
                parts |= {f"{name}.{k}": c for k, c in inner.components.items()}
                used = used or inner.basis
    return Flat(
        formula=_replaced(kpi.formula, found),
        beside={key: _replaced(node, found) for key, node in kpi.beside.items()},
        components=parts,
        basis=used,
    )


def _filled(component: Component, given: Mapping[str, str]) -> Component:
    """Return the component with `{name}` in its conditions replaced by parameters."""
    if not given:
        return component
    where = tuple(
        Condition(
            one.name,
            one.operator,
            tuple(_text(value, given) for value in one.values),
        )
        for one in component.where
    )
    source = component.source
    if source is not None and source.stages:
        stages = tuple(_text(stage, given) for stage in source.stages)
        source = replace(source, stages=stages)
    return replace(component, where=where, source=source)


def _text(value: str, given: Mapping[str, str]) -> str:
    for name, filling in given.items():
        value = value.replace("{" + name + "}", filling)
    return value


def _renamed(node: Node, prefix: str) -> Node:
    return _replaced(node, {name: Name(f"{prefix}.{name}") for name in names(node)})


def _replaced(node: Node, by: Mapping[str, Node]) -> Node:
    match node:
        case Name(name):
            return by.get(name, node)
        case Binary(sign, left, right):
            return Binary(sign, _replaced(left, by), _replaced(right, by))
        case Call(function, arguments):
            return Call(function, tuple(_replaced(one, by) for one in arguments))
    return node
