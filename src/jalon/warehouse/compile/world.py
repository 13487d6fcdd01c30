"""What the compiler must know of a snapshot, to join no more than needed.

Built once per snapshot: which tables hold rows, which currencies money comes in,
whether deals are shared or people change teams.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot seen from afar.

    `currencies` lists, for each table with money, the currencies met (the company's
    where a row says none); `stage_ranks` gives the order of stages, first to last;
    `parents` the team right above each team; `week_start` the weekday weeks begin on,
    Monday being 0.
    """

    counts: Mapping[str, int]
    currencies: Mapping[str, frozenset[str]]
    currency: str
    rates: bool = False
    shared_deals: bool = False
    moving_teams: bool = False
    fiscal_first_month: int = 1
    week_start: int = 0
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stage_ranks: Mapping[str, int] = field(default_factory=dict)
    parents: Mapping[str, str | None] = field(default_factory=dict)

    def money_of(self, tables: frozenset[str]) -> str:
        """Return the currency in which sums over these tables are answered.

        The company's, unless every row shares another one and no rate is known.
        """
        met = frozenset().union(*(self.currencies.get(t, ()) for t in tables))
        return next(iter(met)) if len(met) == 1 and not self.rates else self.currency

    def converts(self, table: str, into: str) -> bool:
        """Return whether the table has money in another currency."""
        return bool(self.currencies.get(table, frozenset()) - {into})

    def above(self, level: int) -> dict[str, str]:
        """Return, for each team, the team at a level that it is or stands under.

        Level 1 is the teams without parent; a team above the level is its own.
        """
        return {team: self._line(team)[:level][-1] for team in self.parents}

    def _line(self, team: str) -> list[str]:
        """Return the teams from the top of the tree down to a team; no ring is run."""
        line = [team]
        while (parent := self.parents.get(line[0])) in self.parents:
            if parent is None or parent in line:
                break
            line.insert(0, parent)
        return line
