"""Next year's revenue being shared out: proposed, some answers in, one contest."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from jalon.demo import company
from jalon.demo.staff import email
from jalon.demo.wishes import year
from jalon.domain.cascade.agreement import Said
from jalon.domain.cascade.plan import Method
from jalon.domain.cascade.season import Spread
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import months_later
from jalon.queries.planning import page
from jalon.queries.viewers import viewer
from jalon.usecases import agree, cascade_grid
from jalon.usecases.acting import Actor
from jalon.workspace.folder import Workspace

GROWTH = Decimal("1.08")
ROUND = Decimal(50_000)
STEP = Decimal(100)
LOWER = Decimal("0.85")
Answer = tuple[Said, str, Decimal | None, Decimal | None]
AGREED: Answer = (Said.ACCEPTED, "", None, None)
CONTEST = "Mon plus grand compte ferme son site en mars : 40 000 € de moins, au moins."
OFFER = "Deux renouvellements sont déjà signés, je peux faire un peu plus."
ANSWERS: dict[int, Answer] = {  # by rank: what, why, factor of the figure, how sure
    0: (Said.CONTESTED, CONTEST, LOWER, Decimal("0.9")),
    1: (Said.OFFERED, OFFER, GROWTH, Decimal("0.6")),
}


def write_planning(workspace: Workspace, *, on: date, at: datetime) -> str:
    """Write the planning of next year and what was said of it; return its id."""
    director = actor_of(workspace, company.DIRECTOR, on)
    coming = year(on).after
    period = Period(coming, months_later(coming, 12))
    planning = cascade_grid.create_planning(
        workspace,
        f"Chiffre d’affaires {period.first:%Y}",
        "revenue",
        period,
        ROUND,
        step=STEP,
        actor=director,
        on=on,
        at=at,
    )
    found = page(workspace, planning)
    assert found is not None  # noqa: S101 - just written
    history = found.lines[0].row.history
    target = (history * GROWTH / ROUND).quantize(Decimal(1)) * ROUND
    cascade_grid.share_out(
        workspace,
        planning,
        max(target, ROUND),
        Method.HISTORY,
        Spread.SEASON,
        actor=director,
        at=at,
    )
    agree.propose(planning, actor=director, on=on, at=at)
    _answers(workspace, planning, on=on, at=at)
    return planning


def _answers(workspace: Workspace, planning: str, *, on: date, at: datetime) -> None:
    """Say what the first people answer; the salesperson of the demo has not yet."""
    found = page(workspace, planning)
    figures = {line.row.owner: line.row.total for line in found.lines} if found else {}
    sellers = [
        person
        for person in company.PEOPLE
        if f"person:{person.person_id}" in figures
        and person.person_id != company.SALESPERSON
    ]
    for rank, person in enumerate(sellers):
        owner = f"person:{person.person_id}"
        actor = actor_of(workspace, person.person_id, on)
        if rank > 1 and rank % 2:
            continue
        said, text, factor, sure = ANSWERS.get(rank, AGREED)
        figure = factor and (figures[owner] * factor / STEP).quantize(Decimal(1)) * STEP
        agree.answer(
            planning,
            owner,
            said,
            actor=actor,
            on=on,
            at=at,
            figure=figure,
            confidence=sure,
            text=text,
        )


def actor_of(
    workspace: Workspace, person_id: str, on: date, *, role: str = "salesperson"
) -> Actor:
    """Return somebody of the sample company, as themselves."""
    name = next(p.name for p in company.PEOPLE if p.person_id == person_id)
    role = "director" if person_id == company.DIRECTOR else role
    return Actor(viewer(workspace, person_id=person_id, role=role, on=on), email(name))
