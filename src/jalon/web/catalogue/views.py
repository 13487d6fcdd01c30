"""The catalogue's shelves, and one KPI whole."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.catalogue import UnknownKpiError
from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.queries.catalogue_page import KpiPage, page, shelves, value_of
from jalon.queries.formula_words import formula_said, reference_said, term
from jalon.queries.kpi_values import catalogue
from jalon.queries.kpi_words import why_not
from jalon.queries.plainly import plainly
from jalon.web.access import signed_in, viewer
from jalon.web.explorer.table import dimension_name, said
from jalon.web.language import current
from jalon.web.today import today, workspace

ONE = timedelta(days=1)


@require_safe
@vary_on_headers("HX-Request")
@signed_in
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """Show the KPIs by family, those that hold the words searched."""
    text = request.GET.get("q", "").strip()
    found = shelves(workspace(), text=text, lang=current())
    context = {
        "text": text,
        "shelves": found,
        "count": sum(len(entries) for _family, entries in found),
        "may_define": may_define(request),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"catalogue/{'shelves' if part else 'page'}.html", context)


@require_safe
@signed_in
def value(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a KPI is worth today: it reads facts, so the page comes before it."""
    known = catalogue(workspace())
    if key not in known:
        raise Http404
    return render(request, "catalogue/value.html", _value(known[key]))


@require_safe
@signed_in
def kpi(request: HttpRequest, key: str) -> HttpResponse:
    """Show one KPI: definition, formula in words, what it is made of."""
    on = today()
    try:
        found = page(workspace(), key, on=on)
    except UnknownKpiError as error:
        raise Http404 from error
    context = {
        "on": on,
        "page": found,
        "may_define": may_define(request),
        **(_value(found.kpi) if "value" in request.GET else {"value": ""}),
        "last": found.period.after - ONE,
        "ways": [dimension_name(name) for name in found.ways.all],
        "components": [
            {"name": term(name), "basis": basis, "words": plainly(texts[current()])}
            for name, basis, texts in found.components
        ],
        "example": _example(found),
        "formula": formula_said(found.kpi, catalogue(workspace())),
        "reference": reference_said(found.kpi),
    }
    return render(request, "catalogue/kpi.html", context)


def may_define(request: HttpRequest) -> bool:
    """Return whether the reader may add KPIs of the company's own."""
    return may(viewer(request), Act.DEFINE_KPI, subject=Subject(COMPANY))


def _value(kpi: Kpi) -> dict[str, object]:
    row, refused = value_of(workspace(), kpi, on=today())
    if row is None:
        return {"value": "–", "why": refused.told(gettext) if refused else ""}
    return {
        "value": said(row.value, kpi.unit.value, row.currency),
        "why": why_not(row.reason),
    }


def _example(found: KpiPage) -> dict[str, object] | None:
    """Return the worked example of the KPI, its figures given as texts."""
    given = found.kpi.example.get("given")
    value = found.kpi.example.get("value")
    if not isinstance(given, dict) or value is None:
        return None
    unit = found.kpi.unit.value
    return {
        "given": [(term(name), str(one)) for name, one in given.items()],
        "value": said(Decimal(str(value)), unit, workspace().settings.currency),
    }
