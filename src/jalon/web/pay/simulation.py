"""A version tried against another on a period, person by person."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.pay_plans import Version, plans, versions
from jalon.queries.pay_simulation import simulate
from jalon.usecases.look_at_pay import look_at_many
from jalon.web.access import actor, for_some, viewer
from jalon.web.today import today, workspace


@require_safe
@for_some(Act.SETTLE_PAY)
def page(request: HttpRequest) -> HttpResponse:
    """Show what both versions pay; log the look at everybody in it."""
    known = [one for last in plans() for one in versions(last.plan)]
    first = _chosen(known, request.GET.get("first", ""))
    second = _chosen(known, request.GET.get("second", "")) or first
    context: dict[str, object] = {
        "known": known,
        "first": first,
        "second": second,
        "same": first == second,
        "day": _day(request.GET.get("day", "")),
        "on": today(),
    }
    if first and second and "first" in request.GET:
        try:
            found = simulate(
                workspace(),
                first,
                second,
                _day(request.GET.get("day", "")),
                viewer=viewer(request),
                on=today(),
            )
        except Refusal as refusal:
            context["error"] = refusal.told(_)
        else:
            people = (one.person for one in found.lines)
            look_at_many(people, "simulation", actor=actor(request), at=timezone.now())
            context["found"] = found
    return render(request, "pay/simulation.html", context)


def _chosen(known: list[Version], wanted: str) -> Version | None:
    """Return the version named "plan:number"; the first one otherwise."""
    named = {f"{one.plan}:{one.number}": one for one in known}
    return named.get(wanted) or (known[0] if known else None)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return today()
