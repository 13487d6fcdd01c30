"""The weekly reading: one page a team; as a meeting, one part after the other."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.roles import Role
from jalon.domain.reviews.weekly import AGENDA
from jalon.notifications import weekly_words
from jalon.notifications.weekly_words import Speech
from jalon.queries import weekly as queries
from jalon.queries.snapshots import NoDataError
from jalon.queries.team_board import teams_of
from jalon.queries.weekly import Weekly
from jalon.web.access import signed_in, viewer
from jalon.web.language import current
from jalon.web.today import today, workspace


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the reading, and the objective it leads to."""

    text: str
    objective: str
    status: str = ""


@require_safe
@signed_in
def weekly(request: HttpRequest) -> HttpResponse:
    """Show a team's week; published results only, the same for every reader."""
    on = today()
    try:
        known = queries.teams(workspace(), on=on)
    except NoDataError:
        return render(request, "weekly/page.html", {"on": on, "week": None})
    week = queries.weekly(workspace(), _team(request, known), on=on)
    parts = _parts(week)
    step = _step(request.GET.get("step", ""))
    context = {
        "on": on,
        "week": week,
        "teams": known,
        "parts": parts,
        "step": step,
        "steps": len(parts),
        "minutes": sum(minutes for minutes, _name in AGENDA),
        "part": parts[step - 1] if step else None,
    }
    return render(request, "weekly/page.html", context)


def _team(request: HttpRequest, known: tuple[tuple[str, str], ...]) -> str:
    asked, keys = request.GET.get("team", ""), [key for key, _name in known]
    if asked in keys:
        return asked
    who = viewer(request)
    if who.role is Role.DIRECTOR:
        return keys[0]
    mine = teams_of(workspace(), who.person_id, who.teams, on=today())
    return next((f"team:{one}" for one in mine if f"team:{one}" in keys), keys[0])


def _step(asked: str) -> int:
    return int(asked) if asked in {str(n + 1) for n in range(len(AGENDA))} else 0


def _parts(week: Weekly) -> list[dict[str, object]]:
    """Return the parts of the reading in the order of the meeting."""
    speech = Speech(current(), workspace().settings.currency)
    titles = {
        "results": _("Where we stand"),
        "moved": _("What moved"),
        "drifted": _("What drifted"),
        "due": _("What is due"),
        "decisions": _("Three decisions to take"),
    }
    sentences = {
        "results": [],
        "moved": [
            Sentence(weekly_words.moved(one, speech), one.line.id) for one in week.moved
        ],
        "drifted": [
            Sentence(weekly_words.drifted(one, speech), one.line.id, one.line.status)
            for one in week.drifted
        ],
        "due": [
            Sentence(weekly_words.due(one, speech), one.objective) for one in week.due
        ],
        "decisions": [
            Sentence(
                weekly_words.decision(one, speech),
                one.line.id
                if one.line
                else (one.action.objective if one.action else ""),
            )
            for one in week.decisions
        ],
    }
    return [
        {
            "key": key,
            "title": titles[key],
            "minutes": minutes,
            "sentences": sentences[key],
        }
        for minutes, key in AGENDA
    ]
