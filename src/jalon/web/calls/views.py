"""The calls on one objective: each side's last word, a form to say one's own."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.domain.forecast.calls import Accuracy, Side
from jalon.domain.objectives.fields import plain_number
from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.queries.calls import calls_of
from jalon.queries.pages import Line
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.call import call
from jalon.web.access import actor, allowed, for_objective, viewer
from jalon.web.components.figures import NOTHING
from jalon.web.language import current
from jalon.web.today import today, workspace

WRONG = 422
_NO_NUMBER = '"{text}" is no number. Expected e.g. 42000.'


@for_objective(Act.SEE_ROWS)
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest, line: Line) -> HttpResponse:
    """Show the calls; a form posted adds one."""
    fault = ""
    if request.method == "POST":
        if not allowed(request, Act.CALL, line):
            raise PermissionDenied
        try:
            _said(request, line)
        except ForbiddenError:
            raise
        except Refusal as refusal:
            fault = refusal.told(_)
        else:
            messages.success(request, _("Your call is kept, beside the former ones."))
            return redirect("calls", line.id)
    who = viewer(request)
    found = calls_of(
        line.id,
        line.kpi,
        may_see=lambda owner: may(who, Act.SEE_ROWS, subject=Subject(owner)),
    )
    context = {
        "on": today(),
        "line": line,
        "found": found,
        "accuracy": [_row(one) for one in found.accuracy],
        "landing": line.landing,
        "may_call": allowed(request, Act.CALL, line)
        and line.flow
        and line.first <= today() < line.after,
        "given": {
            name: request.POST.get(name, "") if fault else ""
            for name in ("committed", "best", "text")
        },
        "fault": fault,
        "sides": _sides(),
    }
    return render(request, "calls/page.html", context, status=WRONG if fault else 200)


def _said(request: HttpRequest, line: Line) -> None:
    call(
        workspace(),
        line.id,
        committed=_number(request.POST.get("committed", "")),
        best=_number(request.POST.get("best", "")),
        text=request.POST.get("text", ""),
        actor=actor(request),
        on=today(),
        at=timezone.now(),
    )


def _number(text: str) -> Decimal:
    try:
        return plain_number(text)
    except InvalidOperation:
        raise Refusal(_NO_NUMBER, text=text) from None


def _sides() -> dict[str, str]:
    return {Side.OWNER.value: _("The owner"), Side.MANAGER.value: _("The manager")}


def _row(one: Accuracy) -> dict[str, object]:
    year, quarter = one.quarter
    lean = _("too hopeful") if one.lean > 0 else _("too careful")
    return {
        "quarter": f"{figures.QUARTERS[current()]}{quarter} {year}",
        "side": _sides()[one.side.value],
        "calls": one.calls,
        "error": _percent(one.error),
        "lean": f"{_percent(abs(one.lean))}, {lean}"
        if one.lean
        else _percent(one.lean),
        "held": _percent(one.held),
        "model": NOTHING if one.model is None else _percent(one.model),
    }


def _percent(share: Decimal) -> str:
    return figures.percent(share, lang=current(), digits=0)
