"""Agreement: what is asked and offered side by side; each answers; it is published."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.domain.cascade.agreement import NEXT, Reconciliation, Said, Side, Standing
from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.queries import planning as queries
from jalon.queries.planning import PlanningLine, PlanningPage
from jalon.usecases import agree
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.evaluate import evaluate
from jalon.usecases.tell_targets import tell_published
from jalon.web.access import actor, signed_in, viewer
from jalon.web.agreement.sides import ShownSide, gap, holders
from jalon.web.components.mailed import links, say_mailed
from jalon.web.planning.forms import one_of
from jalon.web.planning.numbers import read
from jalon.web.planning.shown import is_mine, visible
from jalon.web.today import today, workspace

WRONG = 422
CONFIDENCES = ("0.9", "0.8", "0.6", "0.4")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, planning: str) -> HttpResponse:
    """Show both sides; a form posted says something of a figure, or publishes."""
    error = ""
    if request.method == "POST":
        try:
            _said(request, planning)
            return redirect("agreement", planning)
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
    whole = queries.page(workspace(), planning)
    page = whole and visible(whole, viewer(request))
    if not whole or not page or not page.lines:
        raise Http404
    found = queries.reconciliation(workspace(), whole)
    sides = [_side(request, line, found, page) for line in page.lines]
    context = {
        "page": page,
        "sides": sides,
        "found": found,
        "holders": holders(found, page),
        "gap": gap(found, page),
        "confidences": CONFIDENCES,
        "may_publish": may(viewer(request), Act.DECIDE, subject=Subject(COMPANY)),
        "silent": [one for one in sides if one.line.standing == Standing.PROPOSED],
        "contested": [one for one in sides if one.line.standing == Standing.CONTESTED],
        "drafts": [
            one
            for one in sides
            if one.line.standing == Standing.DRAFT and one.line.row.parent
        ],
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "agreement/page.html", context, status=status)


def _side(
    request: HttpRequest,
    line: PlanningLine,
    found: Reconciliation,
    page: PlanningPage,
) -> ShownSide:
    owner, who = line.row.owner, viewer(request)
    side: Side = found.sides[owner]
    able = {said for standing, said in NEXT if standing == line.standing}
    mine = is_mine(owner, who)
    decides = bool(line.row.parent) and may(who, Act.DECIDE, subject=Subject(owner))
    below = {Said.ACCEPTED, Said.CONTESTED, Said.OFFERED} if mine else set()
    above = {Said.COMPROMISE, Said.OVERRULED} if decides else set()
    return ShownSide(
        line=line,
        place=page.lines.index(line),
        side=side,
        mine=mine,
        able=frozenset(said.value for said in able & (below | above)),
    )


def _said(request: HttpRequest, planning: str) -> None:
    """Do what the form asks: propose, publish, or a word about one figure."""
    do, text = request.POST.get("do", ""), request.POST.get("text", "").strip()
    who, on, at = actor(request), today(), timezone.now()
    if do == "publish":
        written = agree.publish(
            workspace(), planning, actor=who, on=on, at=at, in_spite=text
        )
        evaluate(workspace(), on=on, ids=[one.id for one in written])
        mailed = tell_published(
            workspace(), written, links(request, written), actor=who, on=on, at=at
        )
        told = _("{number} objectives published.").format(number=len(written))
        messages.success(request, told)
        say_mailed(request, mailed)
        return
    words = [said.value for said in Said if said is not Said.PROPOSED]
    page = queries.page(workspace(), planning)
    agree.answer(
        planning,
        request.POST.get("owner", ""),
        Said(one_of(do, words)),
        actor=who,
        on=on,
        at=at,
        figure=_figure(request, page),
        confidence=_confidence(request),
        text=text,
    )


def _figure(request: HttpRequest, page: PlanningPage | None) -> Decimal | None:
    text = request.POST.get("figure", "").strip()
    unit = str(page.kpi.unit) if page else ""
    return read(text, unit) if text else None


def _confidence(request: HttpRequest) -> Decimal | None:
    text = request.POST.get("confidence", "")
    return Decimal(one_of(text, list(CONFIDENCES))) if text else None
