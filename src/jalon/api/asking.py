"""What operations share: pages of lists, the words of refusals, the marks of writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from jalon.api.answers import MOST, BadCursorError, paged
from jalon.api.door import KEY, LONGEST_KEY, Token
from jalon.api.problems import Problem
from jalon.api.shapes import ProblemShape
from jalon.usecases.tokens import Scope

PROBLEMS = frozenset({400, 401, 403, 404, 409, 412, 413, 422, 428, 429})
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
ONCE = {
    "name": KEY,
    "in": "header",
    "required": True,
    "schema": TEXT | {"pattern": "^[!-~]+$"},
    "description": "A text of your own: the same write sent again is done once.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": TEXT | {"pattern": '^"[0-9a-f.]+"$'},
    "description": "The ETag you read; 412 if it changed meanwhile.",
}


class Turn(Schema):
    """Which page of a list: `cursor` is the `next` of the page before."""

    cursor: Annotated[str, Field(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50


Turned = Query[Turn]


def page(
    request: HttpRequest,
    response: HttpResponse,
    found: Sequence[Any],
    turn: Turn,
    *,
    key: Callable[[Any], str] = lambda one: str(one["id"]),
) -> dict[str, object]:
    """Return a page of a list, and the link of the next.

    Raises:
        Problem: If the cursor is none.
    """
    try:
        items, following = paged(found, key=key, cursor=turn.cursor, limit=turn.limit)
    except BadCursorError as error:
        raise Problem(
            "not_readable",
            "The cursor is none: give the `next` of the page before, or none.",
        ) from error
    if following:
        asked = request.GET.copy()
        asked["cursor"] = following
        response["Link"] = f'<{request.path}?{asked.urlencode()}>; rel="next"'
    return {"items": items, "next": following}


def reads(
    router: Router, path: str, shape: object, *, scope: Scope = Scope.READ
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what makes a view an operation that reads."""
    return router.get(
        path,
        response={200: shape, PROBLEMS: ProblemShape},
        auth=Token(scope),
        by_alias=True,
        openapi_extra={"x-scope": scope.value},
    )


def writes(
    router: Router,
    path: str,
    shapes: Mapping[int, object],
    *,
    method: str = "POST",
    scope: Scope = Scope.WRITE,
    matched: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what makes a view an operation that writes: once, and what was read."""
    headers = [ONCE, *([IF_MATCH] if matched else [])]
    return router.api_operation(
        [method],
        path,
        response={**shapes, PROBLEMS: ProblemShape},
        auth=Token(scope),
        by_alias=True,
        openapi_extra={"x-scope": scope.value, "parameters": headers},
    )
