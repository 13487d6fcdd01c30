"""The learnings one may read; a form to write one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jalon.domain.people.permission import COMPANY, Act, Subject, may, may_somewhere
from jalon.domain.refusals import Refusal
from jalon.queries.learnings import learnings as listed
from jalon.queries.owners import owner_names
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.learn import learn
from jalon.usecases.print_review import kpi_labels
from jalon.web.access import actor, for_some, signed_in, viewer
from jalon.web.language import current
from jalon.web.reviews import forms
from jalon.web.today import today, workspace

WRONG = 422


@require_safe
@signed_in
def learnings(request: HttpRequest) -> HttpResponse:
    """Show the learnings, of one KPI or owner where asked."""
    who, on = viewer(request), today()
    every = listed(workspace(), who, on=on)
    kpi, owner = request.GET.get("kpi", ""), request.GET.get("owner", "")
    context = {
        "lessons": [
            one for one in every if kpi in {"", one.kpi} and owner in {"", one.owner}
        ],
        "kpis": sorted(
            {(one.kpi, one.kpi_label.get(current(), one.kpi)) for one in every}
        ),
        "owners": sorted({(one.owner, one.owner_name) for one in every}),
        "kpi": kpi,
        "owner": owner,
        "may_write": may_somewhere(who, Act.PROPOSE),
    }
    return render(request, "learnings/list.html", context)


@for_some(Act.PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form; posted, keep the learning with its figures."""
    error = ""
    given = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        try:
            learn(
                workspace(),
                forms.lesson(given.dict(), on=today()),
                lang=current(),
                actor=actor(request),
                on=today(),
                at=timezone.now(),
            )
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
        else:
            messages.success(request, _("The learning is kept, with its figures."))
            return redirect("learnings")
    named = {COMPANY: workspace().settings.company}
    named |= owner_names(workspace(), on=today())
    mine = [
        (key, name)
        for key, name in named.items()
        if may(viewer(request), Act.PROPOSE, subject=Subject(key))
    ]
    context = {
        "given": forms.typed(given.dict()),
        "kpis": sorted(
            kpi_labels(workspace(), current()).items(), key=lambda one: one[1]
        ),
        "owners": mine,
        "carriers": mine,
        "chosen": given.get("owner", ""),
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "learnings/new.html", context, status=status)
