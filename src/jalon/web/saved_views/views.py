"""One's views on one page; opening one leads to its screen, read with one's rights."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import messages
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

from jalon.queries import saved_views as queries
from jalon.queries.saved_views import SCREENS, View
from jalon.usecases import saved_views as usecases
from jalon.web.access import actor, signed_in
from jalon.web.components.navigation import label_of
from jalon.web.undo.views import told_undoable

WRONG = 422


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as its owner reads it; `link` is whole, to be copied."""

    view: View
    screen: str
    link: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def my_views(request: HttpRequest) -> HttpResponse:
    """Show one's views; a form posted keeps the list it tells."""
    if request.method != "POST":
        return _page(request, screen=request.GET.get("screen", ""))
    told = request.POST
    screen = told.get("screen", "")
    try:
        usecases.keep(
            screen,
            told.get("name", ""),
            told.get("query", ""),
            actor=actor(request),
            at=timezone.now(),
        )
    except usecases.UnableToKeepError as refusal:
        return _page(request, screen=screen, fault=refusal.told(_), status=WRONG)
    messages.success(request, _("The view is kept."))
    return redirect("my_views")


@require_safe
@signed_in
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Lead to the list one kept."""
    return _led(queries.view_of(view_id, account=_me(request)))


@require_safe
@signed_in
def shared_view(_request: HttpRequest, link: str) -> HttpResponse:
    """Lead to the list somebody shares, read with the reader's own rights."""
    return _led(queries.shared(link))


@require_POST
@signed_in
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename one's view, share it, take its link back, or delete it."""
    who, at = actor(request), timezone.now()
    wanted = request.POST.get("do", "")
    try:
        if wanted == "drop":
            number = usecases.drop(view_id, actor=who, at=at)
            told_undoable(request, _("The view is deleted."), number)
        elif wanted == "rename":
            name = request.POST.get("name", "")
            usecases.rename(view_id, name, actor=who, at=at)
            messages.success(request, _("The view is renamed."))
        else:
            usecases.share(view_id, shared=wanted == "share", actor=who, at=at)
    except usecases.NoSuchViewError as error:
        raise Http404 from error
    except usecases.UnableToKeepError as refusal:
        return _page(request, screen="", fault=refusal.told(_), status=WRONG)
    return redirect("my_views")


def _led(found: View | None) -> HttpResponse:
    if found is None or found.screen not in SCREENS:
        raise Http404
    query = f"?{found.query}" if found.query else ""
    return redirect(reverse(found.screen) + query)


def _page(
    request: HttpRequest, *, screen: str, fault: str = "", status: int = 200
) -> HttpResponse:
    asked = request.POST.get("query") or _narrowed(request, screen)
    context = {
        "shown": [_shown(request, one) for one in queries.views(_me(request))],
        "screen": screen if screen in SCREENS else "",
        "screen_name": label_of(screen) if screen in SCREENS else "",
        "query": asked,
        "name": request.POST.get("name", ""),
        "fault": fault,
        "most": usecases.LONGEST_NAME,
    }
    return render(request, "saved_views/page.html", context, status=status)


def _narrowed(request: HttpRequest, screen: str) -> str:
    """Return what the list one comes from was narrowed to.

    A list filtered without a new page has its address in the browser alone, which
    says it as it comes here; the link says it otherwise.
    """
    came = urlsplit(request.headers.get("Referer", ""))
    if screen in SCREENS and came.path == reverse(screen):
        return came.query
    return request.GET.get("q", "")


def _shown(request: HttpRequest, one: View) -> Shown:
    link = reverse("shared_view", args=[one.link]) if one.link else ""
    return Shown(
        one, label_of(one.screen), request.build_absolute_uri(link) if link else ""
    )


def _me(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
