"""What stands beside an evaluation: open pipeline, past win rate, week after week.

Asked for many objectives at once: the weeks of a KPI are one measure, the pipeline of
all of them another, so that the number of queries does not grow with people. Evaluation
keeps the answers; a page asks for what is kept and computes only what never was.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.attainment.evaluation import expected_on
from jalon.domain.attainment.pacing import PastRate
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import AnswerRow, Ask
from jalon.domain.objectives.given import needs_objectives
from jalon.domain.objectives.objective import (
    Direction,
    Objective,
    is_flow,
    months_later,
)
from jalon.domain.objectives.targets import target_on
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.calendar import presences
from jalon.queries.evaluations import week_ends
from jalon.queries.ways import Reader, Ways, season_asks
from jalon.records import evaluation_rows, objective_rows, reading_rows
from jalon.records.reading_rows import Answer, Key
from jalon.workspace.folder import Workspace

PIPELINE, WIN_RATE, SOLD = "pipeline_value", "win_rate", "revenue"
YEAR_OF_MONTHS = 12
WEEKS_MOST = 54
ONE = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """Where an objective stood at the end of a day: a Sunday, the last day, or today.

    `actual` is None in the days to come; both are cumulated for a flow.
    """

    last: datetime.date
    actual: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The answer for one objective; `pipeline` only where deals make the figure."""

    pipeline: Decimal | None = None
    past: PastRate | None = None
    past_period: Period | None = None
    weeks: tuple[Week, ...] = ()


NOTHING = Beside()
REMEMBERED = 20_000
_made: dict[tuple[str, Key], Beside] = {}  # told to a page, by workspace


@dataclass(frozen=True, slots=True)
class Read:
    """Which evaluation is wanted: the objective's, on a day, from a snapshot."""

    objective: str
    on: datetime.date
    snapshot: str


def beside(workspace: Workspace, reads: Sequence[Read]) -> dict[str, Beside]:
    """Return what stands beside each evaluation: kept, else computed here and now."""
    objectives = objective_rows.load({read.objective for read in reads})
    keys = {
        read.objective: key_of(objectives[read.objective], read.on, read.snapshot)
        for read in reads
        if read.objective in objectives
    }
    place = str(workspace.folder)
    found = {key: _made[place, key] for key in keys.values() if (place, key) in _made}
    unknown = [key for key in keys.values() if key not in found]
    kept = reading_rows.kept(unknown) if unknown else {}
    fresh = {key: _read(answer) for key, answer in kept.items()}
    _remember({(place, key): answer for key, answer in fresh.items()})
    found |= fresh
    answers = {name: found[key] for name, key in keys.items() if key in found}
    lacking: dict[tuple[datetime.date, str], list[Objective]] = defaultdict(list)
    for name, key in keys.items():
        if name not in answers:
            lacking[key.on, key.snapshot].append(objectives[name])
    for (on, snapshot), group in lacking.items():
        counted = computed(workspace, group, on=on, snapshot=snapshot)
        made = {name: _read(answer) for name, answer in counted.items()}
        _remember({(place, keys[name]): answer for name, answer in made.items()})
        answers |= made
    return answers


def _remember(made: Mapping[tuple[str, Key], Beside]) -> None:
    """Keep what was told to a page: a snapshot never changes its answer."""
    if len(_made) > REMEMBERED:
        _made.clear()
    _made.update(made)


def key_of(objective: Objective, on: datetime.date, snapshot: str) -> Key:
    """Return the name the reading of an objective is kept under."""
    about = f"objective:{objective.id}"
    return Key(about, on, snapshot, evaluation_rows.known_fingerprint(objective))


def lacking(
    objectives: Iterable[Objective], *, on: datetime.date, snapshot: str
) -> list[Objective]:
    """Return the objectives nothing is kept of for that day and snapshot."""
    keys = {one.id: key_of(one, on, snapshot) for one in objectives}
    known = reading_rows.kept(keys.values())
    return [one for one in objectives if keys[one.id] not in known]


def computed(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    on: datetime.date,
    snapshot: str,
) -> dict[str, Answer]:
    """Return the answers, ready to be kept as JSON."""
    catalogue = kpi_values.catalogue(workspace)
    known = [
        one
        for one in objectives
        if snapshot
        and one.kpi in catalogue
        and not needs_objectives(catalogue[one.kpi])
        and one.period.first <= on
    ]
    reader = Reader(workspace, on, snapshot)
    weeks = _weeks(reader, known)
    sold = [one for one in known if sells(catalogue[one.kpi])]
    pipelines = _pipelines(reader, sold)
    rates, past = _past_rates(reader, sold)
    return {
        one.id: {
            "weeks": weeks.get(one.id, []),
            "pipeline": _text(pipelines.get(one.id)),
            "past": rates.get(one.id),
            "past_period": past if one.id in rates else None,
        }
        for one in objectives
    }


def sells(kpi: Kpi) -> bool:
    """Return whether open deals turn into this figure: money signed, added up."""
    return kpi.key == SOLD


