"""Tell the words on the wall in the company's chat rooms, each once.

A word is marked before it leaves: one cut short is not told again, since it may have
arrived. A room that does not answer does not hold the others back.
"""

from __future__ import annotations

import datetime
import logging

from django.utils import translation

from jalon.notifications import chat, recognition_words
from jalon.notifications.mail import UnsentError
from jalon.queries.recognition import on_screen
from jalon.records.recognition import Cheer, Word
from jalon.usecases.recognise import CHEERED_WITHIN
from jalon.workspace import vault
from jalon.workspace.folder import Workspace

LOG = logging.getLogger(__name__)


def cheer(workspace: Workspace, *, on: datetime.date, at: datetime.datetime) -> int:
    """Tell what was not told yet; return how many words were."""
    rooms = list(Cheer.objects.order_by("id"))
    if not rooms:
        return 0
    waiting = set(
        Word.objects.filter(
            cheered_at=None, wall=True, state="said", at__gte=at - CHEERED_WITHIN
        ).values_list("pk", flat=True)
    )
    told = 0
    for line in on_screen(workspace, on=on):
        if line.id not in waiting:
            continue
        mine = Word.objects.filter(pk=line.id, cheered_at=None).update(cheered_at=at)
        if not mine:
            continue
        told += 1
        with translation.override(workspace.settings.language):
            subject, text = recognition_words.cheer(
                line, company=workspace.settings.company
            )
        for room in rooms:
            _send(workspace, room, subject, text)
    return told


def _send(workspace: Workspace, room: Cheer, subject: str, text: str) -> None:
    try:
        address = vault.unsealed(workspace, room.sealed)["address"]
        chat.send(address, subject=subject, text=text)
    except (UnsentError, vault.KeyLostError) as error:
        LOG.warning("the room %s was not told: %s", room.label, error)
