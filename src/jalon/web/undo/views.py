"""Take back one's last write; a message that tells of one carries its number."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jalon.usecases import undo as usecases
from jalon.web.access import actor, signed_in


@require_POST
@signed_in
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what was there before, or say why it stays."""
    try:
        usecases.undo(number, actor=actor(request), at=timezone.now())
    except usecases.NothingToUndoError as error:
        raise Http404 from error
    except usecases.UnableToUndoError as refusal:
        messages.warning(request, refusal.told(_))
    else:
        messages.success(request, _("Undone: it is as it was before."))
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if here else "my_objectives")


def told_undoable(request: HttpRequest, text: str, number: int) -> None:
    """Say that something was done, with what takes it back."""
    messages.success(request, text, extra_tags=str(number) if number else "")
