"""Write a graded statement; say which level it has reached, each side for itself."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.domain.objectives.graded import FIRST, GRADED
from jalon.domain.objectives.objective import BaselineRule, Direction, Objective
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.queries.owners import owner_names
from jalon.queries.pages import Line
from jalon.usecases import assess as use_case
from jalon.usecases.evaluate import evaluate
from jalon.usecases.write_objective import OneTooManyError, write_objective
from jalon.web.access import actor, for_objective, signed_in, viewer
from jalon.web.assess.forms import AssessmentForm, StatementForm
from jalon.web.assess.tags import panel_context
from jalon.web.language import current
from jalon.web.today import today, workspace

WRONG = 422
ONE = datetime.timedelta(days=1)


@for_objective(Act.SEE_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, line: Line) -> HttpResponse:
    """Show what both sides say of a statement; a form posted adds one word."""
    error = ""
    if request.method == "POST":
        error = _assessed(request, line)
        if not error:
            return redirect("assess", line.id)
    found = panel_context(request, line)
    if found["statement"] is None:
        return redirect("objective", line.id)
    context = {**found, "on": today(), "error": error, "typed": _typed(request)}
    status = WRONG if error else 200
    return render(request, "assess/page.html", context, status=status)


def _assessed(request: HttpRequest, line: Line) -> str:
    """Keep the word posted and return "", or what is wrong with it."""
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        return _said(form)
    try:
        use_case.assess(
            workspace(),
            line.id,
            **form.cleaned_data,
            on=today(),
            actor=actor(request),
            at=timezone.now(),
        )
    except use_case.AssessmentRefusedError as refusal:
        return refusal.told(_)
    return ""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_statement(request: HttpRequest) -> HttpResponse:
    """Write a graded statement for somebody the reader may write for."""
    owners = _owners(request)
    if not owners:
        raise PermissionDenied
    form = StatementForm(request.POST or None, owners=owners)
    warned = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("objective", _written(request, form))
        except OneTooManyError as refusal:
            form.add_error("reason", refusal.told(_))
            warned = refusal.warned
    quarter = containing(today(), Grain.QUARTER)
    context = {
        "form": form,
        "owners": owners,
        "warned": warned,
        "typed": _filled(request, quarter),
    }
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "assess/new.html", context, status=status)


def _written(request: HttpRequest, form: StatementForm) -> str:
    said, who = form.cleaned_data, actor(request)
    decides = may(who.viewer, Act.DECIDE, subject=Subject(said["owner"]))
    at = timezone.now()
    objective = Objective(
        id=f"enonce-{said['owner'].replace(':', '-')}-{at:%Y%m%d%H%M%S%f}",
        kpi=GRADED,
        owner=said["owner"],
        period=Period(said["first"], said["last"] + ONE),
        direction=Direction.UP,
        original_target=Decimal(said["target"]),
        statement=said["statement"],
        lang=current(),
        baseline_rule=BaselineRule.NUMBER,
        baseline=Decimal(FIRST),
        nature="qualitative",
        levels=form.levels,
        state=State.ACTIVE if decides else State.PROPOSED,
    )
    written = write_objective(
        workspace(), objective, actor=who, on=today(), at=at, overrule=said["reason"]
    )
    evaluate(workspace(), on=today(), ids=[written.id])
    return written.id


def _owners(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Return whom the reader may write an objective for, company first."""
    who = viewer(request)
    company = ((COMPANY, workspace().settings.company),)
    named = tuple(owner_names(workspace(), on=today()).items())
    return tuple(
        (key, name)
        for key, name in (*company, *named)
        if may(who, Act.PROPOSE, subject=Subject(key))
    )


def _filled(request: HttpRequest, quarter: Period) -> dict[str, str]:
    """Return what was typed, the running quarter where nothing was."""
    fresh = {
        "first": quarter.first.isoformat(),
        "last": (quarter.after - ONE).isoformat(),
        "target": "3",
    }
    names = StatementForm.base_fields
    return {name: request.POST.get(name, fresh.get(name, "")) for name in names}


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("side", "level", "evidence")}


def _said(form: AssessmentForm) -> str:
    return " ".join(str(text) for texts in form.errors.values() for text in texts)
