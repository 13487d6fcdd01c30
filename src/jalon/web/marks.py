"""The mark a form carries: of what its author was shown last, and nothing later."""

from __future__ import annotations

from django.http import HttpRequest

from jalon.usecases.meanwhile import WrittenMeanwhileError, mark


def carried(request: HttpRequest, now: object, refused: Exception | None = None) -> str:
    """Return the mark of a form that shows `now`.

    Refused for a fault of its own, a form goes on from what its author had read: its
    mark stays, and what another wrote since is still told before it is written over.
    """
    told = refused is None or isinstance(refused, WrittenMeanwhileError)
    return mark(now) if told else request.POST.get("seen", "")
