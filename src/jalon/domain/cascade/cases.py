"""Bare worked examples, as articles and papers print them: vectors without names.

`T, w, lo, hi` shares a total out by weights in whole units; `R, p, n` raises a rate,
with `best` by headroom, else by equal effort; `T, b, var, lo, hi` reconciles proposals.
Each becomes an ordinary cascade document, whose nodes are called 1, 2, 3… `method`
names another way. `parent, yhat, s2` (bounds too) is a tree of opinions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from jalon.domain.cascade.compromise import met_halfway, met_within
from jalon.domain.cascade.outcome import Cascade
from jalon.domain.refusals import Refusal

Case = Mapping[str, object]
_CLOSE = Decimal("0.000001")
_UNKNOWN = (
    'The example "{name}" is none of T + w, R + p + n, T + b + var.'
    ' Expected e.g. {{"T": 100, "w": [1, 1, 1]}}.'
)
_NO_TREE = (
    'The example "{name}" is no tree: expected parents before their parts, -1 first.'
    ' Example: {{"parent": [-1, 0, 0], "yhat": [10, 4, 5], "s2": [0, 1, 1]}}.'
)
_UNEVEN = 'The example "{name}" has {key} of {found} figures; expected {expected}.'


@dataclass(frozen=True, slots=True)
class Checked:
    """An example's figures, beside the ones it expects."""

    name: str
    found: tuple[Decimal, ...]
    expected: tuple[Decimal, ...]

    @property
    def agrees(self) -> bool:
        """Return whether all figures are the expected ones, within a millionth."""
        return not self.expected or (
            len(self.found) == len(self.expected)
            and all(
                abs(one - other) <= _CLOSE
                for one, other in zip(self.found, self.expected, strict=True)
            )
        )


def is_examples(document: object) -> bool:
    """Return whether a document is a list of bare examples."""
    return isinstance(document, Mapping) and isinstance(document.get("examples"), list)


def document_of(case: Case) -> dict[str, object]:
    """Return the cascade document of a bare example.

    Raises:
        Refusal: If its vectors are of no known kind, or of unequal lengths.
    """
    if {"R", "p", "n"} <= case.keys():
        size = _size(case, "p")
        method = case.get("method") or ("headroom" if "best" in case else "effort")
        columns = {"history": "p", "volume": "n", "potential": "best"}
        plan: dict[str, object] = {"target": case["R"], "unit": "share"}
    elif {"T", "w"} <= case.keys():
        size, method = _size(case, "w"), case.get("method") or "weights"
        columns = {"weight": "w"}
        plan = {"target": case["T"], "unit": "number", "step": case.get("unit") or 1}
    elif {"T", "b", "var"} <= case.keys():
        size, method = _size(case, "b"), "equal"
        columns = {"proposed": "b", "variance": "var"}
        plan = {"target": case["T"], "unit": "number"}
    else:
        raise Refusal(_UNKNOWN, name=case.get("name") or "")
    columns |= {"floor": "lo", "ceiling": "hi"}
    vectors = {
        column: _vector(case, key, size)
        for column, key in columns.items()
        if key in case
    }
    nodes = [
        {
            "id": str(rank + 1),
            **{column: each[rank] for column, each in vectors.items()},
        }
        for rank in range(size)
    ]
    return {**plan, "method": method, "nodes": nodes}


def is_tree(case: Case) -> bool:
    """Return whether an example is a tree of opinions."""
    return {"parent", "yhat", "s2"} <= case.keys()


def tree_of(case: Case) -> tuple[Decimal, ...]:
    """Return the compromise of a tree of opinions.

    Raises:
        Refusal: If its vectors are of unequal lengths, or a parent comes after.
    """
    size = _size(case, "parent")
    columns = {
        key: np.array([_float(each) for each in _vector(case, key, size)])
        for key in ("parent", "yhat", "s2", "lo", "hi")
        if key in case
    }
    parents = columns["parent"].astype(np.int64)
    if not size or parents[0] != -1 or (parents[1:] >= np.arange(1, size)).any():
        raise Refusal(_NO_TREE, name=case.get("name") or "")
    opinions = (parents, columns["yhat"], columns["s2"])
    if "lo" in columns or "hi" in columns:
        low = columns.get("lo", np.full(size, -np.inf))
        high = columns.get("hi", np.full(size, np.inf))
        found = met_within(*opinions, low, high)
    else:
        found = met_halfway(*opinions)
    return tuple(Decimal(str(figure)) for figure in found.tolist())


def _float(found: object) -> float:
    """Return a number of a vector; nothing stands for no bound, no opinion."""
    return float(found) if isinstance(found, Decimal | int | float) else math.inf


def figures_of(cascade: Cascade) -> tuple[Decimal, ...]:
    """Return the targets of a cascade, in order."""
    return tuple(Decimal(str(each.target)) for each in cascade.given)


def checked(case: Case, found: tuple[Decimal, ...]) -> Checked:
    """Return what an example gave, beside what it expects."""
    expected = case.get("expected")
    numbers = expected if isinstance(expected, list) else []
    return Checked(str(case.get("name") or ""), found, tuple(numbers))


def _size(case: Case, key: str) -> int:
    vector = case[key]
    return len(vector) if isinstance(vector, Sequence) else 0


def _vector(case: Case, key: str, size: int) -> Sequence[object]:
    """Return a column, one figure repeated where the example says it once."""
    found = case[key]
    if not isinstance(found, Sequence) or isinstance(found, str):
        return [found] * size
    if len(found) != size:
        raise Refusal(
            _UNEVEN,
            name=case.get("name") or "",
            key=key,
            found=len(found),
            expected=size,
        )
    return found
