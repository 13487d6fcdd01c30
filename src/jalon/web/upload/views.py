"""Give files, watch them being recognised, check the mapping, import, read the report.

One page by upload: what it shows follows its state, so that it can be left and opened
again at any moment.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.people.permission import Act
from jalon.queries import uploads
from jalon.queries.first_run import next_step
from jalon.queries.uploads import UploadView
from jalon.usecases.start_upload import start
from jalon.usecases.upload import (
    MOST_BYTES,
    UnableToUploadError,
    begin,
    correct,
    discard,
    receive,
    too_big,
)
from jalon.web.access import actor, for_company
from jalon.web.today import today, workspace
from jalon.web.upload.form import corrections
from jalon.web.upload.handler import announced


@for_company(Act.IMPORT_DATA)
def new(request: HttpRequest) -> HttpResponse:
    """Choose files, and send them."""
    if request.method == "POST":
        return received(request, first_run=False)
    return render(request, "upload/new.html", {"waiting": uploads.waiting(workspace())})


def received(request: HttpRequest, *, first_run: bool) -> HttpResponse:
    """Keep the files of a request and open the page of the upload."""
    back = "first_run_data" if first_run else "new_upload"
    try:
        if announced(request) > MOST_BYTES:
            raise too_big(announced(request))
        key = receive(
            workspace(),
            request.FILES.getlist("files"),
            actor=actor(request),
            at=timezone.now(),
            first_run=first_run,
        )
    except UnableToUploadError as refusal:
        messages.error(request, refusal.told(_))
        return redirect(back)
    start(workspace(), key, on=today(), at=timezone.now())
    return redirect("upload", key)


@for_company(Act.IMPORT_DATA)
def upload(request: HttpRequest, upload_key: str) -> HttpResponse:
    """Show where an upload stands; take the corrections and the go."""
    view = _found(upload_key)
    if request.method == "POST":
        return _checked(request, view)
    return render(request, "upload/page.html", _context(view))


@for_company(Act.IMPORT_DATA)
@require_safe
def state(request: HttpRequest, upload_key: str) -> HttpResponse:
    """Say how far the work is; at its end, have the page opened anew."""
    view = _found(upload_key)
    if not view.at_work:
        done = HttpResponse()
        done["HX-Redirect"] = reverse("upload", args=[view.key])
        return done
    return render(request, "upload/state.html", _context(view))


@for_company(Act.IMPORT_DATA)
@require_POST
def again(_request: HttpRequest, upload_key: str) -> HttpResponse:
    """Start an interrupted upload again."""
    view = _found(upload_key)
    if view.state == uploads.INTERRUPTED:
        start(workspace(), view.key, on=today(), at=timezone.now())
    return redirect("upload", view.key)


@for_company(Act.IMPORT_DATA)
@require_POST
def forget(request: HttpRequest, upload_key: str) -> HttpResponse:
    """Discard an upload that is not imported."""
    view = _found(upload_key)
    try:
        discard(workspace(), view.key, actor=actor(request), at=timezone.now())
    except UnableToUploadError as refusal:
        messages.error(request, refusal.told(_))
        return redirect("upload", view.key)
    return redirect("first_run_data" if view.first_run else "new_upload")


def _checked(request: HttpRequest, view: UploadView) -> HttpResponse:
    who, at = actor(request), timezone.now()
    try:
        correct(view.key, corrections(view, request.POST), actor=who, at=at)
        if request.POST.get("do") == "import":
            begin(view.key, actor=who, at=at)
            start(workspace(), view.key, on=today(), at=timezone.now())
            return redirect("upload", view.key)
    except UnableToUploadError as refusal:
        messages.error(request, refusal.told(_))
        return redirect("upload", view.key)
    if getattr(request, "htmx", False):
        changed = _context(_found(view.key))
        return render(request, "upload/checking.html", changed)
    return redirect("upload", view.key)


def _found(key: str) -> UploadView:
    found = uploads.upload(workspace(), key)
    if found is None:
        raise Http404
    return found


def _context(view: UploadView) -> dict[str, object]:
    return {"upload": view, "in_first_run": view.first_run and next_step() != ""}
