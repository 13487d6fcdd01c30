"""The journal and its download."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.pasted import day_of
from jalon.domain.people.permission import Act
from jalon.queries.journal import JournalLine, Wanted, exported
from jalon.queries.journal import journal as lines_of
from jalon.queries.owners import owner_names
from jalon.web.access import for_company, viewer
from jalon.web.components import spreadsheet
from jalon.web.journal.words import author, flat, noun_word, verb_word
from jalon.web.today import today, workspace

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@for_company(Act.SEE_JOURNAL)
def journal(request: HttpRequest) -> HttpResponse:
    """List the changes, filtered by person, object and day."""
    wanted = _wanted(request)
    found = lines_of(workspace(), wanted, viewer=viewer(request))
    asked = request.GET.copy()
    asked.pop("before", None)
    names = owner_names(workspace(), on=today())
    context = {"found": found, "wanted": wanted, "names": names}
    context["asked"] = asked.urlencode()
    return render(request, "journal/page.html", context)


@require_safe
@for_company(Act.SEE_JOURNAL)
def journal_csv(request: HttpRequest) -> HttpResponse:
    """Send the same lines as a spreadsheet."""
    found = exported(workspace(), _wanted(request), viewer=viewer(request))
    response = HttpResponse(written(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


@require_safe
@for_company(Act.SEE_JOURNAL)
def journal_xlsx(request: HttpRequest) -> HttpResponse:
    """Send the same lines as a workbook: every cell a text, none a formula."""
    found = exported(workspace(), _wanted(request), viewer=viewer(request))
    content = spreadsheet.written([(_("Journal"), _table(found))], kind="xlsx")
    response = HttpResponse(content, content_type=spreadsheet.KINDS["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="journal.xlsx"'
    return response


def written(lines: tuple[JournalLine, ...]) -> bytes:
    """Return lines as CSV that a spreadsheet opens; no cell is a formula."""
    out = io.StringIO()
    heads, *rows = _table(lines)
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heads)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _table(lines: tuple[JournalLine, ...]) -> list[tuple[str, ...]]:
    heads = (_("When"), _("Who"), _("What was done"), _("On what"), _("Which one"))
    rows: list[tuple[str, ...]] = [(*heads, _("Before"), _("After"), _("More"))]
    for one in lines:
        when = timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M:%S")
        told = (author(one), verb_word(one), noun_word(one.noun), one.key)
        more = "; ".join(f"{name}: {flat(value)}" for name, value in one.told)
        rows.append((when, *told, flat(one.before), flat(one.after), more))
    return rows


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text


def _wanted(request: HttpRequest) -> Wanted:
    told = request.GET
    before = told.get("before", "")
    return Wanted(
        by=told.get("by", ""),
        noun=told.get("noun", ""),
        key=told.get("key", "").strip(),
        since=day_of(told.get("since", "")),
        until=day_of(told.get("until", "")),
        before=int(before) if before.isascii() and before.isdigit() else None,
    )
