"""The first run: four steps that can be left, taken up again and gone back to."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.refusals import Refusal
from jalon.queries import uploads
from jalon.queries.data_page import data_page
from jalon.queries.first_objectives import (
    Proposal,
    UnreadableAimError,
    Wish,
    owners,
    proposals,
)
from jalon.queries.first_run import STEPS, next_step, nobody_has_an_account
from jalon.queries.organisation import organisation, people_of
from jalon.queries.snapshots import NoDataError
from jalon.usecases import first_run
from jalon.usecases.create_workspace import BadSettingsError
from jalon.usecases.first_objectives import UnableToSetError, set_first_objectives
from jalon.usecases.people import add_people, preview_people
from jalon.web.access import actor
from jalon.web.access import first_run as first_run_rule
from jalon.web.language import current
from jalon.web.today import today, workspace
from jalon.web.upload.views import received
from jalon.web.wizard import forms
from jalon.workspace.folder import Settings

BESIDE = frozenset({"company", "name", "email", "password", "timezone"})
ADDRESSES = {
    "company": "first_run",
    "data": "first_run_data",
    "people": "first_run_people",
    "objectives": "first_run_objectives",
}


@first_run_rule
def company(request: HttpRequest) -> HttpResponse:
    """Ask the company's settings; while nobody has an account, make the first."""
    fresh = nobody_has_an_account()
    former = workspace().settings
    if fresh and former == Settings():
        former = Settings(company="", language=current())
    if request.method == "POST":
        return _company_told(request, former, fresh=fresh)
    return render(request, "wizard/company.html", _company_context(former, {}, fresh))


def _company_told(
    request: HttpRequest, former: Settings, *, fresh: bool
) -> HttpResponse:
    settings = forms.settings_of(request.POST, former)
    account = forms.account_of(request.POST)
    faults = first_run.faults(account) if fresh else {}
    told = {name: fault.told(_) for name, fault in faults.items()}
    try:
        if not told:
            _settle(request, settings, account, fresh=fresh)
            return redirect("first_run_data")
    except BadSettingsError as error:
        told |= {str(one.parameters["name"]): one.told(_) for one in error.issues}
    except first_run.UnableToStartError as error:
        told["form"] = error.told(_)
    context = _company_context(settings, told, fresh) | {"account": account}
    return render(request, "wizard/company.html", context, status=422)


def _settle(
    request: HttpRequest,
    settings: Settings,
    account: first_run.FirstAccount,
    *,
    fresh: bool,
) -> None:
    at = timezone.now()
    if not fresh:
        who = actor(request)
        first_run.change_settings(workspace(), settings, actor=who, at=at)
        return
    email = first_run.start(workspace(), settings, account, at=at)
    user = authenticate(request, username=email, password=account.password)
    if user is not None:
        login(request, user)


def _company_context(
    settings: Settings,
    told: Mapping[str, str],
    fresh: bool,  # noqa: FBT001
) -> dict[str, object]:
    lang = current()
    return {
        "settings": settings,
        "told": told,
        "others": [text for name, text in told.items() if name not in BESIDE],
        "fresh": fresh,
        "account": first_run.FirstAccount("", "", ""),
        "months": forms.months(lang),
        "month": str(settings.fiscal_first_month),
        "currencies": forms.currencies(lang),
        "countries": forms.countries(lang),
        "languages": forms.LANGUAGES,
        **_steps("company"),
    }


@first_run_rule
def data(request: HttpRequest) -> HttpResponse:
    """Ask for the first files."""
    if nobody_has_an_account():
        return redirect("first_run")
    if request.method == "POST":
        return received(request, first_run=True)
    waiting = uploads.waiting(workspace())
    context = {
        "waiting": waiting,
        "page": data_page(workspace(), on=today()),
        "first_run": True,
        **_steps("data"),
    }
    return render(request, "wizard/data.html", context)


@first_run_rule
def people(request: HttpRequest) -> HttpResponse:
    """Show who was found in the files; take those typed or pasted."""
    if nobody_has_an_account():
        return redirect("first_run")
    typed = request.POST.get("people", "")
    if request.method == "POST" and not typed.strip():
        return _onwards(request, "objectives")
    context: dict[str, object] = {"typed": typed, **_steps("people")}
    if request.method == "POST":
        try:
            preview = preview_people(workspace(), typed, on=today())
            if not preview.pasted.faults:
                return _people_added(request, typed)
            context["faults"] = [one.told(_) for one in preview.pasted.faults]
        except Refusal as refusal:
            context["faults"] = [refusal.told(_)]
    context |= _organisation()
    status = 422 if "faults" in context else 200
    return render(request, "wizard/people.html", context, status=status)