# -- weeks ---------------------------------------------------------------------------


def _weeks(
    reader: Reader, objectives: Sequence[Objective]
) -> dict[str, list[list[str | None]]]:
    catalogue = kpi_values.catalogue(reader.workspace)
    presence = presences(reader.workspace, on=reader.on, snapshot=reader.snapshot)
    groups: dict[str, list[Objective]] = defaultdict(list)
    for one in objectives:
        if one.direction is not Direction.MAINTAIN:
            groups[one.kpi].append(one)
    found: dict[str, list[list[str | None]]] = {}
    for key, group in groups.items():
        flow = is_flow(catalogue[key])
        rows = _rows(reader, key, group, flow=flow)
        ways = Ways(reader, rows if flow else {}, presence)
        for one in group:
            road = ways.of(one)
            found[one.id] = [
                [
                    day.isoformat(),
                    _text(row.value if (row := rows.get(_name(one, day))) else None),
                    _text(
                        expected_on(
                            day,
                            objective=one,
                            target=target_on(one, day, flow=flow),
                            way=road,
                            flow=flow,
                        )
                    ),
                ]
                for day in ends_of(
                    one.period,
                    on=reader.on,
                    week_start=reader.workspace.settings.first_weekday,
                )
            ]
    return found


def ends_of(
    period: Period, *, on: datetime.date, week_start: int
) -> tuple[datetime.date, ...]:
    """Return the days told: ends of weeks (of months in a long period), and `on`."""
    days = week_ends(period, week_start)
    if len(days) > WEEKS_MOST:
        last = period.after - ONE
        days = tuple(d for d in period.days() if (d + ONE).day == 1 or d == last)
    today = {on} if period.first <= on < period.after else set()
    return tuple(sorted({*days, *today}))


def _rows(
    reader: Reader, kpi: str, group: Sequence[Objective], *, flow: bool
) -> Mapping[str, AnswerRow]:
    asks = [
        Ask(_name(one, day), one.owner, Period(one.period.first, day + ONE), one.where)
        for one in group
        for day in ends_of(
            one.period,
            on=reader.on,
            week_start=reader.workspace.settings.first_weekday,
        )
        if day <= reader.on
    ]
    if flow:
        asks += season_asks(group)
    return kpi_values.measure(
        reader.workspace, kpi, asks, on=reader.on, snapshot=reader.snapshot
    )


def _name(objective: Objective, day: datetime.date) -> str:
    return f"{objective.id}|{day.isoformat()}"


# -- pipeline and win rate -----------------------------------------------------------


def _pipelines(reader: Reader, sold: Sequence[Objective]) -> dict[str, Decimal | None]:
    if not sold:
        return {}
    asks = [Ask(one.id, one.owner, one.period, one.where) for one in sold]
    rows = kpi_values.measure(
        reader.workspace, PIPELINE, asks, on=reader.on, snapshot=reader.snapshot
    )
    return {name: row.value for name, row in rows.items()}


def _past_rates(
    reader: Reader, sold: Sequence[Objective]
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the last twelve months of each owner, else the company's."""
    past = Period(months_later(reader.on + ONE, -YEAR_OF_MONTHS), reader.on + ONE)
    if not sold:
        return {}, []
    asks = [Ask(one.id, one.owner, past, one.where) for one in sold]
    asks += [Ask(f"{one.id}|company", "company", past, one.where) for one in sold]
    rows = kpi_values.measure(
        reader.workspace, WIN_RATE, asks, on=reader.on, snapshot=reader.snapshot
    )
    return (
        {
            one.id: _rate(one.owner, rows[one.id], rows[f"{one.id}|company"])
            for one in sold
        },
        [past.first.isoformat(), past.after.isoformat()],
    )


def _rate(owner: str, own: AnswerRow, company: AnswerRow) -> list[str]:
    mine = PastRate(own.numerator or Decimal(0), own.denominator or Decimal(0), owner)
    if not mine.tells:
        mine = PastRate(
            company.numerator or Decimal(0), company.denominator or Decimal(0)
        )
    return [str(mine.won), str(mine.closed), mine.owner]


# -- from JSON -----------------------------------------------------------------------


def _read(answer: Answer) -> Beside:
    past: Any = answer.get("past")
    span: Any = answer.get("past_period")
    days = [datetime.date.fromisoformat(day) for day in span or ()]
    return Beside(
        pipeline=_number(answer.get("pipeline")),
        past=PastRate(Decimal(past[0]), Decimal(past[1]), past[2]) if past else None,
        past_period=Period(*days) if days else None,
        weeks=tuple(
            Week(datetime.date.fromisoformat(day), _number(actual), _number(expected))
            for day, actual, expected in answer.get("weeks", ())
        ),
    )


def _text(number: Decimal | None) -> str | None:
    rounded = evaluation_rows.rounded(number)
    return None if rounded is None else format(rounded, "f")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
