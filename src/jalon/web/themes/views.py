"""The page of themes, tags of points, the lexicon of objections."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.people.permission import Act, may_somewhere
from jalon.domain.refusals import Refusal
from jalon.queries.field_words import Written, lexicon
from jalon.queries.pages import Line
from jalon.queries.themes_page import beside, browsed
from jalon.reports.review.words import objection
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.lexicon import tag_point, write_lexicon
from jalon.web.access import actor, for_objective, for_some, viewer
from jalon.web.today import today, workspace

WRONG = 422
SPARE = 2  # empty lines to add a class in


@require_safe
@for_some(Act.DECIDE)
def themes(request: HttpRequest) -> HttpResponse:
    """Show what the field of the people led says."""
    who = viewer(request)
    found = browsed(workspace(), who, on=today())
    context = {
        "found": found,
        "heard": found.heard,
        "named": [(name, objection(name)) for name in found.classes],
        "by_class": [
            (objection(name), said, people)
            for name, said, people in found.heard.classes
        ],
        "by_tag": [(objection(name), said) for name, said in found.counted],
        "points": [(one, objection(one.likely)) for one in found.points],
        "percent_right": None if found.right is None else round(found.right * 100),
        "left": max(found.needed - found.tagged, 0),
        "may_edit": may_somewhere(who, Act.WRITE_LEXICON),
    }
    return render(request, "themes/page.html", context)


@require_POST
@for_some(Act.DECIDE)
def tag(request: HttpRequest, check_in_id: int) -> HttpResponse:
    """Say of which class a point is."""
    try:
        tag_point(
            workspace(),
            check_in_id,
            request.POST.get("tag", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except ForbiddenError:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    return redirect("themes")


@for_some(Act.WRITE_LEXICON)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_lexicon(request: HttpRequest) -> HttpResponse:
    """Show the classes of objections; posted, write them."""
    error = ""
    if request.method == "POST":
        try:
            write_lexicon(
                workspace(), _typed(request), actor=actor(request), at=timezone.now()
            )
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
        else:
            messages.success(
                request, _("The classes are kept; themes are counted anew.")
            )
            return redirect("themes")
    written = _typed(request, whole=True) if error else lexicon(workspace())
    rows = [
        (
            name,
            objection(name),
            *(", ".join(terms.get(lang, ())) for lang in ("fr", "en")),
        )
        for name, terms in written.items()
    ]
    rows += [("", "", "", "")] * SPARE
    context = {"rows": rows, "error": error}
    status = WRONG if error else 200
    return render(request, "themes/lexicon.html", context, status=status)


@require_safe
@for_objective(Act.SEE_NOTES)
def field(request: HttpRequest, line: Line) -> HttpResponse:
    """Show what the field says beside an objective's figures."""
    found = beside(workspace(), viewer(request), line.id, line.owner, on=today())
    heard = found.heard
    context = {
        "line": line,
        "points": found.points,
        "heard": heard,
        "by_class": [
            (objection(name), said, people)
            for name, said, people in (heard.classes if heard else ())
        ],
    }
    return render(request, "themes/beside.html", context)


def _typed(request: HttpRequest, *, whole: bool = False) -> Written:
    """Return the classes typed; a line without a name is no class."""
    names = request.POST.getlist("name")
    french, english = request.POST.getlist("fr"), request.POST.getlist("en")
    return {
        name.strip(): {"fr": _terms(fr), "en": _terms(en)}
        for name, fr, en in zip(names, french, english, strict=False)
        if name.strip() or (whole and (fr or en))
    }


def _terms(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())