def _people_added(request: HttpRequest, typed: str) -> HttpResponse:
    preview = preview_people(workspace(), typed, on=today())
    report = add_people(
        workspace(),
        preview.pasted.entries,
        actor=actor(request),
        on=today(),
        at=timezone.now(),
    )
    count = len(report.people_added)
    added = ngettext(
        "{count} person is added.", "{count} people are added.", count
    ).format(count=count)
    messages.success(request, added)
    return redirect("first_run_people")


def _organisation() -> dict[str, object]:
    """Return the teams with their people and who leads them."""
    on = today()
    try:
        found = organisation(workspace(), on=on)
        present = people_of(workspace(), on=on)
    except NoDataError:
        return {"teams": [], "apart": [], "count": 0}
    inside: dict[str | None, list[str]] = {}
    led: dict[str | None, set[str]] = {}
    for one in present:
        team = found.team_of(one.person_id, on)
        inside.setdefault(team, []).append(one.name)
        if one.manager_id and one.manager_id in found.person:
            led.setdefault(team, set()).add(found.person[one.manager_id].name)
    teams = [
        {
            "name": one.name,
            "people": sorted(inside[one.team_id]),
            "managers": sorted(led.get(one.team_id, ())),
        }
        for one in found.teams
        if one.team_id in inside
    ]
    return {
        "teams": teams,
        "apart": sorted(inside.get(None, ())),
        "count": len(present),
    }


@first_run_rule
def objectives(request: HttpRequest) -> HttpResponse:
    """Offer the models with the company's own figures; set those ticked."""
    if nobody_has_an_account():
        return redirect("first_run")
    sent = request.POST if request.method == "POST" else request.GET
    context: dict[str, object] = {}
    if request.method == "POST" and request.POST.get("do") == "set":
        try:
            return _objectives_set(request)
        except (UnableToSetError, UnreadableAimError) as refusal:
            context["fault"] = refusal.told(_)
    found = proposals(workspace(), _wishes(sent), on=today())
    context |= _objectives_context(found, sent)
    if getattr(request, "htmx", False):
        return render(request, "wizard/models.html", context)
    status = 422 if "fault" in context else 200
    return render(request, "wizard/objectives.html", context, status=status)


def _objectives_set(request: HttpRequest) -> HttpResponse:
    ticked = set(request.POST.getlist("model"))
    wishes = {key: one for key, one in _wishes(request.POST).items() if key in ticked}
    done = set_first_objectives(
        workspace(),
        wishes,
        actor=actor(request),
        on=today(),
        at=timezone.now(),
        lang=current(),
    )
    said = ngettext(
        "{count} objective is set.", "{count} objectives are set.", len(done)
    )
    messages.success(request, said.format(count=len(done)))
    return _onwards(request, "")


def _wishes(sent: QueryDict) -> dict[str, Wish]:
    """Return what a form says of each model; a model it does not name has no wish."""
    ahead = 1 if sent.get("when") == "next" else 0
    keys = [name.removeprefix("owner-") for name in sent if name.startswith("owner-")]
    return {
        key: Wish(
            owner=sent.get(f"owner-{key}", "company"),
            aim=sent.get(f"aim-{key}", "").strip(),
            where=_where(sent, key),
            ahead=ahead,
        )
        for key in keys
    }


def _where(sent: QueryDict, key: str) -> tuple[str, ...] | None:
    told = sent.get(f"where-{key}")
    if told is None:
        return None
    return (told,) if told else ()


def _objectives_context(
    found: tuple[Proposal, ...], sent: QueryDict
) -> dict[str, object]:
    ticked = set(sent.getlist("model"))
    told = any(name.startswith("owner-") for name in sent)
    carried = owners(workspace(), on=today())
    proposed = {
        one.model.key for one in found if one.measurable and one.target is not None
    }
    return {
        "ready": [one for one in found if one.measurable],
        "others": [one for one in found if not one.measurable],
        "ticked": ticked if told else proposed,
        "owners": carried,
        "when": sent.get("when", "running"),
        **_steps("objectives"),
    }


@first_run_rule
@require_safe
def resume(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """Open the step where the first run was left."""
    if nobody_has_an_account():
        return redirect("first_run")
    step = next_step()
    latest = uploads.of_first_run(workspace())
    if step == "data" and latest and latest.state not in {"imported", "refused"}:
        return redirect("upload", latest.key)
    return redirect(ADDRESSES.get(step, "my_objectives"))


@first_run_rule
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Leave a step for the next one, or the first run for the boards."""
    if nobody_has_an_account():
        return redirect("first_run")
    wanted = request.POST.get("step", "")
    return _onwards(request, wanted if wanted in STEPS else "")


def _onwards(request: HttpRequest, step: str) -> HttpResponse:
    first_run.go_to(step, actor=actor(request), at=timezone.now())
    return redirect(ADDRESSES.get(step, "my_objectives"))


def _steps(here: str) -> dict[str, object]:
    return {"here": here}
