"""Who holds which accounts, what they weigh, and what each one's target still asks.

The potential of an account is its own where its facts carry one (attribute
`potential`), else what it signed in the last twelve months and what is open with it.
Its workload is the activities of these months, its own or through a deal or a lead;
where there are none at all, an account counts for one. Who holds it is its owner, else
the owner of its last deal. Money is in the company's currency.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from jalon.domain.kpis.question import Question
from jalon.domain.objectives.objective import months_later
from jalon.domain.people.permission import COMPANY
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.domain.territories.wishes import Account, Person
from jalon.queries import kpi_values
from jalon.queries.board import lines
from jalon.queries.organisation import Organisation, PersonRow, organisation
from jalon.queries.pages import Line
from jalon.queries.retargets import CLOSED
from jalon.queries.snapshots import Snapshot, snapshot
from jalon.workspace.folder import Workspace

MONTHS = 12
ZERO = Decimal(0)
MONEY, OPEN = "revenue", "open_pipeline"
ONE = datetime.timedelta(days=1)
_NO_TEAM = "There is no team {team}. Expected company or one of: {teams}."
_ACCOUNTS = (
    "SELECT account_id, coalesce(\"name\", account_id), coalesce(owner_id, ''), "
    "coalesce(region, ''), attributes FROM accounts ORDER BY account_id"
)
_LAST_DEALS = (
    "SELECT account_id, arg_max(owner_id, (created_on, deal_id)) FROM deals "
    "WHERE account_id IS NOT NULL AND owner_id IS NOT NULL AND created_on <= ? "
    "GROUP BY account_id"
)
_OPEN = (
    "SELECT DISTINCT account_id FROM deals "
    "WHERE outcome = 'open' AND account_id IS NOT NULL AND created_on <= ?"
)
_WORK = (
    "SELECT coalesce(a.account_id, d.account_id, l.account_id) AS account, count(*) "
    "FROM activities a LEFT JOIN deals d ON d.deal_id = a.deal_id "
    "LEFT JOIN leads l ON l.lead_id = a.lead_id "
    "WHERE a.done_at >= ? AND a.done_at < ? GROUP BY account"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: for whom, at most how many moves, what stays, who covers where."""

    scope: str = COMPANY
    most_moves: int | None = None
    tolerance: float = 0.05
    locks: frozenset[str] = frozenset()
    lock_open: bool = False
    regions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that a distribution starts from; accounts and people carry the wishes."""

    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    account_names: Mapping[str, str]
    people_names: Mapping[str, str]
    targets: Mapping[str, Line]
    period: Period | None
    worked: bool  # activities are known; else every account weighs the same
    from_deals: int  # accounts whose holder is the owner of their last deal
    snapshot: str

    @property
    def left(self) -> dict[str, Decimal]:
        """Return what each one's target asks from today to its end, along its path."""
        return {
            person: (line.target or ZERO) - (line.expected or ZERO)
            for person, line in self.targets.items()
        }


@dataclass(frozen=True, slots=True)
class Scope:
    """A team, or the company, whose accounts can be shared out anew."""

    key: str
    name: str


def scopes(workspace: Workspace, *, on: datetime.date) -> tuple[Scope, ...]:
    """Return the company and every team."""
    teams = organisation(workspace, on=on).teams
    company = Scope(COMPANY, workspace.settings.company)
    return (company, *(Scope(f"team:{one.team_id}", one.name) for one in teams))


def ground(workspace: Workspace, asked: Asked, *, on: datetime.date) -> Ground:
    """Return the accounts and the people of a scope on a day.

    Raises:
        NoDataError: If nothing was imported yet.
        Refusal: If the scope is no team.
    """
    facts = snapshot(workspace)
    found = organisation(workspace, on=on)
    held, names, from_deals = _held(facts, on)
    inside = _inside(found, asked.scope, on)
    here = {one.person_id for one in inside if _there(one, on)}
    gone = {one.person_id for one in inside} - here
    everywhere = asked.scope == COMPANY
    chosen = [
        one
        for one in held
        if one.owner in here or one.owner in gone or (everywhere and not one.owner)
    ]
    people = _holders(found, here, chosen, on)
    weighed, worked = _weighed(workspace, facts, chosen, on)
    stays = asked.locks | (_open(facts, on) if asked.lock_open else frozenset())
    present = {one.person_id for one in people}
    accounts = tuple(
        replace(one, locked=one.id in stays and one.owner in present) for one in weighed
    )
    targets, period = _targets(workspace, present, on=on)
    return Ground(
        accounts=accounts,
        people=tuple(_person(one, accounts, asked.regions) for one in people),
        account_names={one.id: names[one.id] for one in accounts},
        people_names={one.person_id: one.name for one in found.people},
        targets=targets,
        period=period,
        worked=worked,
        from_deals=sum(one.id in from_deals for one in accounts),
        snapshot=facts.name,
    )


