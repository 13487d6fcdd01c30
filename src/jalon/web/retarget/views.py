"""One page for a re-target: former ones with their receipts, the form, what changes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import retargets
from jalon.queries.pages import Line
from jalon.queries.retargets import CLOSED, Effects
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.evaluate import evaluate
from jalon.usecases.retarget import acknowledge, retarget_with_those_below
from jalon.usecases.tell_targets import tell_changed
from jalon.web.access import actor, allowed, for_objective, viewer
from jalon.web.components.mailed import links, say_mailed
from jalon.web.retarget import forms
from jalon.web.today import today, workspace

WRONG = 422


@for_objective(Act.SEE_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def retarget(request: HttpRequest, line: Line) -> HttpResponse:
    """Show it; a form posted re-targets, or takes note of a re-target."""
    said = forms.given(
        (request.POST if request.method == "POST" else request.GET).dict(), on=today()
    )
    error, found = "", None
    try:
        if request.method == "POST":
            _done(request, line, said)
            return redirect("retarget", line.id)
        if said.new:
            found = _effects(request, line, said)
    except ForbiddenError:
        raise
    except Refusal as refusal:
        error = refusal.told(_)
    return _page(request, line, said, found, error)


def _effects(request: HttpRequest, line: Line, said: forms.Given) -> Effects | None:
    if not allowed(request, Act.DECIDE, line):
        return None
    asked = forms.read(said, line)
    return retargets.effects(
        workspace(),
        line.id,
        asked.new,
        carry=asked.carry,
        credit=asked.credit,
        on=today(),
    )


def _done(request: HttpRequest, line: Line, said: forms.Given) -> None:
    who, at = actor(request), timezone.now()
    if request.POST.get("do") == "acknowledge":
        rank = request.POST.get("rank", "")
        acknowledge(line.id, int(rank) if rank.isdecimal() else 0, actor=who, at=at)
        return
    changed = retarget_with_those_below(
        workspace(), line.id, forms.read(said, line), actor=who, on=today(), at=at
    )
    evaluate(workspace(), on=today(), ids=[one.id for one in changed])
    mailed = tell_changed(
        workspace(), changed, links(request, changed), actor=who, on=today(), at=at
    )
    told = _("{number} targets changed; the former ones are kept.")
    messages.success(request, told.format(number=len(changed)))
    say_mailed(request, mailed)


def _page(
    request: HttpRequest,
    line: Line,
    said: forms.Given,
    found: Effects | None,
    error: str,
) -> HttpResponse:
    told = retargets.told(line.id)
    mine = retargets.answers_for(viewer(request), line.owner)
    context = {
        "on": today(),
        "line": line,
        "told": told,
        "given": said,
        "found": found,
        "reasons": forms.LISTED,
        "may_decide": allowed(request, Act.DECIDE, line) and line.state not in CLOSED,
        "to_read": told[-1] if mine and told and not told[-1].receipts else None,
        "proof_of": line.owner.partition("person:")[2]
        if allowed(request, Act.SEE_PAY, line)
        else "",
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "retarget/page.html", context, status=status)
