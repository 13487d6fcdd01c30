"""Trends and bottlenecks of the company, a team or a person, as the table allows."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import Act, Subject, may
from jalon.queries.funnel_page import DEFAULT, MONTHS, Scope, funnel_of, scopes
from jalon.queries.snapshots import NoDataError
from jalon.web.access import signed_in, viewer
from jalon.web.funnel.words import Reading
from jalon.web.today import today, workspace


@require_safe
@signed_in
def funnel(request: HttpRequest) -> HttpResponse:
    """Show a funnel; deals are named to who may see the rows."""
    on, who = today(), viewer(request)
    try:
        known = scopes(workspace(), who, on=on)
    except NoDataError:
        known = ()
    months = _months(request.GET.get("months", ""))
    context: dict[str, object] = {"on": on, "scopes": known, "months": months}
    context |= {"lengths": MONTHS}
    if known:
        scope = _scope(known, request.GET.get("who", ""))
        found = funnel_of(workspace(), scope.owner, months=months, on=on)
        rows = may(who, Act.SEE_ROWS, subject=Subject(scope.owner))
        context |= {"scope": scope, "read": Reading(found), "may_see_rows": rows}
    return render(request, "funnel/page.html", context)


def _scope(known: tuple[Scope, ...], asked: str) -> Scope:
    """Return the scope asked for, the first one by default.

    Raises:
        PermissionDenied: If it is none of those the reader may see.
    """
    if not asked:
        return known[0]
    for one in known:
        if one.owner == asked:
            return one
    raise PermissionDenied


def _months(asked: str) -> int:
    return int(asked) if asked in {str(one) for one in MONTHS} else DEFAULT
