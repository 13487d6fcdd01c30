"""What every page carries around its content: language, theme, menu, the reader."""

from __future__ import annotations

from django.http import HttpRequest

from jalon.domain.people.permission import COMPANY, Act, Subject, may
from jalon.queries.alerts import unseen
from jalon.queries.first_run import next_step
from jalon.web.access import viewer
from jalon.web.components.navigation import Entry, menu
from jalon.web.language import current
from jalon.web.today import workspace

THEME_COOKIE = "jalon_theme"
THEMES = ("system", "light", "dark")
START = "/start/"
OTHER_LANGUAGE = {"fr": "en", "en": "fr"}


def chrome(request: HttpRequest) -> dict[str, object]:
    """Return the context of the frame."""
    theme = request.COOKIES.get(THEME_COOKIE, THEMES[0])
    theme = theme if theme in THEMES else THEMES[0]
    return {
        "language": current(),
        "other_language": OTHER_LANGUAGE[current()],
        "theme": theme,
        "next_theme": THEMES[(THEMES.index(theme) + 1) % len(THEMES)],
        "company": workspace().settings.company,
        "menu": _menu(request),
        "first_run_left": _first_run_left(request),
        "initials": initials(str(getattr(request, "user", ""))),
    }


def initials(name: str) -> str:
    """Return two letters for a name or an e-mail."""
    words = name.partition("@")[0].replace(".", " ").replace("-", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _first_run_left(request: HttpRequest) -> bool:
    """Return whether the reader has a first run to take up again, from elsewhere."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.path.startswith(START):
        return False
    able = may(viewer(request), Act.CHANGE_SETTINGS, subject=Subject(COMPANY))
    return able and next_step() != ""


def _menu(request: HttpRequest) -> list[tuple[str, list[Entry]]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    who = viewer(request)
    counts = {"alerts": unseen(who, by=str(getattr(user, "email", "")))}
    return menu(who, path=request.path, counts=counts)
