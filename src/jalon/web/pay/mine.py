"""Somebody's pay: the estimate, what more deals would give, statements, questions."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.pay_estimate import estimates
from jalon.queries.pay_plans import people_under, sees
from jalon.queries.pay_rewards import to_give
from jalon.queries.pay_statements import (
    StatementPage,
    history,
    open_questions,
    settles,
    statement_page,
)
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.give_reward import give_reward
from jalon.usecases.look_at_pay import look
from jalon.usecases.print_statement import print_statement
from jalon.usecases.question_pay import accept_for_pay, answer, ask
from jalon.web.access import actor, for_some, signed_in, viewer
from jalon.web.planning.numbers import amount
from jalon.web.today import today, workspace

WRONG = 422


@require_safe
@for_some(Act.SEE_PAY)
def page(request: HttpRequest) -> HttpResponse:
    """Show the estimate of the period under way and the statements; log the look."""
    reader = viewer(request)
    known = people_under(reader, workspace())
    person = request.GET.get("person", "") or _whose(reader.person_id, known)
    context: dict[str, object] = {
        "people": known,
        "person": person,
        "name": dict(known).get(person, ""),
        "own": person == reader.person_id,
        "on": today(),
        "questions": open_questions(viewer=reader),
        "rewards": to_give(viewer=reader),
    }
    if person:
        if not sees(reader, person):
            raise PermissionDenied
        look(f"person:{person}", "estimate", actor=actor(request), at=timezone.now())
        more, error = _more(request)
        context |= {
            "error": error,
            "more": request.GET.get("more", ""),
            "estimates": estimates(
                workspace(),
                person,
                on=today(),
                deals=request.GET.getlist("deal"),
                more=more,
            ),
            "history": history(person, viewer=reader),
        }
    return render(request, "pay/mine.html", context)


def _whose(own: str, known: tuple[tuple[str, str], ...]) -> str:
    """Return the reader, else the first person whose pay they may see."""
    keys = [key for key, _name in known]
    if own in keys or not keys:
        return own
    return keys[0]


def _more(request: HttpRequest) -> tuple[Decimal, str]:
    try:
        return amount(request.GET.get("more", "")), ""
    except Refusal as refusal:
        return Decimal(0), refusal.told(_)


@require_safe
@for_some(Act.SEE_PAY)
def statement(request: HttpRequest, statement: int) -> HttpResponse:
    """Show a statement with every line explained; log the look."""
    return _statement(request, _found(request, statement))


@require_safe
@for_some(Act.SEE_PAY)
def as_pdf(request: HttpRequest, statement: int) -> HttpResponse:
    """Give a statement as a PDF, in French."""
    _found(request, statement)
    printed = print_statement(statement, actor=actor(request), at=timezone.now())
    answered = HttpResponse(printed, content_type="application/pdf")
    name = f"jalon-pay-{statement}.pdf"
    answered["Content-Disposition"] = f'attachment; filename="{name}"'
    return answered


@require_POST
@for_some(Act.SEE_PAY)
def ask_about(request: HttpRequest, statement: int) -> HttpResponse:
    """Write a question on a line."""
    found = _found(request, statement)
    try:
        ask(
            statement,
            _number(request.POST.get("line", "")),
            request.POST.get("text", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        return _statement(request, found, error=refusal.told(_))
    messages.success(request, _("Your question is asked; its answer will show here."))
    return redirect("pay_statement", statement)


@require_POST
@for_some(Act.SETTLE_PAY)
def answer_to(request: HttpRequest, question: int) -> HttpResponse:
    """Answer a question and decide."""
    back = _number(request.POST.get("statement", ""))
    try:
        answer(
            question,
            request.POST.get("decision", ""),
            request.POST.get("text", ""),
            amount=amount(request.POST.get("amount", "")) or None,
            actor=actor(request),
            at=timezone.now(),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    else:
        messages.success(request, _("The answer is kept with the statement."))
    return redirect("pay_statement", back) if back else redirect("pay")


@require_POST
@for_some(Act.SETTLE_PAY)
def reward(request: HttpRequest, reward: int) -> HttpResponse:
    """Say that a recognition was given."""
    try:
        give_reward(reward, actor=actor(request), at=timezone.now())
    except ForbiddenError:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    else:
        messages.success(request, _("Kept: it was given."))
    return redirect("pay")


@require_POST
@signed_in
def accept(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Accept a re-target for one's pay."""
    try:
        accept_for_pay(
            objective_id,
            _number(request.POST.get("rank", "")),
            actor=actor(request),
            at=timezone.now(),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    else:
        messages.success(request, _("The new target counts for your pay from now on."))
    return redirect("retarget", objective_id)


def _found(request: HttpRequest, wanted: int) -> StatementPage:
    found = statement_page(wanted, viewer=viewer(request))
    if found is None:
        raise Http404
    look(f"person:{found.person}", "statement", actor=actor(request), at=timezone.now())
    return found


def _statement(
    request: HttpRequest, found: StatementPage, *, error: str = ""
) -> HttpResponse:
    reader = viewer(request)
    own = found.person == reader.person_id
    context = {
        "page": found,
        "own": own,
        "may_ask": own and found.state == "published",
        "may_answer": settles(reader, found.person)
        and (not own or reader.role == "director"),
        "error": error,
    }
    return render(
        request, "pay/statement.html", context, status=WRONG if error else 200
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
