"""Refusals as problem+json (RFC 9457): one clear line, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from jalon.domain.kpis.catalogue import UnknownKpiError
from jalon.domain.objectives.states import UnableToMoveError
from jalon.domain.refusals import Refusal
from jalon.queries.exploring_rules import UnableToShowError
from jalon.queries.json_text import json_text
from jalon.queries.machines import NothingThereError, NotYoursError
from jalon.queries.objectives import UnknownObjectiveError
from jalon.queries.snapshots import NoDataError
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.create_objective import FaultyObjectiveError, ObjectiveThereError
from jalon.usecases.unless_changed import ChangedMeanwhileError

KIND = "application/problem+json"
TYPES = "/api/docs/#problem-"
REFUSED = "refused"
PLACES = {"body", "query", "path", "header", "given", "form", "file"}
TITLES: dict[str, tuple[int, Callable[[], str]]] = {
    "not_readable": (400, lambda: _("The request cannot be read")),
    "key_missing": (400, lambda: _("A write needs a key of its own")),
    "token": (401, lambda: _("A token is needed")),
    "not_allowed": (403, lambda: _("Not with this token")),
    "not_found": (404, lambda: _("There is nothing here")),
    "method": (405, lambda: _("This address does not do that")),
    "under_way": (409, lambda: _("The same write is under way")),
    "there_already": (409, lambda: _("It is there already")),
    "no_data": (409, lambda: _("No data yet")),
    "changed_meanwhile": (412, lambda: _("It changed meanwhile")),
    "too_large": (413, lambda: _("Too much at a time")),
    "refused": (422, lambda: _("This cannot be done")),
    "other_request": (422, lambda: _("This key was for another request")),
    "mark_missing": (428, lambda: _("Say which version you change")),
    "too_many": (429, lambda: _("Too many requests")),
    "broken": (500, lambda: _("Something broke here")),
    "away": (503, lambda: _("The machine does not follow")),
}
_OF_REFUSAL: tuple[tuple[type[Exception], str], ...] = (
    (UnknownObjectiveError, "not_found"),
    (UnknownKpiError, "not_found"),
    (NothingThereError, "not_found"),
    (NoDataError, "no_data"),
    (ForbiddenError, "not_allowed"),
    (NotYoursError, "not_allowed"),
    (UnableToShowError, "not_allowed"),
    (ObjectiveThereError, "there_already"),
    (ChangedMeanwhileError, "changed_meanwhile"),
)
_WRONG = {
    "missing": "{field} is missing.",
    "extra_forbidden": "{field} is unknown here.",
    "literal_error": "{field} is none of those expected: {expected}.",
    "enum": "{field} is none of those expected: {expected}.",
    "greater_than_equal": "{field} must be at least {ge}.",
    "less_than_equal": "{field} must be at most {le}.",
    "date_from_datetime_parsing": "{field} is no date. Expected e.g. 2026-04-01.",
    "date_parsing": "{field} is no date. Expected e.g. 2026-04-01.",
    "date_type": "{field} is no date. Expected e.g. 2026-04-01.",
    "int_parsing": "{field} is no whole number. Expected e.g. 50.",
    "decimal_parsing": "{field} is no number. Expected e.g. 45000.",
    "decimal_type": "{field} is no number. Expected e.g. 45000.",
    "string_type": "{field} is no text.",
    "json_invalid": "The body is not JSON.",
}
_OTHERWISE = "{field} is not of the kind expected."


class Problem(Exception):  # noqa: N818 - an answer more than an error
    """An answer that is a refusal of the door itself; `more` goes in its document."""

    def __init__(self, code: str, sentence: str, **told: object) -> None:
        super().__init__(code, sentence)
        self.code, self.refusal = code, Refusal(sentence, **told)
        self.headers: dict[str, str] = {}
        self.more: dict[str, Any] = {}


def problem(
    request: HttpRequest,
    code: str,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    **more: object,
) -> HttpResponse:
    """Return the answer of a refusal."""
    status, title = TITLES[code]
    document = {
        "type": f"{TYPES}{code}",
        "title": title(),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        **more,
    }
    answer = HttpResponse(json_text(document), content_type=KIND, status=status)
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    """Return the problem of an answer that said nothing but its status."""
    known = {400: "not_readable", 403: "not_allowed", 404: "not_found", 405: "method"}
    details = {
        "not_found": _("Nothing is at {path}. The addresses are listed in {docs}."),
        "method": _("{method} is not for {path}. The addresses are listed in {docs}."),
    }
    broken = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    away = status == HTTPStatus.SERVICE_UNAVAILABLE
    if away:
        told = _("The machine does not follow: try again in a moment.")
        return problem(request, "away", told, headers={"Retry-After": "10"})
    code = known.get(status, "broken" if broken else "not_readable")
    told = details.get(code, _("The answer to {method} {path} could not be made."))
    detail = told.format(
        path=request.path, method=request.method, docs="/api/v1/openapi.json"
    )
    return problem(request, code, detail)


def of_refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Return the problem of a refusal of the house."""
    code = next(
        (one for kind, one in _OF_REFUSAL if isinstance(error, kind)), "refused"
    )
    more: dict[str, Any] = {}
    if isinstance(error, FaultyObjectiveError):
        more["errors"] = [
            {
                "field": fault.field,
                "detail": _(fault.code).format(
                    field=fault.field,
                    found=fault.found,
                    example=fault.example,
                    **fault.details,
                ),
            }
            for fault in error.faults
        ]
    if isinstance(error, ChangedMeanwhileError):
        more["current_etag"] = f'"{error.mark}"'
    return problem(request, code, error.told(_), **more)


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return the problem of a body or question of another shape than expected."""
    errors = [_fault(one) for one in error.errors]
    first = errors[0]["detail"] if errors else ""
    if any(one.get("type") == "json_invalid" for one in error.errors):
        return problem(request, "not_readable", first, errors=errors)
    return problem(request, "refused", first, errors=errors)


def _fault(told: dict[str, Any]) -> dict[str, str]:
    where = [str(part) for part in told.get("loc", ())]
    names = [part for part in where if part not in PLACES]
    field = ".".join(names) or "body"
    context = {
        name: value
        for name, value in told.get("ctx", {}).items()
        if name in {"expected", "ge", "le"}
    }
    sentence = _(_WRONG.get(str(told.get("type")), _OTHERWISE))
    try:
        detail = sentence.format(field=field, **context)
    except KeyError:
        detail = _(_OTHERWISE).format(field=field)
    return {"field": field, "in": where[0] if where else "body", "detail": detail}


def answer_problems(api: NinjaAPI) -> None:
    """Have every refusal inside an operation answered as a problem."""

    @api.exception_handler(Problem)
    def door(request: HttpRequest, error: Problem) -> HttpResponse:
        return problem(
            request,
            error.code,
            error.refusal.told(_),
            headers=error.headers,
            **error.more,
        )

    api.add_exception_handler(Refusal, of_refusal)  # type: ignore[arg-type]
    api.add_exception_handler(ValidationError, of_validation)  # type: ignore[arg-type]

    @api.exception_handler(UnableToMoveError)
    def unmoved(request: HttpRequest, _error: UnableToMoveError) -> HttpResponse:
        return problem(request, "refused", _("The objective cannot take this state."))

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
        return of_status(request, 403)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return of_status(request, 404)

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST:
            return problem(request, "not_readable", _("The body is not JSON."))
        return of_status(request, error.status_code)
