"""Objectives: read, explain, create, re-target; the actions of their plans."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from jalon.api import shapes
from jalon.api.answers import Page
from jalon.api.asking import Turn, page, reads, writes
from jalon.api.door import actor, asker, marks
from jalon.api.here import now
from jalon.domain.objectives.objective import Action
from jalon.domain.refusals import Refusal
from jalon.queries import machines
from jalon.queries.machines import Asker
from jalon.queries.objective_marks import mark_of
from jalon.usecases.actions import finish_action, plan_action, reopen_action
from jalon.usecases.create_objective import create_objective
from jalon.usecases.evaluate import evaluate
from jalon.usecases.retarget import Retarget, retarget_with_those_below
from jalon.usecases.tokens import Scope
from jalon.usecases.unless_changed import unless_changed

router = Router(tags=["Objectives"])
Wanted = Path[shapes.Id]


class Sought(Turn):
    """Which objectives."""

    owner: Annotated[shapes.Short, Field(examples=["person:12"])] = ""
    kpi: shapes.Short = ""
    status: Literal[
        "", "on_track", "watch", "off_track", "reached", "missed", "not_started",
        "no_data",
    ] = ""  # fmt: skip
    when: Literal["now", "past", "next", "all"] = "now"


class Limit(Schema):
    """How many rows of each component, at most."""

    limit: Annotated[int, Field(ge=1, le=5000)] = 1000


class Against(Schema):
    """What the figure is compared with; the target where there is one."""

    against: Literal["", "target", "N-1", "previous"] = ""


@reads(router, "", Page[shapes.Objective])
def list_objectives(
    request: HttpRequest, response: HttpResponse, given: Query[Sought]
) -> Any:  # noqa: ANN401 - a document, checked by its shape
    """List the objectives you may see, with where they stand."""
    found = machines.listed(
        asker(request),
        owner=given.owner,
        kpi=given.kpi,
        status=given.status,
        when=given.when,
    )
    answer = page(request, response, found, given, key=lambda one: one.id)
    return answer | {"items": [machines.told(one) for one in answer["items"]]}  # type: ignore[attr-defined]


@writes(router, "", {201: shapes.Objective})
def create(
    request: HttpRequest, response: HttpResponse, given: shapes.NewObjective
) -> Any:  # noqa: ANN401
    """Create an objective, a draft unless said otherwise."""
    who = asker(request)
    row = {
        name: value
        for name, value in given.dict().items()
        if value not in (None, "", [])
    }
    made = create_objective(
        who.workspace, row, actor=actor(request, who), on=who.on, at=now()
    )
    evaluate(who.workspace, on=who.on, ids=[made.id])
    response["Location"] = f"{request.path}/{made.id}"
    return Status(201, _told(who, response, made.id))


@reads(router, "/{wanted}", shapes.Objective)
def read_objective(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Wanted,
) -> Any:  # noqa: ANN401
    """Read one objective; its ETag is the version that writes ask for."""
    return _told(asker(request), response, wanted)


@reads(router, "/{wanted}/rows", shapes.Rows, scope=Scope.ROWS)
def explain(request: HttpRequest, wanted: Wanted, given: Query[Limit]) -> Any:  # noqa: ANN401
    """Read the rows counted in the figure, and how each entered."""
    return machines.rows_of(asker(request), wanted, limit=given.limit)


@reads(router, "/{wanted}/gap", shapes.GapOf)
def read_gap(request: HttpRequest, wanted: Wanted, given: Query[Against]) -> Any:  # noqa: ANN401
    """Read what makes the gap: drivers that add up to it, and levers."""
    return machines.gap(asker(request), wanted, against=given.against)


@reads(router, "/{wanted}/landing", shapes.LandingOf)
def read_landing(request: HttpRequest, wanted: Wanted) -> Any:  # noqa: ANN401
    """Read where it will land, and how probable its target is."""
    return machines.landing(asker(request), wanted)


@writes(router, "/{wanted}/targets", {201: shapes.Objective}, matched=True)
def retarget(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Wanted,
    given: shapes.NewTarget,
) -> Any:  # noqa: ANN401
    """Re-target with a reason; the former target is kept."""
    who = asker(request)
    machines.seen(who, wanted)
    with unless_changed(wanted, marks(request)):
        changed = retarget_with_those_below(
            who.workspace,
            wanted,
            Retarget(**given.dict()),
            actor=actor(request, who),
            on=who.on,
            at=now(),
        )
    evaluate(who.workspace, on=who.on, ids=[one.id for one in changed])
    return Status(201, _told(who, response, wanted))


@reads(router, "/{wanted}/actions", list[shapes.Action])
def list_actions(request: HttpRequest, response: HttpResponse, wanted: Wanted) -> Any:  # noqa: ANN401
    """Read the plan of actions; its ETag is the objective's."""
    return _told(asker(request), response, wanted)["actions"]


@writes(router, "/{wanted}/actions", {201: shapes.Objective}, matched=True)
def add_action(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Wanted,
    given: shapes.NewAction,
) -> Any:  # noqa: ANN401
    """Add an action to the plan."""
    who = asker(request)
    machines.seen(who, wanted)
    with unless_changed(wanted, marks(request)):
        plan_action(wanted, Action(**given.dict()), actor=actor(request, who), at=now())
    return Status(201, _told(who, response, wanted))


@writes(
    router,
    "/{wanted}/actions/{rank}",
    {200: shapes.Objective},
    method="PATCH",
    matched=True,
)
def change_action(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Wanted,
    rank: Path[Annotated[int, Field(ge=0, le=10_000)]],
    given: shapes.ActionChange,
) -> Any:  # noqa: ANN401
    """Say that an action is done, with what it gave; or that it is not."""
    who = asker(request)
    actions = machines.seen(who, wanted).actions
    if rank >= len(actions):
        raise machines.NothingThereError(wanted, rank)
    if actions[rank].done == given.done:
        raise Refusal("This action is so already.")
    known, does = actions[rank].action, actor(request, who)
    with unless_changed(wanted, marks(request)):
        if given.done:
            finish_action(
                wanted,
                rank,
                known=known,
                result=given.result,
                on=who.on,
                actor=does,
                at=now(),
            )
        else:
            reopen_action(wanted, rank, known=known, actor=does, at=now())
    return _told(who, response, wanted)


def _told(who: Asker, response: HttpResponse, wanted: str) -> dict[str, Any]:
    found = machines.told(machines.seen(who, wanted))
    response["ETag"] = f'"{mark_of(wanted)}"'
    return found
