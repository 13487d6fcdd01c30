"""The door of the API: who comes in, how often, and each write once.

A token opens it and acts as its account. A write carries `Idempotency-Key`: sent again
after a line that was cut, it is answered as the first time and done once.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from ninja.security import HttpBearer

from jalon.api.here import now, today, workspace
from jalon.api.problems import Problem, of_status
from jalon.queries.machines import Asker
from jalon.queries.viewers import viewer as viewer_of
from jalon.usecases import answering
from jalon.usecases.acting import Actor
from jalon.usecases.tokens import Bearer, Scope, bearer

ROOT = "/api/v1/"
SAFE = ("GET", "HEAD", "OPTIONS")
KEY = "Idempotency-Key"
LONGEST_KEY = 200
LANGUAGES = ("fr", "en")
MINUTE = 60.0
_USED: dict[int, tuple[float, int]] = {}


class Token(HttpBearer):
    """`Authorization: Bearer jalon_…`, good for a scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Bearer:
        """Let in who may; remember who acts.

        Raises:
            Problem: Without token, with one that ended, or for another scope.
        """
        return self.authenticate(request, _given(request))

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """Return who comes in.

        Raises:
            Problem: If nobody does, too often, or for something else.
        """
        found = bearer(token, at=now())
        if found is None:
            raise _no_token()
        _count(found.token)
        if self.scope.value not in found.scopes:
            raise Problem(
                "not_allowed",
                "This token is not for that: it lacks the scope {scope}. Make another "
                "on the page of your tokens, or with: jalon tokens make.",
                scope=self.scope.value,
            )
        request.bearer = found  # type: ignore[attr-defined]
        if request.method not in SAFE:
            request.once = _once(request, found)  # type: ignore[attr-defined]
        return found


class ApiMiddleware:
    """Give the API its language, its marks, and refusals that machines can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what is not of the API takes its way."""
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        with translation.override(spoken(request)):
            response = self._answered(request)
            response["Content-Language"] = translation.get_language() or LANGUAGES[0]
        response["Vary"] = "Authorization, Accept-Language"
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except BaseException:
            _forget(request)
            raise
        if response.status_code >= HTTPStatus.BAD_REQUEST and "json" not in str(
            response.get("Content-Type", "")
        ):
            plain, response = response, of_status(request, response.status_code)
            if "Allow" in plain:
                response["Allow"] = plain["Allow"]
        _keep(request, response)
        _limits(request, response)
        return _marked(request, response)


def asker(request: HttpRequest) -> Asker:
    """Return who asks, with the rights of the token's account."""
    found: Bearer = request.bearer  # type: ignore[attr-defined]
    here = workspace()
    on = today(here)
    viewer = viewer_of(
        here,
        person_id=found.user.person_id,
        role=found.user.role,
        grants=found.user.grants,
        on=on,
    )
    return Asker(here, viewer, on, spoken(request))


def actor(request: HttpRequest, who: Asker) -> Actor:
    """Return who acts, for a use case."""
    found: Bearer = request.bearer  # type: ignore[attr-defined]
    return Actor(who.viewer, found.user.email)


def spoken(request: HttpRequest) -> str:
    """Return the language asked by Accept-Language, else the company's."""
    wishes = []
    for rank, part in enumerate(request.headers.get("Accept-Language", "").split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), rank, name[:2].lower()))
        except ValueError:
            continue
    known = [name for _weight, _rank, name in sorted(wishes) if name in LANGUAGES]
    company = workspace().settings.language
    return known[0] if known else company if company in LANGUAGES else LANGUAGES[0]


def marks(request: HttpRequest) -> tuple[str, ...]:
    """Return the marks of If-Match: what the caller read.

    Raises:
        Problem: If the header is not there.
    """
    told = request.headers.get("If-Match", "")
    found = tuple(
        part.strip().removeprefix("W/").strip('"').partition(".")[0]
        for part in told.split(",")
        if part.strip()
    )
    if not found:
        raise Problem(
            "mark_missing",
            "Say which version you change: send If-Match with the ETag you read, "
            'e.g. If-Match: "3f2a90c1d4e5b678".',
        )
    return found


def most_a_minute() -> int:
    """Return how many requests a token may make a minute, of this process."""
    told = os.environ.get("JALON_API_RATE", "")
    return int(told) if told.isdecimal() and int(told) else 600


