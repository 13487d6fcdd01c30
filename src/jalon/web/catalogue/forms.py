"""Own KPIs written on the page: previewed on the data, saved, changed, removed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jalon.domain.facts.tables import TABLES, ColumnType
from jalon.domain.kpis.algebra import Kind
from jalon.domain.kpis.question import AnswerRow
from jalon.domain.people.permission import Act
from jalon.domain.quantities import Unit
from jalon.domain.refusals import Refusal
from jalon.queries.catalogue_page import versions
from jalon.queries.kpi_words import why_not
from jalon.usecases.define_kpi import (
    Draft,
    UnableToDefineError,
    define_kpi,
    digest,
    faults_of,
    own_text,
    remove_kpi,
    tried,
)
from jalon.web.access import actor, for_company
from jalon.web.catalogue.draft import (
    MORE_TEXTS,
    PLAIN,
    TEXTS,
    Form,
    form_of,
    posted,
    toml_of,
)
from jalon.web.components.cells import worded
from jalon.web.explorer.table import said
from jalon.web.today import today, workspace

DAYS = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP})
UNITS = tuple(unit for unit in Unit if unit is not Unit.EUR)
FIRST = dict.fromkeys((*TEXTS, *MORE_TEXTS, *PLAIN), "") | {
    "kind": "sum",
    "unit": "count",
    "better": "up",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Act.DEFINE_KPI)
def new_kpi(request: HttpRequest) -> HttpResponse:
    """Write a KPI of the company's own."""
    if request.method == "POST":
        return _receive(request, request.POST.get("key", "").strip(), former="")
    return _show(request, Draft("", ""), Form(FIRST), file=False)


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Act.DEFINE_KPI)
def edit_kpi(request: HttpRequest, key: str) -> HttpResponse:
    """Change a KPI of the company's own, or start from one of its versions."""
    text = own_text(workspace(), key)
    if not text:
        raise Http404
    if request.method == "POST":
        return _receive(request, key, former=request.POST.get("former", ""))
    draft = Draft(key, _version(request, key) or text, digest(text))
    form = form_of(draft.text)
    file = form is None or request.GET.get("as") == "file"
    return _show(request, draft, form or Form(FIRST), file=file)


@for_company(Act.DEFINE_KPI)
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a KPI of the company's own that nothing uses."""
    try:
        remove_kpi(workspace(), key, actor=actor(request), at=timezone.now())
    except UnableToDefineError as error:
        context = {"key": key, "faults": _told(error.faults)}
        return render(request, "catalogue/kept.html", context, status=409)
    return HttpResponseRedirect(reverse("catalogue"))


def _receive(request: HttpRequest, key: str, *, former: str) -> HttpResponse:
    """Answer what was sent: another field, the other face, a preview, or save it."""
    file = request.POST.get("face") == "file"
    form = posted(request.POST)
    text = request.POST.get("text", "").replace("\r\n", "\n") if file else toml_of(form)
    draft = Draft(key, text, former)
    action = request.POST.get("action", "")
    if action == "more":
        return _show(request, draft, form.padded(1), file=False)
    if action == "file":
        return _show(request, draft, form, file=True)
    if action == "form":
        found = form_of(text)
        return _show(request, draft, found or form, file=found is None)
    if action != "save":
        return _show(request, draft, form, file=file, preview=True)
    try:
        define_kpi(workspace(), draft, actor=actor(request), at=timezone.now())
    except UnableToDefineError as error:
        told = _told(error.faults)
        return _show(request, draft, form, file=file, faults=told)
    return HttpResponseRedirect(reverse("kpi", args=[key]))


def _show(
    request: HttpRequest,
    draft: Draft,
    form: Form,
    *,
    file: bool,
    preview: bool = False,
    faults: tuple[str, ...] = (),
) -> HttpResponse:
    context: dict[str, object] = {
        "draft": draft,
        "former": draft.former,
        "form": form.padded(),
        "file": file,
        "faults": faults,
        "preview": None,
        "kinds": [(kind.value, _(f"kpi.kind.{kind.value}")) for kind in Kind],  # noqa: INT001
        "units": [(unit.value, _(f"kpi.unit.{unit.value}")) for unit in UNITS],  # noqa: INT001
        "sources": _sources(),
        "columns": _columns(),
        "may_be_form": file and form_of(draft.text) is not None,
    }
    if preview:
        context |= _previewed(draft)
    status = 422 if faults else 200
    return render(request, "catalogue/form.html", context, status=status)


def _previewed(draft: Draft) -> dict[str, object]:
    if found := faults_of(workspace(), draft):
        return {"faults": _told(found)}
    try:
        row = tried(workspace(), draft, on=today())
    except Refusal as error:
        told = {"value": "–", "why": error.told(_), "denominator": None}
        return {"preview": told}
    return {"preview": _preview(row, draft)}


def _preview(row: AnswerRow, draft: Draft) -> dict[str, object]:
    form = form_of(draft.text)
    unit = form.texts["unit"] if form else ""
    return {
        "value": said(row.value, unit, row.currency),
        "why": why_not(row.reason),
        "numerator": row.numerator,
        "denominator": row.denominator,
    }


def _version(request: HttpRequest, key: str) -> str:
    rank = request.GET.get("version", "")
    found = versions(key)
    return found[int(rank)].text if rank.isdigit() and int(rank) < len(found) else ""


def _told(found: tuple[Refusal, ...]) -> tuple[str, ...]:
    return tuple(one.told(_) for one in found)


def _sources() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each table with its days, by the words of people."""
    return [
        (
            worded(f"table.{table.name}", table.name),
            [
                (f"{table.name}.{column.name}", _word(column.name))
                for column in table.columns
                if column.type in DAYS
            ],
        )
        for table in TABLES.values()
        if any(column.type in DAYS for column in table.columns)
    ]


def _columns() -> list[tuple[str, str]]:
    """Return what each table carries, for whoever writes a sum or a condition."""
    return [
        (
            worded(f"table.{table.name}", table.name),
            ", ".join(column.name for column in table.columns),
        )
        for table in TABLES.values()
    ]


def _word(column: str) -> str:
    return worded(f"column.{column}", column.replace("_", " "))
