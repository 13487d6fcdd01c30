"""Who may see which cell of an exploration, by the permission table.

The company's own figures are published: everybody sees them, cut by anything that names
nobody. What belongs to a team or a person is seen by whom the table lets see their
results, or by all once an agreed objective of theirs is on that KPI. Finer cuts
(accounts, single deals, attributes) are rows: they ask for the right to see rows.
A cell is *bound* to the owners its filters and its group name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jalon.domain.kpis.conditions import Condition, condition
from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.domain.refusals import Refusal
from jalon.queries.filters import NOBODY, keys_named
from jalon.queries.organisation import Organisation
from jalon.warehouse.compile.links import DIMENSIONS, TIME, without_level

PEOPLE = frozenset({"person", "team", "manager"})
OPEN = frozenset({*DIMENSIONS, *TIME, "amount"}) - PEOPLE - {"account"}
Bound = frozenset[str]  # owners one of whose it is; all must be allowed


class UnableToShowError(Refusal, PermissionError):
    """The question asks for figures its reader may not see; what they may ask."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, the people they read about, and the owners whose KPI is published."""

    viewer: Viewer
    known: Organisation
    published: frozenset[str]

    def sees_result(self, owner: str) -> bool:
        """Return whether the owner's figure may be shown."""
        public = owner == COMPANY or owner in self.published
        subject = Subject(owner, published=public)
        return may(self.viewer, Act.SEE_RESULT, subject=subject)

    def sees_rows(self, bounds: Iterable[Bound]) -> bool:
        """Return whether the rows within these bounds may be shown."""
        if self._may_all({COMPANY}):
            return True
        return any(self._may_all(bound) for bound in bounds)

    def _may_all(self, owners: Collection[str]) -> bool:
        return bool(owners) and all(
            may(self.viewer, Act.SEE_ROWS, subject=Subject(owner)) for owner in owners
        )

    def sees(self, bounds: Sequence[Bound]) -> bool:
        """Return whether a figure within these bounds may be shown."""
        return all(self.sees_result(owner) for bound in bounds for owner in bound)


def filter_bounds(where: Iterable[str], known: Organisation) -> list[Bound]:
    """Return the owners that the filters "=" name; each filter is one bound."""
    found = [_owners(one, known) for one in map(condition, where)]
    return [owners for owners in found if owners]


def group_bounds(keys: Mapping[str, str | None], known: Organisation) -> list[Bound]:
    """Return the owners a group belongs to, by its dimensions' keys."""
    told = (
        Condition(name, "=", (key,))
        for column, key in sorted(keys.items())
        if key and (name := without_level(column.removesuffix("_id"))) in PEOPLE
    )
    return [_owners(one, known, exact=True) for one in told]


def check(reader: Reader, by: Iterable[str], where: Iterable[str]) -> None:
    """Refuse a question whose filters or cuts go beyond what its reader may see.

    Raises:
        UnableToShowError: If they do.
    """
    conditions = [condition(text) for text in where]
    for one in conditions:
        if not reader.sees([_owners(one, reader.known, negated=True)]):
            raise UnableToShowError(
                'The filter "{filter}" shows figures that are not yours to see.',
                filter=str(one),
            )
    fine = [name for name in map(without_level, by) if name not in OPEN | PEOPLE]
    fine += [one.name for one in conditions if one.name not in OPEN | PEOPLE]
    if fine and not reader.sees_rows(filter_bounds(where, reader.known)):
        raise UnableToShowError(
            '"{name}" leads to single rows. Filter on yourself or on your team first, '
            "e.g. {example}.",
            name=fine[0],
            example=_example(reader),
        )


def _example(reader: Reader) -> str:
    viewer = reader.viewer
    if viewer.teams:
        team = reader.known.team.get(min(viewer.teams))
        return f"team={team.name if team else min(viewer.teams)}"
    person = reader.known.person.get(viewer.person_id)
    return f"person={person.name if person else viewer.person_id}"


def _owners(
    one: Condition, known: Organisation, *, negated: bool = False, exact: bool = False
) -> Bound:
    """Return the owners a condition names; what is left by "!=" only where asked."""
    if one.name not in PEOPLE or (one.operator != "=" and not negated):
        return frozenset()
    named = (
        {team.team_id: team.name for team in known.teams}
        if one.name == "team"
        else {person.person_id: person.name for person in known.people}
    )
    keys: set[str] = set()
    for value in one.values:
        if not exact and value.casefold() == NOBODY:
            continue
        keys |= {value} if exact else keys_named(value, named)
    if one.name == "manager":
        keys = {each.person_id for key in keys for each in known.reports(key)} | keys
    kind = "team" if one.name == "team" else "person"
    return frozenset(f"{kind}:{key}" for key in keys)
