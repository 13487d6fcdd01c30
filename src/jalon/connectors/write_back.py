"""What a CRM that holds targets honours: first what it would write, then that alone.

`connectors/<kind>/targets.py` holds `TARGETS: TakesTargets`; a kind without that file
is never written to. `planned` only reads. `write` does one thing that `planned` said,
once: it is not tried again where the answer is lost, since the next plan finds what is
there by its owner and its days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib import import_module, resources
from typing import Protocol

from jalon.connectors.contract import Account, Finding


class Deed(StrEnum):
    """What is to be done: make it, change it, leave it as it is, not possible."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Target:
    """A person's target of money: `last` is its last day; `person` the vendor's id."""

    objective: str
    title: str
    person: str
    name: str
    amount: Decimal
    currency: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Write:
    """One thing to write: where, its values, what is there before (None where nothing).

    `remote` is the vendor's id of what is there, empty where nothing is.
    """

    target: Target
    deed: Deed
    place: str
    remote: str = ""
    before: Decimal | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    why: Finding | None = None

    @property
    def writes(self) -> bool:
        """Return whether something would change in the CRM."""
        return self.deed in {Deed.CREATE, Deed.UPDATE}


class TakesTargets(Protocol):
    """A kind of source that targets can be written to."""

    def planned(
        self, account: Account, targets: Sequence[Target], known: Mapping[str, str]
    ) -> tuple[Write, ...]:
        """Return what would be written for each target, in their order.

        `known` is the vendor's id of what was written before, by objective.

        Raises:
            SourceError: If what is there cannot be read.
        """
        ...

    def write(self, account: Account, write: Write) -> str:
        """Do what was planned, once; return the vendor's id.

        Raises:
            SourceError: If it is refused or its answer is lost.
        """
        ...


def takes_targets(kind: str) -> TakesTargets | None:
    """Return the writer of a kind, None where it is only read."""
    folder = resources.files("jalon.connectors").joinpath(kind)
    if not folder.joinpath("targets.py").is_file():
        return None
    found: TakesTargets = import_module(f"jalon.connectors.{kind}.targets").TARGETS
    return found
