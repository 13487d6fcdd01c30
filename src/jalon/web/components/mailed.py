"""Where mails about objectives lead, and what the page says once they have left."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.domain.objectives.objective import Objective
from jalon.usecases.tell_targets import Told


def links(request: HttpRequest, objectives: Iterable[Objective]) -> dict[str, str]:
    """Return the whole address of each objective's history of targets, or its page."""
    return {
        one.id: request.build_absolute_uri(
            reverse("retarget" if one.revisions else "objective", args=[one.id])
        )
        for one in objectives
    }


def say_mailed(request: HttpRequest, told: Told) -> None:
    """Say how many were told by mail, how many were not; nothing where nobody is."""
    if told.sent and getattr(settings, "MAIL_LEAVES", False):
        sentence = ngettext(
            "{number} person told by mail.", "{number} people told by mail.", told.sent
        )
        messages.success(request, sentence.format(number=told.sent))
    elif told.sent:
        sentence = ngettext(
            "{number} mail written to the workspace's folder: no server is set up.",
            "{number} mails written to the workspace's folder: no server is set up.",
            told.sent,
        )
        messages.info(request, sentence.format(number=told.sent))
    if told.unsent:
        sentence = _("{number} mails did not leave; the page tells those concerned.")
        messages.warning(request, sentence.format(number=told.unsent))
