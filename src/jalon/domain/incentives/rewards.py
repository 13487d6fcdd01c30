"""Rewards other than money: what reaching a level proposes to whoever leads somebody.

    [recognition]
    minutes = 90              # attention a manager can give in a period

    [[recognition.rule]]
    key = "lunch"
    label = "Lunch with the director"
    measure = "revenue"
    at_least = 1              # of the target; on = "actual": of the figure
    minutes = 60              # attention it takes

The budget is of attention, not of money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from jalon.domain.incentives.plan import ONE, On
from jalon.domain.refusals import Refusal

_TABLE = (
    "[recognition]: expected minutes = 90 and [[recognition.rule]] with key, label,"
    " measure, at_least and minutes."
)
_KEY = "[recognition]: {key} is not known. Expected one of: {known}."
_MISSING = (
    "[[recognition.rule]] {rank}: {key} is missing or cannot be read. Expected e.g."
    " {example}."
)
_EXAMPLES = {
    "key": "lunch",
    "measure": "revenue",
    "at_least": "1",
    "minutes": "30",
    "on": "attainment",
}
RULE_KEYS = {"key", "label", "measure", "at_least", "on", "minutes"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A level of a measure and the recognition it proposes."""

    key: str
    label: str
    measure: str
    at_least: Decimal
    on: On
    minutes: int


@dataclass(frozen=True, slots=True)
class Rewards:
    """The rules of a plan, and the minutes a manager has; None: no limit."""

    rules: tuple[Rule, ...] = ()
    minutes: int | None = None


def read_rewards(document: Mapping[str, Any]) -> Rewards:
    """Return the rewards a plan file describes; none where it names none.

    Raises:
        Refusal: If a key is unknown or a value cannot be read.
    """
    table = document.get("recognition", {})
    if not isinstance(table, Mapping) or not isinstance(table.get("rule", []), list):
        raise Refusal(_TABLE)
    _known(table, {"minutes", "rule"})
    rules = tuple(
        _rule(each, rank) for rank, each in enumerate(table.get("rule", []), start=1)
    )
    minutes = table.get("minutes")
    if minutes is not None and not (isinstance(minutes, int) and minutes > 0):
        raise Refusal(_TABLE)
    return Rewards(rules, minutes)


def _rule(told: object, rank: int) -> Rule:
    if not isinstance(told, Mapping):
        raise Refusal(_TABLE)
    _known(told, RULE_KEYS)
    for key in ("key", "measure"):
        if not str(told.get(key, "")):
            raise _missing(rank, key)
    minutes = told.get("minutes", 0)
    if not isinstance(minutes, int) or minutes < 0:
        raise _missing(rank, "minutes")
    try:
        on = On(told.get("on", On.ATTAINMENT))
        at_least = Decimal(str(told.get("at_least", ONE)))
    except ValueError:
        raise _missing(rank, "on") from None
    except InvalidOperation:
        raise _missing(rank, "at_least") from None
    key = str(told["key"])
    label = str(told.get("label", key))
    return Rule(key, label, str(told["measure"]), at_least, on, minutes)


def _missing(rank: int, key: str) -> Refusal:
    return Refusal(_MISSING, rank=rank, key=key, example=_EXAMPLES[key])


def _known(table: Mapping[str, Any], names: set[str]) -> None:
    for key in table:
        if key not in names:
            raise Refusal(_KEY, key=key, known=", ".join(sorted(names)))
