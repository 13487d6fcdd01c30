"""Who may open a page, said on the view by a rule; a test finds views without one.

Rules: anybody (`public`), anybody logged in (`signed_in`), an act of the permission
table on the objective named in the address (`for_objective`) or on the whole company
(`for_company`), or the first run (`first_run`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from jalon.domain.people.permission import (
    COMPANY,
    Act,
    Subject,
    Viewer,
    may,
    may_somewhere,
)
from jalon.queries.board import line as line_of
from jalon.queries.first_run import nobody_has_an_account
from jalon.queries.pages import Line
from jalon.queries.viewers import viewer as viewer_of
from jalon.usecases.acting import Actor
from jalon.web.today import today, workspace

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
LineView = Callable[Concatenate[HttpRequest, Line, P], HttpResponseBase]
PUBLIC, SIGNED_IN, FIRST_RUN = "public", "signed_in", "first_run"


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let anybody in."""

    @wraps(view)
    def open_to_all(*args: object, **kwargs: object) -> object:
        return view(*args, **kwargs)

    return _ruled(open_to_all, PUBLIC)


def signed_in(view: View[P]) -> View[P]:
    """Let in whoever is logged in; what they see is filtered by the view's query."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_login(request)
        return view(request, *args, **kwargs)

    return _ruled(guarded, SIGNED_IN)


def for_objective(act: Act) -> Callable[[LineView[P]], View[...]]:
    """Let in whoever may do this with the objective; the view receives its line.

    An objective whose result may not be seen does not exist for the reader (404); one
    that may be seen, but not so far, is refused (403).
    """

    def decorate(view: LineView[P]) -> View[...]:
        @wraps(view)
        def guarded(
            request: HttpRequest, objective_id: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            line = line_of(workspace(), objective_id, on=today())
            if line is None or not allowed(request, Act.SEE_RESULT, line):
                raise Http404
            if not allowed(request, act, line):
                raise PermissionDenied
            return view(request, line, *args, **kwargs)

        return _ruled(guarded, act.value)

    return decorate


def for_company(act: Act) -> Callable[[View[P]], View[P]]:
    """Let in whoever may do this with the company itself: its data, its settings."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            if not may(viewer(request), act, subject=Subject(COMPANY)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _ruled(guarded, act.value)

    return decorate


def for_some(act: Act) -> Callable[[View[P]], View[P]]:
    """Let in whoever may do this with something; the use case says with what."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            if not may_somewhere(viewer(request), act):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _ruled(guarded, act.value)

    return decorate


def first_run(view: View[P]) -> View[P]:
    """Let anybody in while nobody has an account; then whoever may change settings."""
    settled = for_company(Act.CHANGE_SETTINGS)(view)

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        chosen = view if nobody_has_an_account() else settled
        return chosen(request, *args, **kwargs)

    return _ruled(guarded, FIRST_RUN)


def to_login(request: HttpRequest) -> HttpResponse:
    """Send to the log-in page and back here afterwards."""
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def viewer(request: HttpRequest) -> Viewer:
    """Return who is looking, found once a request."""
    found: Viewer | None = getattr(request, "_viewer", None)
    if found is None:
        user = request.user
        found = viewer_of(
            workspace(),
            person_id=getattr(user, "person_id", ""),
            role=getattr(user, "role", ""),
            grants=getattr(user, "grants", ()),
            on=today(),
        )
        request._viewer = found  # type: ignore[attr-defined]  # noqa: SLF001 - ours
    return found


def actor(request: HttpRequest) -> Actor:
    """Return who acts, for a use case; the audit keeps their e-mail."""
    return Actor(viewer(request), str(getattr(request.user, "email", "")))


def allowed(request: HttpRequest, act: Act, line: Line) -> bool:
    """Return whether the reader may do this with that objective."""
    subject = Subject(line.owner, published=line.published)
    return may(viewer(request), act, subject=subject)


def visible(request: HttpRequest, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines whose result the reader may see."""
    return tuple(line for line in lines if allowed(request, Act.SEE_RESULT, line))


def _ruled(view: Callable[..., Any], rule: str) -> Callable[..., Any]:
    view.rule = rule  # type: ignore[attr-defined]
    return view