def _held(
    facts: Snapshot, on: datetime.date
) -> tuple[list[Account], dict[str, str], set[str]]:
    """Return the accounts with their holders, their names, and whose is a deal's."""
    cursor = facts.cursor()
    last = dict(cursor.execute(_LAST_DEALS, [on]).fetchall())
    accounts, names, from_deals = [], {}, set()
    for key, name, owner, region, attributes in cursor.execute(_ACCOUNTS).fetchall():
        holder = owner or last.get(key, "")
        if holder and not owner:
            from_deals.add(key)
        own = _own(attributes)
        accounts.append(
            Account(key, holder, -1.0 if own is None else float(own), region=region)
        )
        names[key] = name
    return accounts, names, from_deals


def _own(attributes: str | None) -> Decimal | None:
    """Return the potential told with an account, if it is a number from 0 on."""
    told = json.loads(attributes).get("potential") if attributes else None
    try:
        found = None if told is None else Decimal(str(told))
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and found >= 0 else None


def _inside(
    found: Organisation, scope: str, on: datetime.date
) -> tuple[PersonRow, ...]:
    """Return the people of a scope, those who left it last seen there."""
    if scope == COMPANY:
        return found.people
    team = scope.removeprefix("team:")
    if team not in found.team:
        known = ", ".join(f"team:{key}" for key in sorted(found.team))
        raise Refusal(_NO_TEAM, team=team, teams=known)
    teams = found.within(team)
    return tuple(
        one
        for one in found.people
        if found.team_of(one.person_id, _seen(one, on)) in teams
    )


def _seen(one: PersonRow, on: datetime.date) -> datetime.date:
    return min(on, one.left_on - ONE) if one.left_on else on


def _there(one: PersonRow, on: datetime.date) -> bool:
    begun = one.started_on is None or one.started_on <= on
    return begun and (one.left_on is None or on < one.left_on)


def _holders(
    found: Organisation, here: set[str], accounts: Iterable[Account], on: datetime.date
) -> list[PersonRow]:
    """Return who holds accounts, and who leads nobody in a team that holds some."""
    holding = {one.owner for one in accounts} - {""}
    leading = {
        one.manager_id for one in found.people if one.manager_id and _there(one, on)
    }
    teams = {found.team_of(person, on) for person in holding}
    return [
        one
        for one in found.people
        if one.person_id in here
        and (
            one.person_id in holding
            or (
                one.person_id not in leading
                and (not holding or found.team_of(one.person_id, on) in teams)
            )
        )
    ]


def _weighed(
    workspace: Workspace, facts: Snapshot, accounts: list[Account], on: datetime.date
) -> tuple[list[Account], bool]:
    """Return the accounts with potential and workload; whether activities are known."""
    year = Period(months_later(on + ONE, -MONTHS), on + ONE)
    signed = _by_account(workspace, MONEY, year, on)
    waiting = _by_account(workspace, OPEN, Period(on, on + ONE), on)
    bounds = [year.first, year.after]
    counted = dict(facts.cursor().execute(_WORK, bounds).fetchall())
    work = {key: float(number) for key, number in counted.items() if key}
    worked = any(one.id in work for one in accounts)
    return [
        replace(
            one,
            potential=one.potential
            if one.potential >= 0
            else float(signed.get(one.id, ZERO) + waiting.get(one.id, ZERO)),
            workload=work.get(one.id, 0.0) if worked else 1.0,
        )
        for one in accounts
    ], worked


def _by_account(
    workspace: Workspace, kpi: str, period: Period, on: datetime.date
) -> dict[str, Decimal]:
    answer = kpi_values.value(workspace, Question(kpi, period, ("account",)), on=on)
    return {
        key: max(row.value, ZERO)
        for row in answer.rows
        if (key := row.keys.get("account_id")) and row.value is not None
    }


def _open(facts: Snapshot, on: datetime.date) -> frozenset[str]:
    return frozenset(row[0] for row in facts.cursor().execute(_OPEN, [on]).fetchall())


def _person(
    one: PersonRow, accounts: Iterable[Account], regions: Mapping[str, str]
) -> Person:
    """Return somebody with the region told, else where most of their potential is."""
    mine: dict[str, float] = defaultdict(float)
    for account in accounts:
        if account.owner == one.person_id and account.region:
            mine[account.region] += account.potential + 1e-6
    usual = min(mine, key=lambda name: (-mine[name], name)) if mine else ""
    capacity = 1.0 if one.capacity is None else float(one.capacity)
    return Person(
        one.person_id, capacity=capacity, region=regions.get(one.person_id, usual)
    )


def _targets(
    workspace: Workspace, people: set[str], *, on: datetime.date
) -> tuple[dict[str, Line], Period | None]:
    """Return each one's running revenue target over the period most of them share."""
    running: dict[Period, dict[str, Line]] = defaultdict(dict)
    for line in lines(workspace, on=on):
        kind, _, key = line.owner.partition(":")
        if (
            kind == "person"
            and key in people
            and line.kpi == MONEY
            and not line.where
            and line.target is not None
            and line.first <= on < line.after
            and line.state not in CLOSED
        ):
            running[Period(line.first, line.after)][key] = line
    if not running:
        return {}, None
    period = max(
        running, key=lambda one: (len(running[one]), one.after - one.first, one.first)
    )
    return running[period], period
