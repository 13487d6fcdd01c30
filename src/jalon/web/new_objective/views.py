"""One field; what is understood appears while typing; corrected, judged, saved."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.domain.smart.critique.evidence import Evidence
from jalon.domain.smart.critique.review import critique
from jalon.domain.smart.drafting import period_of
from jalon.domain.smart.reading import Reading, read
from jalon.queries.focus import Warned
from jalon.queries.model_adaptation import adapt
from jalon.queries.models import UnknownModelError, model_named
from jalon.queries.owners import owner_names
from jalon.queries.smart_evidence import Source, effort_words
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.write_objective import OneTooManyError
from jalon.usecases.write_sentence import write_sentence
from jalon.web.access import actor, for_some, viewer
from jalon.web.language import current
from jalon.web.new_objective import understood
from jalon.web.new_objective.correcting import corrected
from jalon.web.today import today, workspace

WRONG = 422
LONGEST = 500


@for_some(Act.PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_objective(request: HttpRequest) -> HttpResponse:
    """Show what a sentence sets while it is typed; posted, set it."""
    if request.method == "POST":
        return _saved(request)
    given = request.GET
    text = given.get("text", "")[:LONGEST] or _of_model(request)
    reading = read(text)
    changed = corrected(
        reading,
        {**given.dict(), "currency": workspace().settings.currency},
        kept=tuple(given.getlist("kept")),
    )
    if changed.text != text:
        reading = read(changed.text)
    context = _context(request, reading, given)
    context["refused"] = changed.refused
    context["corrected"] = changed.text != text
    if request.headers.get("HX-Request"):
        return render(request, "new_objective/understood.html", context)
    context |= _judged(request, reading, context["owner"])
    return render(request, "new_objective/page.html", context)


@for_some(Act.PROPOSE)
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Show the SMART card of a sentence: what the data say of it."""
    reading = read(request.GET.get("text", "")[:LONGEST])
    context = _context(request, reading, request.GET)
    context |= _judged(request, reading, context["owner"])
    return render(request, "new_objective/card.html", context)


def _of_model(request: HttpRequest) -> str:
    """Return the sentence of the model asked for, filled from the owner's data."""
    key = request.GET.get("model", "")
    if not key:
        return ""
    try:
        model = model_named(workspace(), key)
    except UnknownModelError:
        return ""
    owner = _owner(request, request.GET)
    found = adapt(workspace(), model, on=today(), owner=owner)
    return found.statement.get(current()) or model.statement[current()]


def _context(
    request: HttpRequest, reading: Reading, given: QueryDict
) -> dict[str, Any]:
    lang = current()
    found = critique(reading, on=today())
    space = workspace()
    period = period_of(
        reading,
        on=today(),
        first_month=space.settings.fiscal_first_month,
        week_start=space.settings.first_weekday,
    )
    return {
        "reading": reading,
        "text": reading.text,
        "empty": not reading.text.strip(),
        "model": given.get("model", ""),
        "pieces": understood.pieces(reading),
        "kpis": understood.kpis(reading, lang),
        "directions": understood.directions(reading),
        "kinds": understood.kinds(reading),
        "deadlines": understood.deadlines(reading, lang),
        "until": understood.until(reading),
        "rhythms": understood.rhythms(reading),
        "bearers": understood.bearers(reading),
        "chips": understood.chips(found, lang),
        "period": period,
        "owners": owners_for(request),
        "owner": _owner(request, given),
        "value": _written(reading.amount.value if reading.amount else None),
        "base": _written(reading.amount.base if reading.amount else None),
    }


def _judged(request: HttpRequest, reading: Reading, owner: str) -> dict[str, Any]:
    """Return the card: letters, faults and rewrites, with the data of the owner."""
    del request
    evidence = (
        Source(workspace(), owner=owner, on=today()).of(reading)
        if reading.kpi is not None
        else Evidence(reason="no_data")
    )
    found = critique(reading, on=today(), evidence=evidence)
    lang = current()
    return {
        "judged": True,
        "letters": understood.letters(found, lang),
        "faults": understood.faults(found, lang),
        "rewrites": [one for one in found.rewrites if one != reading.text.strip()],
        "efforts": effort_words(evidence.efforts, lang),
        "baseline": evidence.baseline_told,
        "ready": reading.smart and reading.kpi != "other",
    }


def owners_for(request: HttpRequest) -> list[tuple[str, str]]:
    """Return whom the reader may write an objective for."""
    who = viewer(request)
    named = {COMPANY: workspace().settings.company}
    named |= owner_names(workspace(), on=today())
    mine = f"person:{getattr(request.user, 'person_id', '')}"
    found = [
        (key, name)
        for key, name in named.items()
        if may(who, Act.PROPOSE, subject=Subject(key))
    ]
    sells = who.role is Role.SALESPERSON
    found.sort(key=lambda one: (_rank(one[0], mine, sells=sells), one[1].casefold()))
    return found


def _rank(owner: str, mine: str, *, sells: bool) -> int:
    """Return a place in the list: the widest first, oneself first for who sells."""
    if owner == mine:
        return 0 if sells else 3
    return {COMPANY: 1, "team": 2, "person": 4}[owner.partition(":")[0]]


def _owner(request: HttpRequest, given: QueryDict) -> str:
    known = owners_for(request)
    asked = given.get("owner", "")
    if asked in dict(known):
        return asked
    return known[0][0] if known else COMPANY


def _written(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"


def _saved(request: HttpRequest) -> HttpResponse:
    given = request.POST
    reading = read(given.get("text", "")[:LONGEST])
    owner = given.get("owner", "") or _owner(request, given)
    if owner not in dict(owners_for(request)):
        raise PermissionDenied
    error, warned = "", None
    try:
        done = write_sentence(
            workspace(),
            reading,
            owner=owner,
            actor=actor(request),
            on=today(),
            at=timezone.now(),
            overrule=given.get("overrule", ""),
            model=given.get("model", ""),
        )
    except OneTooManyError as refusal:
        error, warned = refusal.told(_), refusal.warned
    except ForbiddenError:
        raise
    except Refusal as refusal:
        error = refusal.told(_)
    else:
        mine = f"person:{getattr(request.user, 'person_id', '')}"
        if done.owner == mine:
            return redirect("my_objectives")
        return redirect("objective", done.id)
    return _refused(request, reading, error, warned)


def _refused(
    request: HttpRequest, reading: Reading, error: str, warned: Warned | None
) -> HttpResponse:
    context = _context(request, reading, request.POST)
    context |= _judged(request, reading, context["owner"])
    context |= {"error": error, "warned": warned}
    return render(request, "new_objective/page.html", context, status=WRONG)
