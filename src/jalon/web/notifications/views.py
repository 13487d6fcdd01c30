"""One's own notifications: rhythm, quiet hours, ways, and the log."""

from __future__ import annotations

import os

from django import forms
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
from jalon.usecases.wish_notices import WishRefusedError, wish_notices
from jalon.web.access import actor, public, signed_in
from jalon.web.today import workspace

GONE, WRONG = 410, 422
CLOCK = {"invalid": gettext_lazy("Expected a time, e.g. 18:30.")}


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
        texts = [str(text) for some in form.errors.values() for text in some]
        return _page(request, fault=" ".join(texts), status=WRONG)
    try:
        wish_notices(form.told, actor=actor(request), at=timezone.now())
    except WishRefusedError as refusal:
        return _page(request, fault=refusal.told(_), told=form.told, status=WRONG)
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


def _company() -> dict[str, str]:
    return {"company": workspace().settings.company}


def _page(
    request: HttpRequest,
    *,
    fault: str = "",
    told: Wishes | None = None,
    status: int = 200,
) -> HttpResponse:
    found = notices(int(request.user.pk or 0))
    wishes = told or found.wishes
    context = {
        "wishes": wishes,
        "addresses": "\n".join(wishes.channels),
        "log": found.log,
        "digest": wants(int(request.user.pk or 0)),
        "rhythms": (
            (EACH, _("As soon as it is said")),
            (DAILY, _("Once a day, together")),
            (WEEKLY, _("Once a week, on Monday")),
        ),
        "to_files": not os.environ.get("JALON_MAIL"),
        "fault": fault,
    }
    return render(request, "notifications/page.html", context, status=status)
