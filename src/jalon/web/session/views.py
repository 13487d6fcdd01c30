"""Log in and out; choose a language and a theme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jalon.queries.first_run import nobody_has_an_account
from jalon.web.access import public
from jalon.web.language import KNOWN
from jalon.web.page import THEME_COOKIE, THEMES
from jalon.web.session import sign_on
from jalon.web.session.entering import enter
from jalon.web.session.forms import LoginForm

YEAR_SECONDS = 365 * 24 * 60 * 60


class FirstOrLogin(LoginView):
    """The log-in page; in a fresh workspace, the first run instead."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        """Lead to the first run while nobody has an account."""
        if nobody_has_an_account():
            return redirect("first_run")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """Let in, by way of the second factor where there is one."""
        return enter(self.request, form.get_user(), then=self.get_success_url())

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the context, with the company's own log-in where one is set."""
        return {**super().get_context_data(**more), "sign_on": sign_on.setting()}


login = public(
    FirstOrLogin.as_view(
        template_name="session/login.html",
        authentication_form=LoginForm,
        redirect_authenticated_user=True,
    )
)
logout = public(LogoutView.as_view())


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language of this browser."""
    wish = request.POST.get("language", "")
    return _remembered(request, settings.LANGUAGE_COOKIE_NAME, wish, KNOWN)


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme of this browser."""
    return _remembered(request, THEME_COOKIE, request.POST.get("theme", ""), THEMES)


def _remembered(
    request: HttpRequest, cookie: str, wish: str, known: tuple[str, ...]
) -> HttpResponse:
    response = redirect(_way_back(request))
    if wish in known:
        response.set_cookie(
            cookie,
            wish,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return response


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "my_objectives"
