"""What a mail's links open, without logging in: one answer, or the way out.

A GET never answers for anybody: it shows the score with a button, and is remembered as
a click. HEAD, which only robots send, is not even that. The way out is a POST too; mail
programs send it by themselves (RFC 8058), so it needs no token of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from jalon.domain.feedback.asking import LONGEST_COMMENT, SCALES, Kind
from jalon.notifications.survey_words import ends, question
from jalon.queries.survey_status import is_left_alone
from jalon.usecases import answer_survey as use_case
from jalon.usecases.answer_survey import AnswerRefusedError, Request
from jalon.web.access import public
from jalon.web.surveys.limit import limited
from jalon.web.today import workspace

GONE, WRONG = 410, 422
View = Callable[..., HttpResponse]


def _of_request(view: View) -> View:
    """Give the view the request its token names, in its language; else 410."""

    @wraps(view)
    def found(
        http: HttpRequest, token: str, *args: object, **kwargs: object
    ) -> HttpResponse:
        asked = use_case.request_of(token, at=timezone.now())
        if asked is None:
            return render(
                http, "surveys/gone.html", {"company": _company()}, status=GONE
            )
        with translation.override(asked.lang):
            answer = view(http, asked, token, *args, **kwargs)
            answer["Content-Language"] = asked.lang
            answer["X-Robots-Tag"] = "noindex"
            return answer

    return found


@require_safe
@public
@never_cache
@limited
@_of_request
def clicked(http: HttpRequest, asked: Request, token: str, score: int) -> HttpResponse:
    """Show the score of the link, to be confirmed, corrected or told more about."""
    try:
        if http.method == "GET":
            use_case.click(asked, score, at=timezone.now())
    except AnswerRefusedError as refusal:
        return _form(http, asked, token, error=refusal.told(_), status=WRONG)
    return _form(http, asked, token, score=score)


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
@limited
@_of_request
def form(http: HttpRequest, asked: Request, token: str) -> HttpResponse:
    """Show the answer given so far; a form posted is the answer."""
    if http.method != "POST":
        return _form(http, asked, token, score=asked.score)
    typed = http.POST.get("score", "")
    comment = http.POST.get("comment", "")
    try:
        score = int(typed) if typed.isdecimal() else -1
        use_case.answer(asked, score, comment=comment, at=timezone.now())
    except AnswerRefusedError as refusal:
        return _form(http, asked, token, error=refusal.told(_), status=WRONG)
    return redirect(f"{http.path}?thanks=1")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
@limited
@_of_request
def out(http: HttpRequest, asked: Request, token: str) -> HttpResponse:
    """Show the way out; posted, by the page or a mail program, it is taken."""
    if http.method == "POST":
        use_case.leave(asked, at=timezone.now())
    context = {
        "company": _company(),
        "token": token,
        "left": is_left_alone(asked.address),
    }
    return render(http, "surveys/out.html", context)


def _form(
    http: HttpRequest,
    asked: Request,
    token: str,
    *,
    score: int | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    kind = Kind(asked.survey.kind)
    lowest, highest = SCALES[kind]
    low, high = ends(kind)
    anonymous = kind is Kind.ENGAGEMENT
    context = {
        "company": _company(),
        "token": token,
        "question": question(kind, _company()),
        "scale": range(lowest, highest + 1),
        "low": low,
        "high": high,
        "score": score,
        "comment": "" if anonymous else asked.comment,
        "anonymous": anonymous,
        "given": asked.answered,
        "thanks": "thanks" in http.GET and asked.answered,
        "longest": LONGEST_COMMENT,
        "error": error,
    }
    return render(http, "surveys/form.html", context, status=status)


def _company() -> str:
    return workspace().settings.company
