"""The company's settings on one page: what each does, what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.domain.people.permission import Act, roles_for
from jalon.queries.settled import changes, settled
from jalon.usecases.create_workspace import BadSettingsError
from jalon.usecases.first_run import change_settings
from jalon.usecases.meanwhile import WrittenMeanwhileError
from jalon.web.access import actor, for_company
from jalon.web.language import current
from jalon.web.marks import carried
from jalon.web.today import today, workspace
from jalon.web.wizard import forms
from jalon.workspace.folder import Settings

WRONG = 422
FIELDS = (
    *("company", "month", "week_start", "currency", "country", "language"),
    *("timezone", "points"),
)
NAMED = {"fiscal_first_month": "month"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Act.CHANGE_SETTINGS)
def company_settings(request: HttpRequest) -> HttpResponse:
    """Show the settings; a form posted changes them all at once, or none."""
    former = workspace().settings
    if request.method != "POST":
        return _page(request, former, {})
    told = {name: request.POST.get(name, "") for name in FIELDS}
    wanted = forms.settings_of({"month": "0", **told}, former)
    try:
        change_settings(
            workspace(),
            wanted,
            actor=actor(request),
            at=timezone.now(),
            seen=request.POST.get("seen"),
        )
    except WrittenMeanwhileError as error:
        return _page(request, wanted, {"meanwhile": error.told(_)}, refused=error)
    except BadSettingsError as error:
        faults = {
            NAMED.get(name, name): one.told(_)
            for one in error.issues
            for name in [str(one.parameters["name"])]
        }
        return _page(request, wanted, faults, refused=error)
    if wanted != former:
        messages.success(request, _("The settings are kept, and hold from now on."))
    return redirect("company_settings")


def _page(
    request: HttpRequest,
    settings: Settings,
    told: Mapping[str, str],
    *,
    refused: Exception | None = None,
) -> HttpResponse:
    lang = current()
    context = {
        "settings": settings,
        "seen": carried(request, workspace().settings, refused),
        "told": told,
        "others": [text for name, text in told.items() if name not in FIELDS],
        "months": forms.months(lang),
        "month": str(settings.fiscal_first_month),
        "week_starts": forms.week_starts(lang),
        "currencies": forms.currencies(lang),
        "countries": forms.countries(lang),
        "languages": forms.LANGUAGES,
        "zones": sorted(zone for zone in available_timezones() if "/" in zone),
        "settled": settled(workspace()),
        "changes": changes(),
        "roles": [role.value for role in roles_for(Act.CHANGE_SETTINGS)],
        "on": today(),
        "now": timezone.now(),
    }
    status = WRONG if refused else 200
    return render(request, "company_settings/page.html", context, status=status)
