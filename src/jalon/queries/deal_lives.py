"""The whole life of each deal stage by stage, read once a snapshot and kept.

Deals of the last three years. Without any history of stages there are two: opened, won.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jalon.domain.gaps.stages import NEVER, Lives
from jalon.domain.gaps.survival import Flags, Ints
from jalon.queries.snapshots import Snapshot, snapshot
from jalon.queries.stages import with_stages
from jalon.workspace.folder import Workspace

EPOCH = datetime.date(1970, 1, 1)
YEARS = datetime.timedelta(days=3 * 366)
CUTS = ("channel", "segment", "sector", "region", "product", "kind")
OPENED, WON = "opened", "won"  # stages where the company names none
_DEALS = """
SELECT d.deal_id, d.name, d.owner_id, d.amount, d.currency,
       coalesce(d.channel, a.channel), coalesce(d.segment, a.segment),
       coalesce(d.sector, a.sector), coalesce(d.region, a.region),
       coalesce(p.name, d.product_id), d.kind,
       date_diff('day', DATE '1970-01-01', d.created_on),
       date_diff('day', DATE '1970-01-01', d.closed_on), d.outcome
FROM deals d
LEFT JOIN accounts a ON a.account_id = d.account_id
LEFT JOIN products p ON p.product_id = d.product_id
WHERE d.created_on IS NOT NULL AND d.created_on >= ?
ORDER BY d.deal_id
"""
_MOVES = """
WITH ranked AS (
  SELECT deal_id, row_number() OVER (ORDER BY deal_id) - 1 AS place
  FROM deals WHERE created_on IS NOT NULL AND created_on >= ?
)
SELECT r.place AS place, date_diff('day', DATE '1970-01-01', min(s."at")::DATE) AS day
FROM ranked r JOIN stage_changes s USING (deal_id) WHERE s.stage = ? GROUP BY 1
"""
_kept: dict[tuple[str, str, int], DealLives] = {}


@dataclass(frozen=True, slots=True)
class DealLives:
    """Deals with what they are cut by: one entry a deal in each list and array."""

    lives: Lives
    ids: tuple[str, ...]
    names: tuple[str, ...]
    owners: tuple[str, ...]  # "" for nobody
    amounts: tuple[float, ...]
    currencies: tuple[str, ...]
    cuts: Mapping[str, tuple[str, ...]]  # "" where unknown
    closed: Ints  # NEVER while open

    def of(self, people: frozenset[str] | None) -> Flags:
        """Return which deals these people hold; None is everybody."""
        if people is None:
            return np.ones(len(self.ids), bool)
        return np.array([owner in people for owner in self.owners], bool)


def deal_lives(workspace: Workspace, *, on: datetime.date) -> DealLives:
    """Return the deals opened in the three years to `on`.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    found = with_stages(snapshot(workspace))
    key = (found.folder, found.name, on.year)
    if key not in _kept:
        if len(_kept) >= 4:  # noqa: PLR2004 - a few snapshots at a time
            _kept.clear()
        _kept[key] = _read(found, datetime.date(on.year, 12, 31) - YEARS)
    return _kept[key]


def number(day: datetime.date) -> int:
    """Return the days from 1970-01-01 to a day."""
    return (day - EPOCH).days


def _read(found: Snapshot, since: datetime.date) -> DealLives:
    cursor = found.cursor()
    rows = cursor.execute(_DEALS, [since]).fetchall()
    ranks = dict(found.world.stage_ranks)
    stages = tuple(sorted(ranks, key=lambda name: ranks[name]))
    if len(stages) < 2:  # noqa: PLR2004 - a first stage and the win
        stages, ranks = (OPENED, WON), {}
    last = len(stages) - 1
    entered = np.full((len(rows), len(stages)), NEVER, np.int64)
    for stage, rank in ranks.items():
        if rank != last and rows:
            moves = cursor.execute(_MOVES, [since, stage]).fetchnumpy()
            entered[moves["place"].astype(np.int64), rank] = moves["day"]
    created = np.array([row[11] for row in rows], np.int64)
    closed = np.array([NEVER if row[12] is None else row[12] for row in rows], np.int64)
    won = np.array([row[13] == "won" for row in rows], bool)
    lost = np.array([row[13] == "lost" for row in rows], bool)
    if len(rows):
        entered[:, 0] = np.minimum(entered[:, 0], created)
        entered[:, last] = np.where(won, closed, NEVER)
        entered = np.minimum.accumulate(entered[:, ::-1], axis=1)[:, ::-1]
    return DealLives(
        lives=Lives(stages, created, entered, np.where(lost, closed, NEVER)),
        ids=tuple(row[0] for row in rows),
        names=tuple(row[1] or row[0] for row in rows),
        owners=tuple(row[2] or "" for row in rows),
        amounts=tuple(float(row[3] or 0) for row in rows),
        currencies=tuple(row[4] or "" for row in rows),
        cuts={
            name: tuple(row[5 + at] or "" for row in rows)
            for at, name in enumerate(CUTS)
        },
        closed=np.where(won | lost, closed, NEVER),
    )
