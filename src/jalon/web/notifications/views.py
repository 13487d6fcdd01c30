"""One's own notifications: rhythm, quiet hours, ways, their trial, and the log."""

from __future__ import annotations

import os

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from jalon.notifications.quiet import DAILY, EACH, WEEKLY
from jalon.queries.notices import Wishes, notices
from jalon.usecases.send_digests import holder_of, wants, wish
from jalon.usecases.try_notices import UnableToTryError, send_again, try_notices
from jalon.usecases.wish_notices import WishRefusedError, wish_notices
from jalon.web.access import actor, public, signed_in, viewer
from jalon.web.notifications.words import rows, tried
from jalon.web.today import today, workspace

GONE, WRONG = 410, 422
_CLOCK = gettext_lazy("Expected a time, e.g. 18:30.")
CLOCK = {"invalid": _CLOCK, "required": _CLOCK}
CLOCKS = ("digest_at", "quiet_from", "quiet_to")
TICKS = ("mail", "quiet_weekends", "recoveries", "everything")


class WishForm(forms.Form):
    """How one wants to be told."""

    mail = forms.BooleanField(required=False)
    channels = forms.CharField(required=False, max_length=4000)
    rhythm = forms.ChoiceField(choices=[(one, one) for one in (EACH, DAILY, WEEKLY)])
    digest_at = forms.TimeField(error_messages=CLOCK)
    quiet_from = forms.TimeField(error_messages=CLOCK)
    quiet_to = forms.TimeField(error_messages=CLOCK)
    quiet_weekends = forms.BooleanField(required=False)
    recoveries = forms.BooleanField(required=False)
    everything = forms.BooleanField(required=False)

    @property
    def told(self) -> Wishes:
        """Return the wishes of a valid form."""
        lines = self.cleaned_data["channels"].splitlines()
        channels = tuple(dict.fromkeys(one.strip() for one in lines if one.strip()))
        return Wishes(**self.cleaned_data | {"channels": channels})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """Show one's wishes and the log; a form posted changes the wishes."""
    if request.method != "POST":
        return _page(request)
    form = WishForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=WRONG)
    at = timezone.localtime()
    try:
        wish_notices(form.told, actor=actor(request), at=at)
    except WishRefusedError as refusal:
        return _page(request, form=form, fault=refusal.told(_), status=WRONG)
    messages.success(request, _("Your wishes are kept."))
    if "try" in request.POST:
        _try(request)
    return redirect("notifications")


@require_POST
@signed_in
def again(request: HttpRequest, delivery: int) -> HttpResponse:
    """Let one's message, given up or cut short, leave once more."""
    if send_again(delivery, actor=actor(request), at=timezone.now()):
        messages.success(request, _("It leaves within a minute."))
    else:
        messages.warning(request, _("This one cannot be sent again: see its state."))
    return redirect("notifications")


@require_POST
@signed_in
def wish_digest(request: HttpRequest) -> HttpResponse:
    """Keep whether one wants the week by mail."""
    wanted = "wanted" in request.POST
    wish(wanted=wanted, actor=actor(request), at=timezone.now())
    return redirect("notifications")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
def out(request: HttpRequest, token: str) -> HttpResponse:
    """Show the way out of the digest; posted, by the page or a mail program, taken."""
    holder = holder_of(token)
    if holder is None:
        gone = {**_company(), "closed": True}
        return render(request, "surveys/gone.html", gone, status=GONE)
    with translation.override(holder.lang):
        if request.method == "POST":
            wish(wanted=False, actor=holder.actor, at=timezone.now())
        context = {**_company(), "token": token, "left": not wants(holder.account)}
        answer = render(request, "notifications/out.html", context)
    answer["Content-Language"] = holder.lang
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _try(request: HttpRequest) -> None:
    """Send a word by each way that is kept, and say what came of each."""
    company = workspace().settings.company
    try:
        done = try_notices(company, actor=actor(request), at=timezone.now())
    except UnableToTryError as refusal:
        messages.warning(request, refusal.told(_))
        return
    for one in done:
        (messages.success if one.arrived else messages.error)(request, tried(one))


def _company() -> dict[str, str]:
    return {"company": workspace().settings.company}


def _page(
    request: HttpRequest,
    *,
    form: WishForm | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    account = int(request.user.pk or 0)
    found = notices(workspace(), account, viewer=viewer(request), on=today())
    context = {
        "wishes": _typed(form) if form else _kept(found.wishes),
        "faults": {name: " ".join(map(str, some)) for name, some in form.errors.items()}
        if form
        else {},
        "log": rows(found.log),
        "digest": wants(account),
        "rhythms": (
            (EACH, _("As soon as it is said")),
            (DAILY, _("Once a day, together")),
            (WEEKLY, _("Once a week, on Monday")),
        ),
        "to_files": not os.environ.get("JALON_MAIL"),
        "fault": fault,
    }
    return render(request, "notifications/page.html", context, status=status)


def _kept(wishes: Wishes) -> dict[str, object]:
    """Return the fields of the page as they are kept."""
    clocks = {name: f"{getattr(wishes, name):%H:%M}" for name in CLOCKS}
    ticks = {name: getattr(wishes, name) for name in TICKS}
    lines = "\n".join(wishes.channels)
    return {"rhythm": wishes.rhythm, "channels": lines, **clocks, **ticks}


def _typed(form: WishForm) -> dict[str, object]:
    """Return the fields of the page as they were typed."""
    texts = {name: form.data.get(name, "") for name in ("rhythm", "channels", *CLOCKS)}
    return texts | {name: name in form.data for name in TICKS}
