"""What a machine reads in a person's name: the same answers, no right more.

The API and assistants ask here, so that a rule is written once: a result is seen as the
pages show it, rows, notes and alerts follow the permission table.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Question
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.domain.refusals import Refusal
from jalon.queries import alerts as alerts_of
from jalon.queries import check_ins, kpi_values, landings, objectives
from jalon.queries.board import line as line_of
from jalon.queries.explorer import Exploration, explored, reader_of, shown_answer
from jalon.queries.forecast_document import row as forecast_row
from jalon.queries.gap_analysis import AGAINST
from jalon.queries.gap_document import document as gap_document
from jalon.queries.gap_page import gap_of
from jalon.queries.kpi_document import document as kpi_document
from jalon.queries.objective_document import document as objective_document
from jalon.queries.objectives import ObjectiveStatus, UnknownObjectiveError
from jalon.queries.organisation import organisation
from jalon.queries.pages import PUBLISHED
from jalon.queries.snapshots import NoDataError
from jalon.workspace.folder import Workspace

LEVELS = ("company", "team", "person")
Document = dict[str, Any]
_NO_DAY = (
    "No day between {first} and {after}: the end is the first day after the period, "
    "e.g. 2017-04-01 and 2017-07-01."
)


class NotYoursError(Refusal):
    """What is asked is there, but not for this reader."""

    def __init__(self, act: Act) -> None:
        super().__init__(_NOT_YOURS[act])
        self.act = act


class NothingThereError(Refusal, LookupError):
    """The objective has no action of this rank."""

    def __init__(self, wanted: str, rank: int) -> None:
        super().__init__(
            "The objective {wanted} has no action {rank}.", wanted=wanted, rank=rank
        )


_NOT_YOURS = {
    Act.SEE_ROWS: "The rows behind this figure are not yours to see.",
    Act.SEE_NOTES: "These check-ins are not yours to read.",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: in which workspace, with whose rights, on which day, which language."""

    workspace: Workspace
    viewer: Viewer
    on: datetime.date
    lang: str = "fr"

    def sees(self, one: ObjectiveStatus, act: Act = Act.SEE_RESULT) -> bool:
        """Return whether they may do this with an objective."""
        published = one.state in PUBLISHED
        return may(self.viewer, act, subject=Subject(one.owner, published=published))


def listed(
    asker: Asker, *, owner: str = "", kpi: str = "", status: str = "", when: str = "now"
) -> tuple[ObjectiveStatus, ...]:
    """Return the objectives that may be seen, by id; `when` is now, past, next, all."""
    found = objectives.status(asker.workspace, on=asker.on, states=frozenset(State))
    return tuple(
        one
        for one in sorted(found, key=lambda each: each.id)
        if asker.sees(one)
        and owner in {"", one.owner}
        and kpi in {"", one.kpi}
        and status in {"", one.status.value}
        and when in {"all", _when(one, asker.on)}
    )


def seen(asker: Asker, wanted: str) -> ObjectiveStatus:
    """Return one objective.

    Raises:
        UnknownObjectiveError: If there is none, or it may not be seen.
    """
    found = objectives.status(
        asker.workspace, on=asker.on, states=frozenset(State), ids={wanted}
    )
    if not found or not asker.sees(found[0]):
        raise UnknownObjectiveError(wanted, ())
    return found[0]


def told(one: ObjectiveStatus) -> Document:
    """Return an objective's document, its plan of actions with it."""
    actions = [
        {"rank": rank, **asdict(action)} for rank, action in enumerate(one.actions)
    ]
    return objective_document(one) | {"actions": actions}


def rows_of(asker: Asker, wanted: str, *, limit: int) -> Document:
    """Return the rows counted in an objective's figure.

    Raises:
        NotYoursError: If the reader may not see its owner's rows.
    """
    one = seen(asker, wanted)
    if not asker.sees(one, Act.SEE_ROWS):
        raise NotYoursError(Act.SEE_ROWS)
    _one, found = objectives.explained(
        asker.workspace, wanted, on=asker.on, limit=limit
    )
    return {"objective": one.id, **asdict(found)}


def gap(asker: Asker, wanted: str, *, against: str = "") -> Document:
    """Return what makes the gap of an objective; by whom, where rows may be seen.

    Raises:
        Refusal: If the period has not begun, or one side has no value.
    """
    one = seen(asker, wanted)
    line = line_of(asker.workspace, wanted, on=asker.on)
    if line is None:
        raise UnknownObjectiveError(wanted, ())
    default = AGAINST[0] if one.target is not None else AGAINST[1]
    found = gap_of(
        asker.workspace,
        line,
        against=against or default,
        cut=asker.sees(one, Act.SEE_ROWS),
        on=asker.on,
    )
    return {"objective": one.id, **gap_document(found, asker.lang)}


def landing(asker: Asker, wanted: str) -> Document:
    """Return where an objective will land, and how probable its target is."""
    document = told(seen(asker, wanted))
    names = ("id", "kpi", "unit", "currency", "actual", "target", "landing")
    found = {name: document[name] for name in (*names, "probability", "on", "snapshot")}
    return {"objective": found.pop("id"), **found}


