"""A filter as people type it: `segment=PME|ETI`, `amount<10000`, `stage!=Lost`.

An empty value means "empty"; a value that starts with @ is an expression of columns,
only for the authors of KPI files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jalon.domain.refusals import Refusal

OPERATORS = ("!=", ">=", "<=", "=", "<", ">")
_SHAPE = re.compile(r"^\s*([^=<>!]+?)\s*(!=|>=|<=|=|<|>)\s*(.*?)\s*$", re.DOTALL)


_SHAPE_EXPECTED = (
    'Filter "{filter}": expected a name, one of {operators} and a value, '
    "e.g. segment=PME or amount<10000."
)
_ONE_VALUE = (
    'Filter "{filter}": {operator} needs exactly one value, '
    "e.g. segment=PME or amount<10000."
)


class ConditionError(Refusal, ValueError):
    """A filter cannot be read."""

    def __init__(
        self, text: str, sentence: str = _SHAPE_EXPECTED, /, **parameters: object
    ) -> None:
        operators = " ".join(OPERATORS)
        super().__init__(sentence, filter=text, operators=operators, **parameters)


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter; several values mean any of them (none of them for `!=`)."""

    name: str
    operator: str
    values: tuple[str, ...]

    @property
    def expression(self) -> str:
        """Return the expression of columns to compare with, or nothing."""
        first = self.values[0] if self.values else ""
        return first[1:] if first.startswith("@") else ""

    def __str__(self) -> str:
        return f"{self.name}{self.operator}{'|'.join(self.values)}"


def condition(text: str) -> Condition:
    """Return the filter of a text.

    Raises:
        ConditionError: If it has no name, no sign, or several values for < or >.
    """
    found = _SHAPE.match(text)
    if found is None:
        raise ConditionError(text)
    name, operator, rest = found.groups()
    values = tuple(part.strip() for part in rest.split("|")) if rest else ()
    if operator not in {"=", "!="} and len(values) != 1:
        raise ConditionError(text, _ONE_VALUE, operator=operator)
    return Condition(name.strip(), operator, values)
