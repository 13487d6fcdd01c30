"""How often a public link may be opened from one address: sixty times in five minutes.

A person opens a handful of links; a robot of a mail gateway opens eleven at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

MOST = 60
WAIT_SECONDS = 300
TOO_MANY = 429
View = Callable[..., HttpResponse]


def limited(view: View) -> View:
    """Answer 429 to an address that asks too often."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        key = f"survey:{request.META.get('REMOTE_ADDR', '')}".replace(" ", "")
        cache.add(key, 0, WAIT_SECONDS)
        if int(cache.incr(key)) > MOST:
            answer = HttpResponse(
                _("Too many tries. Wait five minutes, then try again."),
                status=TOO_MANY,
                content_type="text/plain; charset=utf-8",
            )
            answer["Retry-After"] = str(WAIT_SECONDS)
            return answer
        return view(request, *args, **kwargs)

    return guarded
