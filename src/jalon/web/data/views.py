"""The Data page and the quarantine, with its download."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import (
    COMPANY,
    Act,
    Subject,
    may,
    may_somewhere,
    within,
)
from jalon.queries import uploads
from jalon.queries.crm_use import crm_use
from jalon.queries.data_page import EXPORTED, Quarantine, Wanted, data_page, quarantine
from jalon.queries.sources import is_stale, sources
from jalon.web.access import for_company, for_some, viewer
from jalon.web.today import today, workspace
from jalon.web.upload.words import column_word, reason_word, table_word

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@for_company(Act.SEE_DATA)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show where the facts come from, how fresh and how complete they are."""
    able = may(viewer(request), Act.IMPORT_DATA, subject=Subject(COMPANY))
    at = timezone.now()
    connected = [(one, is_stale(one, at=at)) for one in sources()]
    context = {
        "page": data_page(workspace(), on=today()),
        "on": today(),
        "may_import": able,
        "waiting": uploads.waiting(workspace()) if able else (),
        "connected": connected,
        "use": crm_use(workspace(), on=today(), of=()),
        "may_coach": may_somewhere(viewer(request), Act.COACH),
        "late": [one.name for one, late in connected if late],
        "may_connect": may(viewer(request), Act.CONNECT, subject=Subject(COMPANY)),
        "now": at,
    }
    return render(request, "data/page.html", context)


@require_safe
@for_some(Act.COACH)
def adoption(request: HttpRequest) -> HttpResponse:
    """Show who keeps the CRM up to date: to the person and to who leads them."""
    owners = within(viewer(request), Act.COACH)
    people = None
    if owners is not None:
        people = {one.removeprefix("person:") for one in owners if "person:" in one}
    use = crm_use(workspace(), on=today(), of=people)
    return render(request, "data/adoption.html", {"use": use})


@for_company(Act.SEE_DATA)
@require_safe
def rejects(request: HttpRequest) -> HttpResponse:
    """List the rejected rows, filtered."""
    wanted = _wanted(request)
    context = {"found": quarantine(workspace(), wanted), "wanted": wanted}
    return render(request, "data/quarantine.html", context)


@for_company(Act.SEE_DATA)
@require_safe
def rejects_csv(request: HttpRequest) -> HttpResponse:
    """Send the same rows, all of them, as a spreadsheet."""
    found = quarantine(workspace(), _wanted(request), limit=EXPORTED)
    response = HttpResponse(written(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="quarantine.csv"'
    return response


def written(found: Quarantine) -> bytes:
    """Return rejected rows as CSV that a spreadsheet opens; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    heads = (_("File"), _("Line"), _("Table"), _("Column"), _("Value"), _("Reason"))
    writer.writerow([*heads, _("Row")])
    for one in found.rows:
        column = column_word(one.column) if one.column else ""
        told = (one.file, one.line, table_word(one.table), column, one.value)
        row = (*told, reason_word(one.reason), one.row)
        writer.writerow([harmless(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return a text that a spreadsheet does not run: an apostrophe before a sign.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if text.startswith(FORMULAS) else text


def _wanted(request: HttpRequest) -> Wanted:
    told = request.GET
    return Wanted(told.get("import", ""), told.get("file", ""), told.get("reason", ""))
