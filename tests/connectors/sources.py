"""One table of the HTTP sources: how each is simulated, made and given its key.

Patience is short: what a vendor would make us wait for seconds takes milliseconds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jalon.connectors.contract import Source
from jalon.connectors.hubspot.source import HubSpot
from jalon.connectors.transport.policy import Policy
from tests.simulators.hubspot import HubSpotSimulator
from tests.simulators.ledger import Ledger, account
from tests.simulators.server import Simulator, served
from tests.simulators.world import World, small

HASTY = Policy(attempts=6, first_wait=0.001, longest_wait=0.05, timeout=5, per_second=0)
KEY = Simulator.key


@dataclass(frozen=True)
class Case:
    """`tells` is whether the vendor tells the moves of stages, and what is deleted."""

    simulator: Callable[[World], Simulator]
    source: Callable[[Policy], Source]
    settings: dict[str, str]
    history: bool = False
    deletions: bool = False


CASES = {
    "hubspot": Case(
        HubSpotSimulator, HubSpot, {"key": KEY}, history=True, deletions=True
    ),
}


@dataclass
class Stand:
    """A simulator that is served, and a ledger that reads it."""

    simulator: Simulator
    ledger: Ledger
    url: str

    @property
    def world(self) -> World:
        return self.simulator.world


@contextlib.contextmanager
def stand(kind: str, room: Path, *, seed: int = 1, deals: int = 60) -> Iterator[Stand]:
    """Serve a little CRM of a kind."""
    case = CASES[kind]
    simulator = case.simulator(small(seed, deals))
    with served(simulator) as url:
        given = account(url, **case.settings)
        yield Stand(simulator, Ledger(case.source(HASTY), given, room), url)
