"""The list of reviews; one review, whole or as a meeting; what is written in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import HIGHEST, LOWEST, PARTS, Kind
from jalon.queries import reviews as queries
from jalon.queries.owners import owner_names
from jalon.queries.reviews import ReviewPage
from jalon.reports.review.laid import laid
from jalon.reports.review.words import Telling, titles
from jalon.usecases import review as use_case
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.learn import learn
from jalon.usecases.print_review import kpi_labels, print_review
from jalon.web.access import actor, signed_in, viewer
from jalon.web.language import current
from jalon.web.marks import carried
from jalon.web.reviews import forms
from jalon.web.today import today, workspace

MINUTES = (10, 15, 5, 10, 10, 10)
WRONG = 422


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """Show the reviews one may open; posted, prepare one."""
    who, error = viewer(request), ""
    if request.method == "POST":
        try:
            return redirect("review", _prepared(request))
        except ForbiddenError:
            raise
        except Refusal as refusal:
            error = refusal.told(_)
    context = {
        "reviews": queries.reviews(workspace(), who, on=today()),
        "owners": queries.owners(workspace(), who, on=today()),
        "kinds": tuple(Kind),
        "error": error,
    }
    status = WRONG if error else 200
    return render(request, "reviews/list.html", context, status=status)


@signed_in
@require_safe
def page(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a review, whole or one part of the meeting."""
    found = _found(request, review_id)
    return _shown(request, found)


