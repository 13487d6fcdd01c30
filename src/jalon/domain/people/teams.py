"""The tree of teams, read downwards: a manager of a team manages what is below it.

A tree is given as (team, parent) pairs; a parent nobody describes is a root, and a loop
in the data ends where it closes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def below(
    roots: Iterable[str], *, parents: Iterable[tuple[str, str | None]]
) -> frozenset[str]:
    """Return the given teams and all teams under them."""
    children: dict[str, list[str]] = defaultdict(list)
    for team, parent in parents:
        if parent:
            children[parent].append(team)
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        team = waiting.pop()
        if team not in found:
            found.add(team)
            waiting.extend(children[team])
    return frozenset(found)
