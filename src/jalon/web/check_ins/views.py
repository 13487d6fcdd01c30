"""Take one's point, by the page or a mail's link; read the team's and answer."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.feedback.checkins import (
    HIGHEST,
    LOWEST,
    Kind,
    Rhythm,
    due_on,
    period_of,
)
from jalon.domain.people.permission import Act
from jalon.queries import check_ins
from jalon.queries.board import lines
from jalon.queries.field_words import field_words
from jalon.queries.mine import carried
from jalon.queries.pages import running
from jalon.usecases import check_in as use_case
from jalon.usecases.acting import Actor
from jalon.usecases.points_by_mail import holder_of
from jalon.usecases.undoable import CHECK_IN, offered
from jalon.web.access import actor, for_some, public, viewer
from jalon.web.check_ins.forms import PointForm
from jalon.web.language import current
from jalon.web.today import today, workspace
from jalon.web.undo.views import told_undoable

WRONG = 422
SCALE = tuple(range(LOWEST, HIGHEST + 1))


@require_http_methods(["GET", "HEAD", "POST"])
@for_some(Act.CHECK_IN)
def check_in(request: HttpRequest) -> HttpResponse:
    """Show the reader's own point of the week; a form posted hands it in."""
    return _taken(request, actor(request), template="check_ins/page.html")


@require_POST
@for_some(Act.CHECK_IN)
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed so far; the page asks by itself."""
    form = PointForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=WRONG)
    try:
        use_case.keep_draft(
            form.answers,
            lang=current(),
            on=today(),
            actor=actor(request),
            at=timezone.now(),
            rhythm=_rhythm(actor(request)),
        )
    except use_case.CheckInRefusedError:
        return HttpResponse(status=WRONG)
    return render(request, "check_ins/kept.html")


@require_http_methods(["GET", "HEAD", "POST"])
@public
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Take a point from the link of a mail, without logging in: that point alone."""
    person = holder_of(workspace(), token, on=today())
    if person is None:
        return render(request, "check_ins/expired.html", status=410)
    return _taken(request, person, template="check_ins/by_mail.html")


@require_safe
@for_some(Act.DECIDE)
def team_points(request: HttpRequest) -> HttpResponse:
    """Show the points of the people led, those missing, what the field says."""
    who, on = viewer(request), today()
    context = {
        "team": check_ins.team(workspace(), who, on=on),
        "heard": field_words(workspace(), who, on=on),
        "scale": SCALE,
        "rhythms": tuple(Rhythm),
        "usual": Rhythm(workspace().settings.points),
    }
    return render(request, "check_ins/team.html", context)


@require_POST
@for_some(Act.DECIDE)
def rhythm(request: HttpRequest, person_id: str) -> HttpResponse:
    """Say how often somebody takes their point."""
    asked = request.POST.get("rhythm", "")
    use_case.choose_rhythm(
        person_id,
        Rhythm(asked) if asked in list(Rhythm) else None,
        actor=actor(request),
        at=timezone.now(),
    )
    messages.success(request, _("The rhythm is kept, from this point on."))
    return redirect("check_ins")


@require_POST
@for_some(Act.DECIDE)
def read(request: HttpRequest, check_in_id: int) -> HttpResponse:
    """Say that a point was read, with an answer or none."""
    try:
        use_case.acknowledge(
            check_in_id,
            answer=request.POST.get("answer", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except use_case.CheckInRefusedError as refusal:
        messages.error(request, refusal.told(_))
    return redirect("check_ins")


def _taken(request: HttpRequest, who: Actor, *, template: str) -> HttpResponse:
    if not who.viewer.person_id:
        raise PermissionDenied
    error, on = "", today()
    if request.method == "POST":
        at = timezone.now()
        error = _handed_in(request, who, at)
        if not error:
            _thank(request, who, at)
            return redirect(request.path)
    rhythm = _rhythm(who)
    mine = check_ins.mine(who.viewer, on=on, rhythm=rhythm)
    first = period_of(on, rhythm)
    context = {
        "point": mine,
        "typed": _typed(request, mine),
        "error": error,
        "first": first,
        "rhythm": rhythm,
        "due": due_on(first, rhythm),
        "scale": SCALE,
        "kinds": tuple(Kind),
        "carried": _carried(who),
        "former": () if "mail" in template else check_ins.former(who.viewer),
        "action": request.path,
        "drafts": "mail" not in template,
    }
    return render(request, template, context, status=WRONG if error else 200)


def _thank(request: HttpRequest, who: Actor, at: datetime.datetime) -> None:
    """Thank for a point; whoever is logged in may take it back."""
    logged_in = request.user.is_authenticated
    number = offered(CHECK_IN, actor=who, at=at) if logged_in else 0
    told_undoable(request, _("Handed in. Thank you."), number)


def _handed_in(request: HttpRequest, who: Actor, at: datetime.datetime) -> str:
    form = PointForm(request.POST)
    if not form.is_valid():
        return " ".join(str(text) for texts in form.errors.values() for text in texts)
    try:
        use_case.hand_in(
            form.answers,
            lang=current(),
            on=today(),
            actor=who,
            at=at,
            rhythm=_rhythm(who),
        )
    except use_case.CheckInRefusedError as refusal:
        return refusal.told(_)
    return ""


def _rhythm(who: Actor) -> Rhythm:
    return check_ins.rhythms(workspace()).of(who.viewer.person_id)


def _carried(who: Actor) -> list[tuple[str, str]]:
    """Return what the point may be attached to: the objectives one carries."""
    on = today()
    mine = carried(running(lines(workspace(), on=on), on=on), viewer=who.viewer)
    return [(f"objective:{one.id}", one.statement) for one in mine]


def _typed(request: HttpRequest, mine: check_ins.Point | None) -> dict[str, str]:
    names = ("confidence", "blocks", "field", "kind", "about", "private")
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in names}
    if mine is None:
        return dict.fromkeys(names, "") | {"about": request.GET.get("about", "")}
    return {name: getattr(mine, name) or "" for name in names} | {
        "confidence": str(mine.confidence or "")
    }