@signed_in
@require_POST
def write(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write in a review what its form says."""
    found = _found(request, review_id)
    deeds = {
        "prepare": _again,
        "note": _noted,
        "word": _worded,
        "decide": _decided,
        "drop": _dropped,
        "answer": _answered,
        "learn": _learnt,
        "freeze": _frozen,
    }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        raise PermissionDenied
    try:
        deed(request, found)
    except ForbiddenError:
        raise
    except Refusal as refusal:
        return _shown(request, found, refused=refusal)
    step = request.POST.get("step", "")
    to = reverse("review", args=[review_id])
    return redirect(f"{to}?step={step}" if step else f"{to}#{_anchor(request)}")


@signed_in
@require_safe
def export(request: HttpRequest, review_id: int, kind: str) -> HttpResponse:
    """Send the review as a file: what its reader may read and no more."""
    found = _found(request, review_id)
    try:
        printed = print_review(
            workspace(),
            found.id,
            kind,
            lang=current(),
            actor=actor(request),
            on=today(),
            at=timezone.now(),
        )
    except Refusal as refusal:
        raise Http404 from refusal
    answer = HttpResponse(printed.content, content_type=printed.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{printed.name}"'
    return answer


def _found(request: HttpRequest, review_id: int) -> ReviewPage:
    found = queries.review(workspace(), viewer(request), review_id, on=today())
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest, found: ReviewPage, *, refused: Refusal | None = None
) -> HttpResponse:
    error = refused.told(_) if refused else ""
    faulty = {request.POST.get("do", ""): refused}
    document = found.document
    labels = kpi_labels(workspace(), current())
    told = Telling(document, current())
    asked = request.GET.get("step", "") or request.POST.get("step", "")
    step = int(asked) if asked in {str(n + 1) for n in range(len(PARTS))} else 0
    own = use_case.word_shown(found.own)
    note = document.notes.get(PARTS[step - 1], "") if step else ""
    context: dict[str, Any] = {
        "page": found,
        "document": document,
        "labels": labels,
        **laid(told, labels),
        "step": step,
        "part": PARTS[step - 1] if step else "",
        "part_title": titles()[PARTS[step - 1]] if step else "",
        "part_minutes": MINUTES[step - 1] if step else 0,
        "steps": len(PARTS),
        "minutes": sum(MINUTES),
        "note": forms.again(request.POST.dict(), error, "note").get("text", note),
        "told_notes": told.notes,
        "open": found.may_lead and not found.frozen,
        "scale": range(LOWEST, HIGHEST + 1),
        "error": error,
        "given": forms.typed(request.POST.dict() if error else {}),
        "mine": forms.mine(found.own) | forms.again(request.POST.dict(), error, "word"),
        "note_seen": carried(request, note, faulty.get("note")),
        "word_seen": carried(request, own, faulty.get("word")),
        "printed": False,
        **_choices(found, labels),
    }
    status = WRONG if error else 200
    return render(request, "reviews/page.html", context, status=status)


def _choices(found: ReviewPage, labels: dict[str, str]) -> dict[str, object]:
    """Return what a form of an open review may choose: who carries, on which KPI."""
    if found.frozen or not found.may_lead:
        return {}
    document = found.document
    ours = {one.owner: one.owner_name for one in document.results}
    named = {document.owner: document.owner_name, **ours}
    everybody = owner_names(workspace(), on=today())
    more = {key: name for key, name in everybody.items() if key.startswith("team:")}
    kpis = {one.kpi: labels.get(one.kpi, one.kpi) for one in document.results}
    return {"carriers": list({**named, **more}.items()), "kpis": list(kpis.items())}


def _anchor(request: HttpRequest) -> str:
    return {
        "note": "notes",
        "word": "words",
        "decide": "decisions",
        "drop": "decisions",
        "answer": "commitments",
        "learn": "learnings",
    }.get(request.POST.get("do", ""), "content")


def _prepared(request: HttpRequest) -> int:
    given = request.POST
    return use_case.prepare(
        workspace(),
        given.get("owner", ""),
        forms.kind(given.get("kind", "")),
        actor=actor(request),
        on=today(),
        at=timezone.now(),
        first=forms.day(given.get("first", "")),
    )


def _again(request: HttpRequest, found: ReviewPage) -> None:
    document = found.document
    use_case.prepare(
        workspace(),
        document.owner,
        Kind(document.kind),
        actor=actor(request),
        on=today(),
        at=timezone.now(),
        first=document.first,
    )
    messages.success(request, _("Prepared again from today's figures."))


def _noted(request: HttpRequest, found: ReviewPage) -> None:
    use_case.keep_note(
        found.id,
        request.POST.get("part", ""),
        request.POST.get("text", ""),
        actor=actor(request),
        at=timezone.now(),
        seen=request.POST.get("seen"),
    )


def _worded(request: HttpRequest, found: ReviewPage) -> None:
    side = next(iter(found.sides), None)
    if side is None:
        raise PermissionDenied
    use_case.give_word(
        found.id,
        forms.word(request.POST.dict(), side),
        lang=current(),
        actor=actor(request),
        at=timezone.now(),
        seen=request.POST.get("seen"),
    )
    messages.success(request, _("Your word is kept."))


def _decided(request: HttpRequest, found: ReviewPage) -> None:
    use_case.decide(
        workspace(),
        found.id,
        forms.decision(request.POST.dict()),
        lang=current(),
        actor=actor(request),
        on=today(),
        at=timezone.now(),
    )


def _dropped(request: HttpRequest, found: ReviewPage) -> None:
    del found
    use_case.drop_decision(
        forms.number(request.POST.get("decision", "")),
        actor=actor(request),
        at=timezone.now(),
    )


def _answered(request: HttpRequest, found: ReviewPage) -> None:
    del found
    use_case.answer_for(
        forms.number(request.POST.get("decision", "")),
        kept=request.POST.get("kept") == "yes",
        answer=request.POST.get("answer", ""),
        actor=actor(request),
        at=timezone.now(),
    )


def _learnt(request: HttpRequest, found: ReviewPage) -> None:
    learn(
        workspace(),
        forms.lesson(
            {"owner": found.document.owner, **request.POST.dict()}, on=today()
        ),
        lang=current(),
        actor=actor(request),
        on=today(),
        at=timezone.now(),
        review=found.id,
    )
    messages.success(request, _("The learning is kept, with its figures."))


def _frozen(request: HttpRequest, found: ReviewPage) -> None:
    use_case.freeze(
        workspace(), found.id, actor=actor(request), on=today(), at=timezone.now()
    )
    messages.success(request, _("The review is frozen: it stays as it was discussed."))
