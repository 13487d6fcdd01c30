"""Plans: the list, the editor and its faults as one types, notice, who is under it."""

from __future__ import annotations

from decimal import Decimal
from importlib import resources

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.incentives.sources import read_text, runnable
from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.queries.kpi_values import catalogue
from jalon.queries.pay_plans import plan_page, plans
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.settle_pay import Term, set_terms
from jalon.usecases.write_pay_plan import publish_version, save_version, take_note
from jalon.web.access import actor, for_some, viewer
from jalon.web.marks import carried
from jalon.web.people.forms import day, day_or_none
from jalon.web.planning.numbers import amount
from jalon.web.today import today, workspace

WRONG = 422
NEW = "new"


@require_safe
@for_some(Act.WRITE_PAY_PLAN)
def page(request: HttpRequest) -> HttpResponse:
    """Show every plan with its last version."""
    return render(request, "pay/plans.html", {"plans": plans(), "on": today()})


@for_some(Act.WRITE_PAY_PLAN)
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    """Show a plan's versions and its editor; by POST, write the draft."""
    found = plan_page(workspace(), plan, viewer=viewer(request))
    if found is None and plan != NEW:
        raise Http404
    text = found.last.text if found else _example()
    if request.method != "POST":
        return _page(request, plan, text)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    key = plan if found else slugify(request.POST.get("key", ""))
    try:
        saved = save_version(
            workspace(),
            key,
            text,
            actor=actor(request),
            at=timezone.now(),
            seen=request.POST.get("seen"),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        return _page(request, plan, text, refused=refusal)
    messages.success(
        request, _("Version {number} is written.").format(number=saved.number)
    )
    return redirect("pay_plan", saved.plan)


@require_POST
@for_some(Act.WRITE_PAY_PLAN)
def checked(request: HttpRequest) -> HttpResponse:
    """Say what is wrong in the text being typed."""
    return render(request, "pay/checks.html", _checks(request.POST.get("text", "")))


@require_POST
@for_some(Act.WRITE_PAY_PLAN)
def publish(request: HttpRequest, plan: str) -> HttpResponse:
    """Publish a version with its notice."""
    number = request.POST.get("number", "")
    try:
        publish_version(
            plan,
            int(number) if number.isdecimal() else 0,
            request.POST.get("notice", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    else:
        messages.success(
            request, _("Published: those under the plan are asked to take note.")
        )
    return redirect("pay_plan", plan)


@require_POST
@for_some(Act.SEE_PAY)
def noted(request: HttpRequest, plan: str) -> HttpResponse:
    """Take note of a version."""
    number = request.POST.get("number", "")
    try:
        take_note(
            plan,
            int(number) if number.isdecimal() else 0,
            actor=actor(request),
            at=timezone.now(),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        raise Http404 from refusal
    return redirect("pay")


@require_POST
@for_some(Act.SETTLE_PAY)
def terms(request: HttpRequest, plan: str) -> HttpResponse:
    """Put people under the plan from a day on."""
    told = request.POST
    try:
        typed = told.get("variable", "").strip()
        variable: Decimal | None = amount(typed) if typed else None
        first, after = day(told, "first"), day_or_none(told, "after")
        asked = [
            Term(
                plan=plan,
                person=one,
                first=first,
                after=after,
                variable=variable,
                rate=_rate(told.get("rate", "")),
            )
            for one in told.getlist("person")
        ]
        set_terms(workspace(), asked, actor=actor(request), at=timezone.now())
    except ForbiddenError:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    return redirect("pay_plan", plan)


def _rate(typed: str) -> Decimal | None:
    """Return a rate as it is typed: 5 % or 0,05; None where there is none."""
    text = typed.strip()
    if not text:
        return None
    found = amount(text.rstrip("% \u202f\xa0"))
    return found / 100 if text.endswith("%") else found


def _page(
    request: HttpRequest, plan: str, text: str, *, refused: Refusal | None = None
) -> HttpResponse:
    reader = viewer(request)
    found = plan_page(workspace(), plan, viewer=reader)
    context = {
        "plan": plan,
        "new": plan == NEW,
        "found": found,
        "own_rates": any(one.rate is not None for one in found.terms)
        if found
        else False,
        "text": text,
        "seen": carried(request, found.last.text, refused) if found else "",
        "error": refused.told(_) if refused else "",
        "on": today(),
        "may_publish": may(reader, Act.SETTLE_PAY, subject=Subject(COMPANY)),
        **_checks(text),
    }
    return render(request, "pay/plan.html", context, status=WRONG if refused else 200)


def _checks(text: str) -> dict[str, object]:
    """Return what is wrong in a text: why it cannot be read, or its faults."""
    try:
        written = read_text(text)
        runnable(written, catalogue(workspace()))
    except Refusal as refusal:
        return {"unreadable": refusal.told(_)}
    return {"written": written, "currency": written.plan.currency}


def _example() -> str:
    """Return the plan a new one starts from."""
    found = resources.files("jalon.web.pay") / "example.toml"
    return found.read_text("utf-8").replace("2026", str(today().year))
