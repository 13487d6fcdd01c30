"""One table of the HTTP sources: how each is simulated, made and given its key.

Patience is short: what a vendor would make us wait for seconds takes milliseconds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jalon.connectors.contract import Source
from jalon.connectors.dolibarr.source import Dolibarr
from jalon.connectors.hubspot.source import HubSpot
from jalon.connectors.odoo.source import OdooSource
from jalon.connectors.pipedrive.source import Pipedrive
from jalon.connectors.salesforce.source import Salesforce
from jalon.connectors.sellsy.source import Sellsy
from jalon.connectors.transport.policy import Policy
from tests.simulators.dolibarr import DolibarrSimulator
from tests.simulators.hubspot import HubSpotSimulator
from tests.simulators.ledger import Ledger, account
from tests.simulators.odoo import DATABASE, LOGIN, OdooSimulator, OldOdooSimulator
from tests.simulators.pipedrive import PipedriveSimulator
from tests.simulators.salesforce import SalesforceSimulator
from tests.simulators.sellsy import SellsySimulator
from tests.simulators.server import Simulator, served
from tests.simulators.world import World, small

HASTY = Policy(attempts=6, first_wait=0.001, longest_wait=0.05, timeout=5, per_second=0)
KEY = Simulator.key
ODOO = {"database": DATABASE, "login": LOGIN, "key": KEY}


@dataclass(frozen=True)
class Case:
    """What a vendor tells: moves of stages, deletions, merges, changes, lost stages."""

    simulator: Callable[[World], Simulator]
    source: Callable[[Policy], Source]
    settings: dict[str, str]
    history: bool = False
    deletions: bool = False
    merges: bool = False
    changes: bool = True
    won_stages: bool = True
    lost_stages: bool = True


CASES = {
    "hubspot": Case(
        HubSpotSimulator,
        HubSpot,
        {"key": KEY},
        history=True,
        deletions=True,
        merges=True,
    ),
    "pipedrive": Case(
        PipedriveSimulator,
        Pipedrive,
        {"key": KEY},
        history=True,
        deletions=True,
        won_stages=False,
        lost_stages=False,
    ),
    "odoo": Case(OdooSimulator, OdooSource, ODOO, history=True, lost_stages=False),
    "odoo 16": Case(
        OldOdooSimulator, OdooSource, ODOO, history=True, lost_stages=False
    ),
    "salesforce": Case(
        SalesforceSimulator,
        Salesforce,
        {"client_id": "jalon", "client_secret": KEY},
        history=True,
        deletions=True,
    ),
    "dolibarr": Case(DolibarrSimulator, Dolibarr, {"key": KEY}),
    "sellsy": Case(
        SellsySimulator,
        Sellsy,
        {"client_id": "jalon", "client_secret": KEY},
        changes=False,
        won_stages=False,
        lost_stages=False,
    ),
}


@dataclass
class Stand:
    """A simulator that is served, and a ledger that reads it."""

    simulator: Simulator
    ledger: Ledger
    url: str
    case: Case

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
        yield Stand(simulator, Ledger(case.source(HASTY), given, room), url, case)
