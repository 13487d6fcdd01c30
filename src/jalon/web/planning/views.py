"""The list of plannings, one grid, each of its edits, its spreadsheet out and in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.queries import planning as queries
from jalon.queries.planning import PlanningPage
from jalon.usecases import agree, cascade_grid
from jalon.usecases.acting import ForbiddenError
from jalon.web.access import actor, signed_in, viewer
from jalon.web.components import spreadsheet
from jalon.web.planning import forms, numbers, workbook
from jalon.web.planning.shown import choices, chosen, shown, touched, visible
from jalon.web.planning.words import refused
from jalon.web.today import today, workspace

WRONG = 422
_LONGEST = 18  # digits of an edit's number


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plannings(request: HttpRequest) -> HttpResponse:
    """List the plannings; a form posted makes a new one."""
    error = ""
    if request.method == "POST":
        try:
            return redirect("planning", _created(request))
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
    on = today()
    context = {
        "plannings": queries.plannings(workspace()),
        "may_create": may(viewer(request), Act.DECIDE, subject=Subject(COMPANY)),
        "kpis": forms.kpis(),
        "periods": forms.periods(on),
        "methods": forms.METHODS,
        "spreads": forms.SPREADS,
        "steps": forms.STEPS,
        "given": {name: request.POST.get(name, "") for name in forms.FIELDS},
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "planning/list.html", context, status=status)


def _created(request: HttpRequest) -> str:
    new = forms.read_new(request.POST.dict())
    return cascade_grid.create_planning(
        workspace(),
        new.title,
        new.kpi,
        new.period,
        new.target,
        method=new.method,
        spread=new.spread,
        step=new.step,
        actor=actor(request),
        on=today(),
        at=timezone.now(),
    )


@signed_in
@require_safe
def grid(request: HttpRequest, planning: str) -> HttpResponse:
    """Show the grid, or one team of it."""
    return _grid(request, _page(request, planning))


def _grid(request: HttpRequest, page: PlanningPage, *, error: str = "") -> HttpResponse:
    team = request.GET.get("team", "")
    teams = choices(page)
    team = team if team in {one.owner for one in teams} else ""
    who = viewer(request)
    lines = shown(chosen(page, team), page, who)
    context = {
        "page": page,
        "lines": lines,
        "teams": teams,
        "team": team,
        "methods": forms.METHODS,
        "spreads": forms.SPREADS,
        "may_decide": may(who, Act.DECIDE, subject=Subject(COMPANY)),
        "may_edit": any(one.may_edit for one in lines),
        "folded": len(lines) < len(page.lines) and not team,
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "planning/grid.html", context, status=status)


@signed_in
@require_POST
def edit(request: HttpRequest, planning: str) -> HttpResponse:
    """Do one edit; a script gets the lines it touched, a form the grid again."""
    page = _page(request, planning)
    by_script = request.headers.get("X-Requested-With") == "planning"
    try:
        owners = _edited(request, page)
    except ForbiddenError:
        raise
    except Refusal as refusal:
        if by_script:
            return HttpResponse(
                refused(refusal, page), status=WRONG, content_type="text/plain"
            )
        return _grid(request, page, error=refused(refusal, page))
    if not by_script:
        team = request.POST.get("team", "")
        query = f"?team={team}" if team else ""
        return redirect(reverse("planning", args=[planning]) + query)
    after = _page(request, planning)
    lines = shown(touched(after, owners), after, viewer(request))
    context = {"page": after, "lines": lines, "changed": owners}
    return render(request, "planning/lines.html", context)


def _edited(request: HttpRequest, page: PlanningPage) -> set[str]:
    """Do what is asked, and return whose lines changed."""
    does: Mapping[str, Callable[[HttpRequest, PlanningPage], set[str]]] = {
        "cells": _cells,
        "save": _saved,
        "lock": _locked,
        "unlock": _locked,
        "total": _total,
        "share": _share,
        "undo": _undo,
        "propose": _propose,
    }
    asked = request.POST.get("do", "")
    return does[forms.one_of(asked, list(does))](request, page)


def _cells(request: HttpRequest, page: PlanningPage) -> set[str]:
    """Write one cell, or a block pasted from a spreadsheet from that cell on."""
    owners, unit = request.POST.getlist("owner"), str(page.kpi.unit)
    month = _month(request.POST.get("month", ""), page)
    cells = {
        (owner, month + rank): numbers.read(text, unit)
        for owner, texts in zip(
            owners, numbers.block(request.POST.get("text", "")), strict=False
        )
        for rank, text in enumerate(texts)
        if month + rank < len(page.months)
    }
    return _set(request, page, cells)


def _saved(request: HttpRequest, page: PlanningPage) -> set[str]:
    """Write all the cells of a page: the way without script."""
    known, unit = {line.row.owner: line.row for line in page.lines}, str(page.kpi.unit)
    cells: dict[tuple[str, int], Decimal] = {}
    for name, text in request.POST.items():
        kind, _colon, place = name.partition("/")
        owner, _slash, month = place.rpartition("/")
        if kind == "cell" and owner in known and month.isdigit():
            rank, value = _month(month, page), numbers.read(str(text), unit)
            if "seen" in request.POST or known[owner].months[rank] != value:
                cells[owner, rank] = value
    return _set(request, page, cells)


def _set(
    request: HttpRequest, page: PlanningPage, cells: dict[tuple[str, int], Decimal]
) -> set[str]:
    if cells:
        seen = request.POST.get("seen", "")
        cascade_grid.set_cells(
            page.id,
            cells,
            actor=actor(request),
            at=timezone.now(),
            seen=int(seen) if seen.isdecimal() and len(seen) < _LONGEST else None,
        )
    return {owner for owner, _month in cells}


def _locked(request: HttpRequest, page: PlanningPage) -> set[str]:
    owner, month = request.POST.get("owner", ""), request.POST.get("month", "")
    cascade_grid.set_lock(
        page.id,
        owner,
        _month(month, page) if month else None,
        locked=request.POST.get("do") == "lock",
        actor=actor(request),
        at=timezone.now(),
    )
    return {owner}


def _total(request: HttpRequest, page: PlanningPage) -> set[str]:
    owner, text = request.POST.get("owner", ""), request.POST.get("text", "")
    cascade_grid.set_total(
        page.id,
        owner,
        numbers.read(text, str(page.kpi.unit)) if text.strip() else None,
        forms.read_spread(request.POST.dict()),
        actor=actor(request),
        at=timezone.now(),
    )
    return {owner}


def _share(request: HttpRequest, page: PlanningPage) -> set[str]:
    given, text = request.POST.dict(), request.POST.get("text", "")
    unmet = cascade_grid.share_out(
        workspace(),
        page.id,
        numbers.read(text, str(page.kpi.unit)) if text.strip() else None,
        forms.read_method(given),
        forms.read_spread(given),
        actor=actor(request),
        at=timezone.now(),
    )
    for one in unmet:
        messages.warning(request, _unmet_words(one.id, one.missing, page))
    return {line.row.owner for line in page.lines}


def _unmet_words(owner: str, missing: float, page: PlanningPage) -> str:
    line = page.line(owner)
    return _(
        "{name}: {missing} could not be shared out; locked cells leave no room."
    ).format(
        name=line.row.name if line else owner,
        missing=numbers.typed(Decimal(str(abs(missing))), "fr"),
    )


def _undo(request: HttpRequest, page: PlanningPage) -> set[str]:
    rows = cascade_grid.undo(page.id, actor=actor(request), at=timezone.now())
    return {row.owner for row in rows}


def _propose(request: HttpRequest, page: PlanningPage) -> set[str]:
    mine = {
        one.line.row.owner
        for one in shown(page.lines, page, viewer(request))
        if one.may_edit
    }
    number = agree.propose(
        page.id, mine, actor=actor(request), on=today(), at=timezone.now()
    )
    told = _("{number} figures proposed.").format(number=number)
    messages.success(request, told)
    return mine


def _month(text: str, page: PlanningPage) -> int:
    ranks = [str(rank) for rank in range(len(page.months))]
    return int(forms.one_of(text, ranks))


@signed_in
@require_safe
def sheet(request: HttpRequest, planning: str) -> HttpResponse:
    """Give the grid as an XLSX workbook."""
    page = _page(request, planning)
    data = spreadsheet.written([(page.title, workbook.table(page))], kind="xlsx")
    answer = HttpResponse(data, content_type=spreadsheet.KINDS["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="{page.id}.xlsx"'
    return answer


@signed_in
@require_POST
def take_in(request: HttpRequest, planning: str) -> HttpResponse:
    """Take a workbook in: the cells that differ are written, as one edit."""
    page = _page(request, planning)
    file = request.FILES.get("file")
    try:
        cells = workbook.cells(file.read() if file else b"", page)
        _set(request, page, cells)
    except ForbiddenError:
        raise
    except Refusal as refusal:
        return _grid(request, page, error=refused(refusal, page))
    told = _("{number} cells changed.").format(number=len(cells))
    messages.success(request, told)
    return redirect("planning", planning)


def _page(request: HttpRequest, planning: str) -> PlanningPage:
    """Return the planning with the lines the reader may see; 404 where there is none.

    Raises:
        Http404: If there is none, or nothing of it may be seen.
    """
    found = queries.page(workspace(), planning)
    page = found and visible(found, viewer(request))
    if not page or not page.lines:
        raise Http404
    return page