def forecast(
    asker: Asker,
    kpi: str,
    *,
    by: str = "company",
    first: datetime.date | None = None,
    after: datetime.date | None = None,
) -> Document:
    """Return where a KPI will land by owner, of the owners whose figure may be seen.

    Raises:
        Refusal: If there is no such KPI, no such level, or no day in the period.
    """
    unit = kpi_values.catalogue(asker.workspace)[kpi]
    if by not in LEVELS:
        raise Refusal(
            '"{by}" is no level. Expected one of: {known}.',
            by=by,
            known=", ".join(LEVELS),
        )
    month = asker.workspace.settings.fiscal_first_month
    running = containing(asker.on, Grain.QUARTER, first_month=month)
    period = _period(first or running.first, after or running.after)
    found = landings.by_owner(asker.workspace, kpi, period, by=by, on=asker.on)
    reader = reader_of(asker.workspace, kpi, viewer=asker.viewer)
    targets = {
        one.owner: one.target
        for one in objectives.status(asker.workspace, on=asker.on)
        if one.kpi == kpi
        and (one.first, one.after) == (period.first, period.after)
        and not one.where
        and asker.sees(one)
    }
    rows = [
        forecast_row(one, targets.get(one.owner), 0, up=unit.better == "up")
        for one in found
        if reader.sees_result(one.owner)
    ]
    return {
        "kpi": kpi,
        "unit": unit.unit.value,
        "first": period.first,
        "after": period.after,
        "on": asker.on,
        "hidden": len(found) - len(rows),
        "rows": rows,
    }


def kpis(asker: Asker) -> tuple[Document, ...]:
    """Return the catalogue, by key."""
    found = kpi_values.catalogue(asker.workspace).values()
    return tuple(
        sorted(
            (kpi_summary(one, asker.lang) for one in found), key=lambda one: one["key"]
        )
    )


def kpi_summary(kpi: Kpi, lang: str) -> Document:
    """Return one KPI of the catalogue: what it answers, and how."""
    return {
        "key": kpi.key,
        "label": kpi.label[lang],
        "question": kpi.question[lang],
        "unit": kpi.unit.value,
        "better": str(kpi.better),
        "kind": kpi.kind.value,
        "formula": kpi.formula_text,
        "own": kpi.own,
    }


def value(asker: Asker, question: Question) -> Document:
    """Return the answer of `jalon kpi value --json`, less what may not be seen.

    `hidden` counts the groups taken out.
    """
    asked = Exploration(
        kpi=question.kpi,
        period=question.period,
        by=question.by,
        where=question.where,
        basis=question.basis,
    )
    found = explored(asker.workspace, asked, viewer=asker.viewer, on=asker.on)
    return kpi_document(shown_answer(found)) | {"hidden": found.hidden}


def question(
    asker: Asker,
    kpi: str,
    *,
    first: datetime.date | None,
    after: datetime.date | None,
    cut: Mapping[str, tuple[str, ...]],
    basis: str = "",
) -> Question:
    """Return the question to a KPI; without dates, over the running fiscal year.

    Raises:
        Refusal: If there is no day in the period.
    """
    running = kpi_values.running_period(asker.workspace, on=asker.on)
    period = _period(first or running.first, after or running.after)
    by = tuple(dict.fromkeys(cut.get("by", ())))
    return Question(kpi, period, by, tuple(cut.get("where", ())), basis)


def points(asker: Asker) -> tuple[Document, ...]:
    """Return the reader's own check-ins, and those of the week of the people led."""
    viewer = asker.viewer
    own = {one.id: one for one in check_ins.former(viewer)}
    team = check_ins.team(asker.workspace, viewer, on=asker.on)
    found = own | {one.id: one for one in team.points}
    return tuple(
        {
            "id": one.id,
            "person_id": one.person_id,
            "person": one.person_name or None,
            "week": one.first,
            "rhythm": one.rhythm.value,
            "confidence": one.confidence,
            "blocks": one.blocks,
            "field": one.field,
            "kind": one.kind,
            "about": one.about or None,
            "private": one.private or None,
            "handed_at": one.handed_at,
            "read_at": one.read_at,
            "answer": one.answer or None,
        }
        for _id, one in sorted(found.items(), reverse=True)
    )


def alerts(asker: Asker, *, waiting: bool = False) -> tuple[alerts_of.AlertLine, ...]:
    """Return the alerts that may be seen, the newest first."""
    show = alerts_of.WAITING if waiting else alerts_of.ALL
    found = alerts_of.alerts(
        asker.workspace,
        alerts_of.Wanted(show=show),
        viewer=asker.viewer,
        on=asker.on,
    )
    return found.lines


def teams(asker: Asker) -> tuple[Document, ...]:
    """Return the teams; who works where is everybody's to know."""
    try:
        found = organisation(asker.workspace, on=asker.on)
    except NoDataError:
        return ()
    return tuple(
        {
            "id": one.team_id,
            "name": one.name,
            "parent": one.parent_id,
            "purpose": one.purpose,
            "people": [
                person.person_id
                for person in found.people
                if found.team_of(person.person_id, asker.on) == one.team_id
            ],
        }
        for one in sorted(found.teams, key=lambda each: each.team_id)
    )


def people(asker: Asker) -> tuple[Document, ...]:
    """Return the people, by id; the e-mail of those the reader answers for."""
    try:
        found = organisation(asker.workspace, on=asker.on)
    except NoDataError:
        return ()
    return tuple(
        {
            "id": one.person_id,
            "name": one.name,
            "team": found.team_of(one.person_id, asker.on),
            "manager": one.manager_id,
            "email": one.email if _answers_for(asker, one.person_id) else None,
            "started_on": one.started_on,
            "left_on": one.left_on,
        }
        for one in sorted(found.people, key=lambda each: each.person_id)
    )


def _answers_for(asker: Asker, person: str) -> bool:
    subject = Subject(f"person:{person}")
    own = person == asker.viewer.person_id != ""
    return own or may(asker.viewer, Act.MANAGE_PEOPLE, subject=subject)


def _when(one: ObjectiveStatus, on: datetime.date) -> str:
    if one.after <= on:
        return "past"
    return "next" if one.first > on else "now"


def _period(first: datetime.date, after: datetime.date) -> Period:
    if after <= first:
        raise Refusal(_NO_DAY, first=first, after=after)
    return Period(first, after)