def _given(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _no_token()
    return token.strip()


def _no_token() -> Problem:
    found = Problem(
        "token",
        "Come with a token that is neither expired nor taken back: Authorization: "
        "Bearer jalon_… Make one on the page of your tokens, or with: jalon tokens "
        "make.",
    )
    found.headers["WWW-Authenticate"] = 'Bearer realm="jalon"'
    return found


def _count(token: int) -> None:
    """Count a request of a token in the running minute.

    Raises:
        Problem: If there are too many.
    """
    begun, used = _USED.get(token, (0.0, 0))
    moment = time.monotonic()
    if moment - begun >= MINUTE:
        begun, used = moment, 0
    _USED[token] = (begun, used + 1)
    if used >= most_a_minute():
        left = max(int(begun + MINUTE - moment) + 1, 1)
        found = Problem(
            "too_many",
            "More than {most} requests a minute: try again in {seconds} seconds.",
            most=most_a_minute(),
            seconds=left,
        )
        found.headers["Retry-After"] = str(left)
        raise found


def _limits(request: HttpRequest, response: HttpResponse) -> None:
    found: Bearer | None = getattr(request, "bearer", None)
    if found is not None:
        begun, used = _USED.get(found.token, (time.monotonic(), 0))
        most = most_a_minute()
        response["RateLimit-Limit"] = str(most)
        response["RateLimit-Remaining"] = str(max(most - used, 0))
        left = max(int(begun + MINUTE - time.monotonic()), 0)
        response["RateLimit-Reset"] = str(left)


def _once(request: HttpRequest, found: Bearer) -> int:
    """Begin a write under its key, or answer as the first time.

    Raises:
        Problem: Without key, with the key of another request or of one under way.
        Replayed: If it was answered already.
    """
    key = request.headers.get(KEY, "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise Problem(
            "key_missing",
            "Send {header} with a text of your own, another for each write: sent "
            "again with the same one, it is done once. Example: {header}: {example}",
            header=KEY,
            example="2026-04-01-target-of-bob",
        )
    begun = answering.begin(found.token, key, _fingerprint(request), at=now())
    if isinstance(begun, answering.Kept):
        raise Replayed(begun)
    if begun is answering.UNDER_WAY:
        raise Problem(
            "under_way", "The write of this key is under way: ask again soon."
        )
    if begun is answering.OTHER:
        raise Problem(
            "other_request",
            "This {header} was sent with another request. Take another key.",
            header=KEY,
        )
    return begun


class Replayed(Exception):  # noqa: N818 - an answer, no error
    """The write was done already: its answer."""

    def __init__(self, kept: answering.Kept) -> None:
        super().__init__(kept.status)
        self.kept = kept


def replayed(_request: HttpRequest, error: Replayed) -> HttpResponse:
    """Return the answer given the first time, marked so."""
    kept = error.kept
    response = HttpResponse(kept.body, status=kept.status)
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if str(request.content_type).startswith("multipart/"):
        digest.update(str(request.headers.get("Content-Length")).encode())
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _keep(request: HttpRequest, response: HttpResponse) -> None:
    row: int | None = getattr(request, "once", None)
    if row is None:
        return
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        answering.forget(row)
        return
    names = ("Content-Type", "ETag", "Location")
    headers = {name: response[name] for name in names if name in response}
    body = response.content.decode()
    answering.keep(row, answering.Kept(response.status_code, headers, body))


def _forget(request: HttpRequest) -> None:
    row: int | None = getattr(request, "once", None)
    if row is not None:
        answering.forget(row)


def _marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give what is read a mark, and say 304 to who has it already."""
    if request.method not in SAFE or response.status_code != HTTPStatus.OK:
        return response
    body = hashlib.sha256(response.content).hexdigest()[:16]
    defined = response.get("ETag", "").strip('"')
    tag = f"{defined}.{body}" if defined else body
    response["ETag"] = f'"{tag}"'
    known = [
        part.strip().removeprefix("W/").strip('"')
        for part in request.headers.get("If-None-Match", "").split(",")
    ]
    if tag not in known:
        return response
    same = HttpResponseNotModified()
    same["ETag"] = response["ETag"]
    return same
