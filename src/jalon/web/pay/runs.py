"""Runs: a period computed, reviewed, approved, published; cost, spread, export."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.incentives.settling import RunState
from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.queries.pay_plans import plans
from jalon.queries.pay_rewards import of_run
from jalon.queries.pay_statements import RunPage, Summary, run_page, runs
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.look_at_pay import export_pay, look_at_many
from jalon.usecases.settle_pay import advance_run, run_period
from jalon.web.access import actor, for_some, viewer
from jalon.web.components.cells import Cell
from jalon.web.components.figures import sentence
from jalon.web.components.spreadsheet import KINDS, written
from jalon.web.people.forms import day
from jalon.web.today import today, workspace

WRONG = 422
COLUMNS: dict[str, Callable[[Summary], Cell]] = {
    "person": lambda one: one.person,
    "name": lambda one: one.name,
    "period": lambda one: one.period,
    "plan": lambda one: one.plan,
    "target": lambda one: one.variable,
    "amount": lambda one: one.total.quantize(Decimal("0.01")),
    "currency": lambda one: one.currency,
    "attainment": lambda one: one.attainment,
}
CHOSEN = ("person", "name", "period", "amount", "currency")


@require_http_methods(["GET", "HEAD", "POST"])
@for_some(Act.SETTLE_PAY)
def page(request: HttpRequest) -> HttpResponse:
    """Show the runs; by POST, run a closed period."""
    error = ""
    if request.method == "POST":
        try:
            run = run_period(
                workspace(),
                request.POST.get("plan", ""),
                day(request.POST, "day"),
                actor=actor(request),
                on=today(),
                at=timezone.now(),
            )
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
        else:
            return redirect("pay_run", run)
    everybody = _sees_all(request)
    context = {
        "runs": runs() if everybody else (),
        "mine": () if everybody else runs(),
        "plans": plans(),
        "may_run": may(viewer(request), Act.SETTLE_PAY, subject=Subject(COMPANY)),
        "error": error,
        "on": today(),
    }
    return render(request, "pay/runs.html", context, status=WRONG if error else 200)


@require_safe
@for_some(Act.SETTLE_PAY)
def run(request: HttpRequest, run: int) -> HttpResponse:
    """Show a run: cost, spread, pay against performance, statements, questions."""
    found = _found(request, run)
    look_at_many(
        (one.person for one in found.statements),
        "run",
        actor=actor(request),
        at=timezone.now(),
    )
    rewards = of_run(run, viewer=viewer(request))
    context = {
        "run": found,
        "rewards": rewards,
        "beyond": any(not one.within for one in rewards),
        "columns": tuple(COLUMNS),
        "chosen": CHOSEN,
        "kinds": tuple(KINDS),
        "may_export": _sees_all(request),
    }
    return render(request, "pay/run.html", context)


@require_POST
@for_some(Act.SETTLE_PAY)
def state(request: HttpRequest, run: int) -> HttpResponse:
    """Review, approve or publish it."""
    try:
        wanted = RunState(request.POST.get("state", ""))
        advance_run(run, wanted, actor=actor(request), at=timezone.now())
    except ForbiddenError:
        raise
    except ValueError as fault:
        raise Http404 from fault
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    return redirect("pay_run", run)


@require_safe
@for_some(Act.SEE_PAY)
def export(request: HttpRequest, run: int, kind: str) -> HttpResponse:
    """Give the run for the payroll, with the columns chosen."""
    if kind not in KINDS:
        raise Http404
    if not _sees_all(request):
        raise PermissionDenied
    found = _found(request, run)
    if found.state not in {RunState.APPROVED, RunState.PUBLISHED}:
        raise Http404
    export_pay(found.plan, found.name, actor=actor(request), at=timezone.now())
    asked = [one for one in request.GET.getlist("column") if one in COLUMNS]
    columns = asked or list(CHOSEN)
    rows: list[list[Cell]] = [[sentence(one, "paycolumn") for one in columns]]
    rows += [[COLUMNS[one](row) for one in columns] for row in found.statements]
    answered = HttpResponse(
        written([(_("Pay"), rows)], kind=kind), content_type=KINDS[kind]
    )
    name = f"jalon-{found.plan}-{found.name}.{kind}"
    answered["Content-Disposition"] = f'attachment; filename="{name}"'
    return answered


def _found(request: HttpRequest, wanted: int) -> RunPage:
    found = run_page(wanted, viewer=viewer(request))
    if found is None:
        raise Http404
    return found


def _sees_all(request: HttpRequest) -> bool:
    return may(viewer(request), Act.SEE_PAY, subject=Subject(COMPANY))
