"""The summary table of the models, one model on the company's data, own models."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.models import Model
from jalon.domain.objectives.own_models import (
    BASELINES,
    CADENCES,
    NATURES,
    PERIODS,
    STAGES,
    Draft,
    ModelFileError,
    draft_of,
)
from jalon.domain.people.permission import COMPANY, Act, Subject, may, may_somewhere
from jalon.queries import kpi_values
from jalon.queries.model_adaptation import adapt, beside
from jalon.queries.models import UnknownModelError, model_named, models_of, own_models
from jalon.queries.owners import owner_names
from jalon.usecases.save_model import (
    UnableToSaveModelError,
    remove_model,
    save_model,
)
from jalon.web.access import actor, for_company, signed_in, viewer
from jalon.web.language import current
from jalon.web.models.forms import draft_from
from jalon.web.today import today, workspace

WRONG = 422
HORIZONS = ("short", "medium", "long")
EMPTY = Draft(label="", statement="", kpi="revenue", direction="up")


@require_safe
@signed_in
def models(request: HttpRequest) -> HttpResponse:
    """Show the table of the ten models on three axes, and the company's own."""
    found = models_of(workspace())
    catalogue = kpi_values.catalogue(workspace())
    context = {
        "ten": [(one, catalogue[one.kpi].label) for one in found if not one.own],
        "own": [(one, catalogue[one.kpi].label) for one in found if one.own],
        "broken": [error.told(_) for error in own_models(workspace()).broken],
        "natures": NATURES,
        "horizons": HORIZONS,
        "stages": STAGES,
        "may_save": _may_save(request),
        "may_propose": may_somewhere(viewer(request), Act.PROPOSE),
    }
    return render(request, "models/page.html", context)


@require_safe
@signed_in
def model(request: HttpRequest, key: str) -> HttpResponse:
    """Show one model, filled from the data of an owner the reader may look at."""
    found, on, space = _named(key), today(), workspace()
    owners = _owners(request)
    asked = request.GET.get("owner", COMPANY)
    owner = asked if asked in {one for one, _name in owners} else owners[0][0]
    adaptation = adapt(space, found, on=on, owner=owner)
    catalogue = kpi_values.catalogue(space)
    context = {
        "on": on,
        "model": found,
        "owner": owner,
        "owners": owners,
        "adapted": adaptation,
        "beside": beside(adaptation, space, on=on),
        "kpi": catalogue[found.kpi],
        "guard_label": catalogue[found.guard.kpi].label if found.guard else {},
        "statement": adaptation.statement[current()],
        "actions": found.actions[current()],
        "levers": found.levers[current()],
        "questions": found.questions[current()],
        "start": _start(request, found, owner),
        "may_save": _may_save(request),
    }
    return render(request, "models/model.html", context)


@for_company(Act.SAVE_MODEL)
@require_http_methods(["GET", "HEAD", "POST"])
def new_model(request: HttpRequest) -> HttpResponse:
    """Write a model of the company's own, empty or after another one."""
    after = request.GET.get("after", "")
    draft = draft_of(_named(after), lang=current()) if after else EMPTY
    if after:
        draft = replace(draft, label="")
    return _form(request, draft, key="")


@for_company(Act.SAVE_MODEL)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_model(request: HttpRequest, key: str) -> HttpResponse:
    """Change one of the company's own models."""
    found = _own(key)
    return _form(request, draft_of(found, lang=current()), key=key)


@for_company(Act.SAVE_MODEL)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then remove one of the company's own models."""
    found = _own(key)
    if request.method != "POST":
        return render(request, "models/remove.html", {"model": found})
    remove_model(workspace(), key, actor=actor(request), at=timezone.now())
    return redirect("models")


def _form(request: HttpRequest, draft: Draft, *, key: str) -> HttpResponse:
    space = workspace()
    catalogue = kpi_values.catalogue(space)
    faults: tuple[str, ...] = ()
    if request.method == "POST":
        better = {name: str(catalogue[name].better) for name in catalogue}
        draft = draft_from(request.POST, better=better)
        try:
            name = save_model(
                space, draft, actor=actor(request), at=timezone.now(), key=key
            )
        except UnableToSaveModelError as refusal:
            faults = _said(refusal)
        else:
            return redirect("model", name)
    context = {
        "draft": draft,
        "key": key,
        "faults": faults,
        "kpis": sorted(
            ((name, catalogue[name].label[current()]) for name in catalogue),
            key=lambda pair: pair[1].casefold(),
        ),
        "periods": PERIODS,
        "natures": NATURES,
        "stages": STAGES,
        "cadences": CADENCES,
        "baselines": BASELINES[1:],
    }
    status = WRONG if faults else 200
    return render(request, "models/form.html", context, status=status)


def _said(refusal: UnableToSaveModelError) -> tuple[str, ...]:
    """Return each fault in words, the refusal itself where it names no field."""
    if not refusal.faults:
        return (refusal.told(_),)
    return tuple(_fault(fault) for fault in refusal.faults)


def _fault(fault: Fault) -> str:
    code, field = fault.code, f"model.field.{fault.field}"
    told = _(code).format(
        field=fault.field, found=fault.found, example=fault.example, **fault.details
    )
    return _("{field}: {fault}").format(field=_(field), fault=told)


def _named(key: str) -> Model:
    try:
        return model_named(workspace(), key)
    except (UnknownModelError, ModelFileError) as error:
        raise Http404 from error


def _own(key: str) -> Model:
    found = _named(key)
    if not found.own:
        raise Http404
    return found


def _owners(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Return whose data the reader may look at: the company's are open to all."""
    who = viewer(request)
    named = owner_names(workspace(), on=today()).items()
    theirs = [
        (key, name)
        for key, name in named
        if may(who, Act.PROPOSE, subject=Subject(key))
        or may(who, Act.SEE_ROWS, subject=Subject(key))
    ]
    theirs.sort(key=lambda pair: (not pair[0].startswith("team:"), pair[1]))
    return ((COMPANY, workspace().settings.company), *theirs)


def _start(request: HttpRequest, found: Model, owner: str) -> str:
    """Return the address of the screen that writes an objective from this model."""
    if not may(viewer(request), Act.PROPOSE, subject=Subject(owner)):
        return ""
    try:
        return f"{reverse('new_objective')}?model={found.key}&owner={owner}"
    except NoReverseMatch:
        return ""


def _may_save(request: HttpRequest) -> bool:
    return may(viewer(request), Act.SAVE_MODEL, subject=Subject(COMPANY))
