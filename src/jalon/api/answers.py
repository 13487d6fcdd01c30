"""How answers are written: numbers as numbers, lists page by page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from ninja import Schema
from ninja.renderers import BaseRenderer

from jalon.queries.json_text import json_text

T = TypeVar("T")
MOST = 200


class Page(Schema, Generic[T]):
    """A page of a list; `next` is the cursor of the page after, null at the end."""

    items: list[T]
    next: str | None = None


class Renderer(BaseRenderer):
    """Write what operations return."""

    media_type = "application/json"

    def render(
        self,
        request: HttpRequest,  # noqa: ARG002 - ninja's own shape
        data: Any,  # noqa: ANN401 - any document
        *,
        response_status: int,  # noqa: ARG002
    ) -> str:
        """Return the JSON of a document."""
        return json_text(data)


class BadCursorError(ValueError):
    """The cursor is none that was given."""


def paged(
    found: Sequence[T], *, key: Callable[[T], str], cursor: str, limit: int
) -> tuple[list[T], str | None]:
    """Return a page of what is sorted as it stands, and the cursor of the next.

    The cursor holds the key of the last one given: what is added or gone meanwhile
    makes nobody appear twice.

    Raises:
        BadCursorError: If the cursor is none.
    """
    start = 0
    if cursor:
        last = _opened(cursor)
        places = [rank for rank, one in enumerate(found) if key(one) == last[0]]
        start = places[0] + 1 if places else min(last[1], len(found))
    some = list(found[start : start + limit])
    more = start + limit < len(found)
    return some, _closed(key(some[-1]), start + limit) if more and some else None


def _closed(key: str, rank: int) -> str:
    told = json.dumps([key, rank], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[str, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key, rank = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadCursorError(cursor) from error
    if not isinstance(key, str) or not isinstance(rank, int) or rank < 0:
        raise BadCursorError(cursor)
    return key, rank
