"""The explorer's screens; an htmx request gets the same question without the frame."""

from __future__ import annotations

import json
from datetime import timedelta

from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.charts.exploring import spec
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Explanation
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.board import names
from jalon.queries.explorer import explained_cell, explored
from jalon.queries.exploring_rules import UnableToShowError
from jalon.queries.formula_words import formula_said
from jalon.queries.kpi_values import catalogue
from jalon.queries.kpi_words import why_not
from jalon.queries.suggestions import values_of
from jalon.web.access import signed_in, viewer
from jalon.web.explorer.asking import Asked, read
from jalon.web.explorer.choices import choices
from jalon.web.explorer.files import KINDS, file_of
from jalon.web.explorer.table import against_words, drawing, label, table
from jalon.web.objective import spreadsheet
from jalon.web.objective.rows import ROWS, page_asked, pages, screen, sheets
from jalon.web.today import today, workspace

ONE = timedelta(days=1)
BUNDLE = "vega.js"  # made at set-up; without it, the table alone
ROWS_EXPORTED = 1_000_000


@require_safe
@vary_on_headers("HX-Request")
@signed_in
def explorer(request: HttpRequest) -> HttpResponse:
    """Show the question and its answer, its table and its chart."""
    asked = _asked(request)
    part = request.headers.get("HX-Request") == "true"
    canonical = f"{reverse('explorer')}?{asked.address(page=_page(asked))}"
    if request.GET.get("value") and not part:
        return HttpResponseRedirect(canonical)
    context = _context(request, asked)
    response = render(request, f"explorer/{'part' if part else 'page'}.html", context)
    if part:
        response["HX-Push-Url"] = canonical
    return response


@require_safe
@signed_in
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer the values of a dimension that hold what is being typed."""
    dimension = request.GET.get("dimension", "")
    values = _suggested(dimension, request.GET.get("value", ""))
    return render(request, "explorer/values.html", {"values": values})


@require_safe
@signed_in
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the whole answer as a file."""
    if kind not in KINDS:
        raise Http404
    asked = _asked(request)
    try:
        found = explored(
            workspace(), asked.exploration, viewer=viewer(request), on=today()
        )
    except UnableToShowError as error:
        raise PermissionDenied from error
    except Refusal as error:
        return HttpResponseBadRequest(error.told(gettext), content_type="text/plain")
    return _download(file_of(found, kind=kind), asked, kind, KINDS[kind])


@require_safe
@signed_in
def rows(request: HttpRequest) -> HttpResponse:
    """Show the rows behind one cell."""
    asked = _asked(request)
    at = _at(request)
    number = page_asked(request.GET.get("page", ""))
    kpi, found, period = _explained(request, asked, at, limit=number * ROWS)
    shown = sheets(found, unit=kpi.unit.value)
    address = request.GET.copy()
    address.pop("page", None)
    told = names(workspace(), on=today())
    context = {
        "on": today(),
        "asked": asked,
        "back": asked.address(),
        "address": address.urlencode(),
        "rows_address": f"?{address.urlencode()}&page=",
        "rows_pages": pages(shown, number=number),
        "kpi": kpi,
        "period": period,
        "last": period.after - ONE,
        "reason_words": why_not(found.reason),
        "cell": [label(name, key or None) for name, key in at.items()],
        "explanation": found,
        "formula": formula_said(kpi, catalogue(workspace())),
        "currency": workspace().settings.currency,
        "screens": [screen(sheet, names=told, number=number) for sheet in shown],
    }
    return render(request, "explorer/rows.html", context)


@require_safe
@signed_in
def export_rows(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the rows behind one cell, all of them, as a spreadsheet."""
    if kind not in spreadsheet.KINDS:
        raise Http404
    asked = _asked(request)
    kpi, found, _period = _explained(request, asked, _at(request), limit=ROWS_EXPORTED)
    content = spreadsheet.written(sheets(found, unit=kpi.unit.value), kind=kind)
    return _download(content, asked, kind, spreadsheet.KINDS[kind])


def _asked(request: HttpRequest) -> Asked:
    known = catalogue(workspace())
    first_month = workspace().settings.fiscal_first_month
    return read(request.GET, on=today(), first_month=first_month, keys=frozenset(known))


def _page(asked: Asked) -> object:
    return asked.page if asked.page > 1 else ""


def _context(request: HttpRequest, asked: Asked) -> dict[str, object]:
    on = today()
    context: dict[str, object] = {
        "on": on,
        "asked": asked,
        "choices": choices(workspace(), asked),
        "values": _suggested(asked.adding[0], ""),
        "found": None,
        "drawable": finders.find(BUNDLE) is not None,
        "last": asked.last,
        "refused": " ".join(gettext(code) for code in asked.faults),
    }
    try:
        found = explored(workspace(), asked.exploration, viewer=viewer(request), on=on)
    except Refusal as error:
        return context | {"refused": error.told(gettext)}
    drawn = drawing(found, asked)
    shown = table(found, asked)
    return context | {
        "found": found,
        "table": shown,
        "spec": json.dumps(spec(drawn), ensure_ascii=False)
        if drawn and context["drawable"]
        else "",
        "before_title": against_words(asked.exploration.against),
        "address": asked.address(),
        "plain_address": asked.address(sort=""),
        "before_page": asked.page - 1 if asked.page > 1 else 0,
        "after_page": asked.page + 1 if asked.page < shown.pages else 0,
    }


def _suggested(dimension: str, text: str) -> tuple[str, ...]:
    try:
        return values_of(workspace(), dimension, text) if dimension else ()
    except Refusal:
        return ()


def _at(request: HttpRequest) -> dict[str, str]:
    pairs = (text.partition("=") for text in request.GET.getlist("at"))
    return {name: key for name, _sign, key in pairs}


def _explained(
    request: HttpRequest, asked: Asked, at: dict[str, str], *, limit: int
) -> tuple[Kpi, Explanation, Period]:
    try:
        return explained_cell(
            workspace(),
            asked.exploration,
            at,
            viewer=viewer(request),
            on=today(),
            limit=limit,
        )
    except UnableToShowError as error:
        raise PermissionDenied from error
    except (Refusal, ValueError) as error:
        raise Http404 from error


def _download(
    content: bytes, asked: Asked, kind: str, content_type: str
) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    period = asked.exploration.period
    name = f"{asked.exploration.kpi}-{period.first}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
