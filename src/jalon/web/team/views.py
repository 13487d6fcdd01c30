"""The board of a team; an htmx request gets the same board without the page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.queries.board import lines
from jalon.queries.team_board import COLUMNS, Asked, Board, team_board, teams_of
from jalon.queries.weeks import PACE, WEEK
from jalon.web.access import signed_in, viewer, visible
from jalon.web.components import spreadsheet
from jalon.web.team.sheet import table
from jalon.web.today import today, workspace
from jalon.web.unchanged import unless_unchanged

DESCENDING = "desc"


@require_safe
@vary_on_headers("HX-Request")
@signed_in
@unless_unchanged
def team(request: HttpRequest) -> HttpResponse:
    """Show people, their sum and their weeks."""
    found = board_of(request)
    context = {
        "on": today(),
        "board": found,
        "teams": [(one.value, one.name) for one in found.teams],
        "sorts": [(name, sort_query(found, name)) for name in COLUMNS],
        "query": urlencode(asked_query(found)),
        "here": request.get_full_path(),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"team/{'part' if part else 'page'}.html", context)


@require_safe
@signed_in
def export_board(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the rows of the board, the same the reader sees, as CSV or XLSX."""
    if kind not in spreadsheet.KINDS:
        raise Http404
    found = board_of(request)
    body = spreadsheet.written([("board", table(found))], kind=kind)
    response = HttpResponse(body, content_type=spreadsheet.KINDS[kind])
    name = f"{found.asked.team or 'team'}-{found.asked.kpi.partition('|')[0]}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def board_of(request: HttpRequest) -> Board:
    """Return the board the address asks for, as the reader may see it."""
    on, who = today(), viewer(request)
    seen = visible(request, lines(workspace(), on=on))
    mine = teams_of(workspace(), who.person_id, who.teams, on=on)
    return team_board(workspace(), seen, asked(request), mine=mine, on=on)


def asked(request: HttpRequest) -> Asked:
    """Return what the address asks for; what is no column is left out."""
    given = request.GET
    sort = given.get("sort", "")
    return Asked(
        team=given.get("team", ""),
        kpi=given.get("kpi", ""),
        period=given.get("period", ""),
        sort=sort if sort in COLUMNS else COLUMNS[0],
        descending=given.get("dir") == DESCENDING,
        way=WEEK if given.get("weeks") == WEEK else PACE,
        page=int(page) if (page := given.get("page", "")).isdecimal() else 1,
    )


def asked_query(board: Board) -> dict[str, str]:
    """Return the address of a board, whole, so that it can be shared."""
    one = board.asked
    found = {
        "team": one.team,
        "kpi": one.kpi,
        "period": one.period,
        "sort": one.sort,
        "dir": DESCENDING if one.descending else "",
        "weeks": "" if one.way == PACE else one.way,
    }
    return {name: value for name, value in found.items() if value}


def sort_query(board: Board, column: str) -> str:
    """Return the query that sorts by a column; asked again, the other way round."""
    one = board.asked
    first = column != COLUMNS[0]  # figures: the biggest first
    turned = not one.descending if one.sort == column else first
    return urlencode(
        asked_query(board) | {"sort": column, "dir": DESCENDING if turned else "asc"}
    )
