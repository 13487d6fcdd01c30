"""KPIs, forecasts, alerts, check-ins, teams and people; and whom the token acts as."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from jalon.api import shapes
from jalon.api.answers import Page
from jalon.api.asking import Turn, Turned, page, reads
from jalon.api.door import asker
from jalon.notifications import alert_document
from jalon.queries import kpi_values, machines
from jalon.usecases.tokens import Bearer, Scope

router = Router(tags=["Figures"])
people_router = Router(tags=["People"])
Key = Path[shapes.Id]


class Asked(Schema):
    """A period, cut by dimensions, filtered; without dates, the fiscal year."""

    first: Annotated[shapes.Day | None, Field(alias="from")] = None
    after: Annotated[
        shapes.Day | None, Field(alias="to", description="The first day after.")
    ] = None
    by: Annotated[
        list[shapes.Short],
        Field(max_length=4, examples=[["person"]], default_factory=list),
    ]
    where: Annotated[
        list[shapes.Short],
        Field(max_length=20, examples=[["segment=PME"]], default_factory=list),
    ]
    basis: Literal["", "deals", "orders"] = ""


class Ahead(Schema):
    """Which KPI, at which level; without dates, the running fiscal quarter."""

    kpi: shapes.Short = "revenue"
    by: Literal["company", "team", "person"] = "company"
    first: shapes.Day | None = None
    after: shapes.Day | None = None


class Which(Turn):
    """Which alerts."""

    waiting: bool = False


@reads(router, "/me", shapes.Me)
def read_me(request: HttpRequest) -> Any:  # noqa: ANN401 - a document, checked by its shape
    """Read whom the token acts as, and until when."""
    found: Bearer = request.bearer  # type: ignore[attr-defined]
    who = asker(request)
    return {
        "email": found.user.email,
        "name": found.user.name,
        "role": found.user.role,
        "person_id": found.user.person_id or None,
        "scopes": sorted(found.scopes),
        "expires_at": found.expires_at,
        "today": who.on,
        "company": who.workspace.settings.company,
    }


@reads(router, "/kpis", Page[shapes.Kpi])
def list_kpis(request: HttpRequest, response: HttpResponse, turn: Turned) -> Any:  # noqa: ANN401
    """List the KPIs, the company's own included."""
    found = machines.kpis(asker(request))
    return page(request, response, found, turn, key=lambda one: str(one["key"]))


@reads(router, "/kpis/{key}", shapes.Kpi)
def read_kpi(request: HttpRequest, key: Key) -> Any:  # noqa: ANN401
    """Read one KPI."""
    who = asker(request)
    return machines.kpi_summary(kpi_values.catalogue(who.workspace)[key], who.lang)


@reads(router, "/kpis/{key}/value", shapes.Value)
def read_value(request: HttpRequest, key: Key, given: Query[Asked]) -> Any:  # noqa: ANN401
    """Compute a KPI: the answer of `jalon kpi value --json`, as far as you may see."""
    who = asker(request)
    question = machines.question(
        who,
        key,
        first=given.first,
        after=given.after,
        cut={"by": tuple(given.by), "where": tuple(given.where)},
        basis=given.basis,
    )
    return machines.value(who, question)


@reads(router, "/forecast", shapes.Forecast)
def read_forecast(request: HttpRequest, given: Query[Ahead]) -> Any:  # noqa: ANN401
    """Read where a KPI will land, for the company, each team or each person."""
    return machines.forecast(
        asker(request), given.kpi, by=given.by, first=given.first, after=given.after
    )


@reads(router, "/alerts", Page[shapes.Alert])
def list_alerts(
    request: HttpRequest, response: HttpResponse, given: Query[Which]
) -> Any:  # noqa: ANN401
    """List the alerts you may see, the newest first."""
    who = asker(request)
    found = [
        alert_document.document(one, lang=who.lang)
        for one in machines.alerts(who, waiting=given.waiting)
    ]
    return page(request, response, found, given)


@reads(router, "/check-ins", Page[shapes.Point], scope=Scope.NOTES)
def list_points(request: HttpRequest, response: HttpResponse, turn: Turned) -> Any:  # noqa: ANN401
    """List your own check-ins, and those of the week of the people you lead."""
    return page(request, response, machines.points(asker(request)), turn)


@reads(people_router, "/teams", Page[shapes.Team])
def list_teams(request: HttpRequest, response: HttpResponse, turn: Turned) -> Any:  # noqa: ANN401
    """List the teams, and who is in them today."""
    return page(request, response, machines.teams(asker(request)), turn)


@reads(people_router, "/people", Page[shapes.Person])
def list_people(request: HttpRequest, response: HttpResponse, turn: Turned) -> Any:  # noqa: ANN401
    """List the people."""
    return page(request, response, machines.people(asker(request)), turn)
