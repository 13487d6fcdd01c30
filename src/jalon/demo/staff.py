"""The sales force in time: who is where on which day, who is away, who uses the CRM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jalon.demo import company
from jalon.demo.calendar import Timeline
from jalon.demo.company import PEOPLE, Person
from jalon.demo.rows import Row

RAMP_DAYS = 180


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one team from `first` to `after` (none while it lasts)."""

    person: Person
    team_id: str
    first: date
    after: date | None

    def covers(self, first: date, last: date) -> bool:
        """Return whether the person was there from one day to another, both in."""
        return self.first <= first and (self.after is None or last < self.after)


@dataclass(frozen=True, slots=True)
class Staff:
    """The stays in teams and the days away."""

    stays: tuple[Stay, ...]
    away: frozenset[tuple[str, date]]

    def of_team(self, team_id: str, first: date, last: date) -> tuple[Person, ...]:
        """Return who was in a team all along, its manager apart."""
        return tuple(
            stay.person
            for stay in self.stays
            if stay.team_id == team_id
            and stay.person.person_id != company.MANAGERS[team_id]
            and stay.covers(first, last)
        )


def stays(on: date) -> tuple[Stay, ...]:
    """Return the team history of everybody, in the order of the staff list."""
    return tuple(stay for person in PEOPLE for stay in _stays_of(person, on))


def _stays_of(person: Person, on: date) -> tuple[Stay, ...]:
    joined = on - timedelta(days=person.joined_days_ago)
    left = left_on(person, on)
    if person.former_team is None:
        return (Stay(person, person.team_id, joined, left),)
    moved = on - timedelta(days=person.moved_days_ago)
    return (
        Stay(person, person.former_team, joined, moved),
        Stay(person, person.team_id, moved, left),
    )


def left_on(person: Person, on: date) -> date | None:
    """Return the first day the person was no longer there."""
    if person.left_days_ago is None:
        return None
    return on - timedelta(days=person.left_days_ago)


def ramp(person: Person, day: date, on: date) -> float:
    """Return the share of a full workload carried that day: 0.3 on arrival, then 1."""
    elapsed = (day - (on - timedelta(days=person.joined_days_ago))).days
    return min(1.0, 0.3 + 0.7 * elapsed / RAMP_DAYS)


def people_rows(on: date) -> list[Row]:
    """Return the table of people."""
    return [
        {
            "person_id": person.person_id,
            "name": person.name,
            "email": email(person.name),
            "role": person.role,
            "manager_id": _manager(person),
            "team_id": person.team_id,
            "started_on": on - timedelta(days=person.joined_days_ago),
            "left_on": left_on(person, on),
            "capacity": person.capacity,
        }
        for person in PEOPLE
    ]


def email(name: str) -> str:
    """Return the address of a person, without accents."""
    plain = name.lower().translate(str.maketrans("éèêëïîôçàâ ", "eeeeiiocaa."))
    return f"{plain}@ardoise.example"


def _manager(person: Person) -> str | None:
    if person.person_id == company.DIRECTOR:
        return None
    manager = company.MANAGERS[person.team_id]
    return company.DIRECTOR if manager == person.person_id else manager


def team_rows() -> list[Row]:
    """Return the table of teams."""
    names = ("team_id", "name", "parent_id", "purpose")
    return [dict(zip(names, team, strict=True)) for team in company.TEAMS]


def membership_rows(everyone: tuple[Stay, ...]) -> list[Row]:
    """Return the table of memberships."""
    return [
        {
            "person_id": stay.person.person_id,
            "team_id": stay.team_id,
            "first": stay.first,
            "after": stay.after,
        }
        for stay in everyone
    ]


def absence_rows(time: Timeline, rng: Random) -> list[Row]:
    """Return the absences up to the day given: leave, days off, illness, maternity."""
    found: list[tuple[str, date, date, str]] = []
    for person in PEOPLE:
        for year in range(time.first.year, time.on.year + 1):
            found += _year_away(person.person_id, year, rng)
    first = time.on - timedelta(days=260)
    found.append(("P25", first, first + timedelta(days=112), "congé maternité"))
    return [
        {"person_id": who, "first": start, "after": after, "kind": kind}
        for (who, start), (after, kind) in sorted(
            {(who, start): (after, kind) for who, start, after, kind in found}.items()
        )
        if _employed(who, start, after, time) and time.first <= start
    ]


def _year_away(who: str, year: int, rng: Random) -> list[tuple[str, date, date, str]]:
    summer = date(year, 7, 20) + timedelta(days=7 * rng.randrange(4))
    winter = date(year, 2, 10) + timedelta(days=7 * rng.randrange(4))
    away = [
        (
            who,
            summer,
            summer + timedelta(days=rng.choice((14, 19, 21))),
            "congés payés",
        ),
        (who, winter, winter + timedelta(days=7), "congés payés"),
        (who, date(year, 12, 24), date(year + 1, 1, 2), "congés payés"),
    ]
    for month in rng.sample((3, 4, 5, 6, 10, 11), 3):
        off = date(year, month, rng.randrange(2, 28))
        away.append((who, off, off + timedelta(days=1), "RTT"))
    if rng.random() < 0.4:  # noqa: PLR2004
        ill = date(year, rng.choice((1, 3, 9, 10, 11)), rng.randrange(1, 28))
        away.append((who, ill, ill + timedelta(days=rng.randrange(2, 6)), "maladie"))
    return away


def _employed(who: str, start: date, after: date, time: Timeline) -> bool:
    person = next(person for person in PEOPLE if person.person_id == who)
    joined = time.on - timedelta(days=person.joined_days_ago)
    left = left_on(person, time.on) or time.on
    return joined <= start and after <= left


def days_away(absences: list[Row]) -> frozenset[tuple[str, date]]:
    """Return each person and day of absence."""
    return frozenset(
        (str(row["person_id"]), _day(row["first"]) + timedelta(days=rank))
        for row in absences
        for rank in range((_day(row["after"]) - _day(row["first"])).days)
    )


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def usage_rows(time: Timeline, staff: Staff, rng: Random) -> list[Row]:
    """Return who opened and updated the CRM, each working day not away."""
    rows: list[Row] = []
    for day in time.between(time.first, time.on):
        for stay in staff.stays:
            person = stay.person
            if not stay.covers(day, day) or (person.person_id, day) in staff.away:
                continue
            if stay.team_id == company.DIRECTION:
                continue
            updates = int(rng.gauss(7, 2.5) * person.diligence)
            rows.append(
                {
                    "person_id": person.person_id,
                    "on": day,
                    "logins": max(1, int(rng.gauss(3.2, 1) * person.diligence)),
                    "updates": max(0, updates),
                }
            )
    return rows
