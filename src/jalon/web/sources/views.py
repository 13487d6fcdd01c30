"""Connect a source, and its page: what it sees, its stages, its pace, its runs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import sources as told
from jalon.queries.sources import KindView, SourceView
from jalon.usecases import runs, sources, write_back
from jalon.usecases.import_file import ImportRefusedError
from jalon.web.access import actor, for_company, public
from jalon.web.sources import form
from jalon.web.sources.start import start
from jalon.web.sources.words import PACES
from jalon.web.today import today, workspace


@for_company(Act.CONNECT)
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Choose what to connect."""
    return render(request, "sources/kinds.html", {"kinds": told.offered()})


@for_company(Act.CONNECT)
def new(request: HttpRequest, source_kind: str) -> HttpResponse:
    """Give a source its name and settings; it is kept once its check is good."""
    kind = told.offered_kind(source_kind)
    if kind is None:
        raise Http404
    if request.method == "POST":
        return _connected(request, kind, form.given(kind, request.POST), None)
    context = {"kind": kind, "name": _free_name(kind), "values": {}, "source": None}
    return render(request, "sources/settings.html", context)


@for_company(Act.CONNECT)
def settings(request: HttpRequest, source_name: str) -> HttpResponse:
    """Change a source's settings; a secret left empty stays."""
    source = _found(source_name)
    kind = told.offered_kind(source.kind)
    if kind is None:
        raise Http404
    if request.method == "POST":
        given = form.given(kind, request.POST, name=source.name)
        return _connected(request, kind, given, source)
    context = {
        "kind": kind,
        "name": source.name,
        "values": source.settings,
        "source": source,
    }
    return render(request, "sources/settings.html", context)


@for_company(Act.CONNECT)
def one(request: HttpRequest, source_name: str) -> HttpResponse:
    """Show a source; do what one of its forms asks."""
    source = _found(source_name)
    if request.method == "POST":
        return _done(request, source)
    return render(request, "sources/page.html", _context(source))


@for_company(Act.CONNECT)
@require_safe
def state(request: HttpRequest, source_name: str) -> HttpResponse:
    """Say whether the run goes on; at its end, have the page opened anew."""
    source = _found(source_name)
    if not source.at_work:
        done = HttpResponse()
        done["HX-Redirect"] = reverse("source", args=[source.name])
        return done
    return render(request, "sources/state.html", _context(source))


@for_company(Act.CONNECT)
def targets(request: HttpRequest, source_name: str) -> HttpResponse:
    """Show which targets would be written into the CRM; write them when asked."""
    source = _found(source_name)
    if not source.holds_targets:
        raise Http404
    context: dict[str, object] = {"source": source}
    try:
        if request.method == "POST":
            _written(request, source)
            return redirect("source_targets", source.name)
        context["plan"] = write_back.plan(
            workspace(), source.name, actor=actor(request), on=today()
        )
    except Refusal as refusal:
        context["fault"] = refusal.told(_)
    return render(request, "sources/targets.html", context)


def _written(request: HttpRequest, source: SourceView) -> None:
    doer, at = actor(request), timezone.now()
    if request.POST.get("do") != "send":
        allowed = request.POST.get("do") == "allow"
        write_back.allow(source.name, allowed=allowed, actor=doer, at=at)
        return
    mark = request.POST.get("mark", "")
    done = write_back.send(
        workspace(), source.name, mark=mark, actor=doer, on=today(), at=at
    )
    told = ngettext(
        "{count} target written.", "{count} targets written.", len(done.written)
    )
    messages.success(request, told.format(count=len(done.written)))
    if done.fault is not None:
        left = _("{count} left: {why} Run it again to go on.")
        words = left.format(count=done.left, why=done.fault.told(_))
        messages.error(request, words)


@public
@csrf_exempt
@require_POST
def knock(_request: HttpRequest, source_name: str, word: str) -> HttpResponse:
    """Ask for a refresh from outside; the address is the secret, the body is not read.

    Raises:
        Http404: If there is no such address.
    """
    try:
        runs.knock(source_name, word, at=timezone.now())
    except sources.UnknownSourceError as error:
        raise Http404 from error
    start(workspace())
    return HttpResponse(status=202)


def _done(request: HttpRequest, source: SourceView) -> HttpResponse:
    deeds: dict[str, Callable[[HttpRequest, SourceView], str]] = {
        "refresh": _refresh,
        "sweep": _refresh,
        "check": _check,
        "choose": _choose,
        "schedule": _schedule,
        "hook": _hook,
        "remove": _remove,
    }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        return redirect("source", source.name)
    try:
        return redirect(deed(request, source))
    except ImportRefusedError as error:
        words = _("import.refused." + error.code).format(**error.parameters)
        messages.error(request, words)
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    return redirect("source", source.name)


def _refresh(request: HttpRequest, source: SourceView) -> str:
    sweep = request.POST.get("do") == "sweep"
    at = timezone.now()
    runs.ask(source.name, actor=actor(request), at=at, sweep=sweep)
    start(workspace())
    return reverse("source", args=[source.name])


def _check(request: HttpRequest, source: SourceView) -> str:
    sources.check(workspace(), source.name, actor=actor(request), at=timezone.now())
    return reverse("source", args=[source.name])


def _choose(request: HttpRequest, source: SourceView) -> str:
    sources.choose(
        source.name,
        stages=form.stages(source, request.POST),
        fields=form.fields(source, request.POST),
        actor=actor(request),
        at=timezone.now(),
    )
    messages.success(request, _("Kept: the next refresh reads everything again."))
    return reverse("source", args=[source.name])


def _schedule(request: HttpRequest, source: SourceView) -> str:
    every = form.pace(request.POST)
    sources.schedule(source.name, every, actor=actor(request), at=timezone.now())
    return reverse("source", args=[source.name])


def _hook(request: HttpRequest, source: SourceView) -> str:
    sources.open_hook(source.name, actor=actor(request), at=timezone.now())
    return reverse("source", args=[source.name])


def _remove(request: HttpRequest, source: SourceView) -> str:
    at = timezone.now()
    sources.disconnect(workspace(), source.name, actor=actor(request), at=at)
    return reverse("data")


def _connected(
    request: HttpRequest,
    kind: KindView,
    given: sources.Given,
    source: SourceView | None,
) -> HttpResponse:
    context = {
        "kind": kind,
        "name": given.name,
        "values": given.settings,
        "source": source,
    }
    try:
        checked = sources.connect(
            workspace(), given, actor=actor(request), at=timezone.now()
        )
    except ImportRefusedError as error:
        context["fault"] = _("import.refused." + error.code).format(**error.parameters)
    except Refusal as refusal:
        context["fault"] = refusal.told(_)
    else:
        if checked.usable:
            return redirect("source", given.name)
        context["findings"] = told.findings_of(checked)
    return render(request, "sources/settings.html", context)


def _free_name(kind: KindView) -> str:
    taken = {one.name for one in told.sources()}
    ranked = (f"{kind.kind}-{rank}" for rank in range(2, len(taken) + 3))
    return next(one for one in (kind.kind, *ranked) if one not in taken)


def _found(name: str) -> SourceView:
    found = told.source(name)
    if found is None:
        raise Http404
    return found


def _context(source: SourceView) -> dict[str, object]:
    at = timezone.now()
    paces = sorted({*PACES, source.every})
    return {
        "source": source,
        "kind": told.offered_kind(source.kind),
        "at": at,
        "stale": told.is_stale(source, at=at),
        "paces": paces,
        "roles": told.STAGE_ROLES,
        "targets": told.targets(),
        "chosen": {name: target for target, name in source.chosen_fields.items()},
    }
