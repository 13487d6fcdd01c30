"""Say in words who may open a page, from its rule and the one permission table."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.domain.people.permission import TABLE, Act, Reach
from jalon.domain.people.roles import Role
from jalon.usecases.acting import DEEDS
from jalon.web.access import FIRST_RUN, PUBLIC, SIGNED_IN, signed_in


@dataclass(frozen=True, slots=True)
class Line:
    """An act of the table, and how far each role may do it."""

    act: str
    deed: str
    reaches: tuple[tuple[str, str], ...]  # role, how far
    asked: bool


@require_safe
@signed_in
def who_sees(request: HttpRequest) -> HttpResponse:
    """Show who may open the page asked about, then the whole table."""
    page = request.GET.get("page", "")
    rule = rule_of(page)
    context = {
        "page": page if rule else "",
        "said": _said(rule),
        "roles": [role.value for role in Role],
        "lines": _lines(rule),
    }
    return render(request, "who_sees/page.html", context)


def rule_of(page: str) -> str:
    """Return the rule of the view at an address of ours, "" where there is none."""
    try:
        return str(getattr(resolve(page).func, "rule", ""))
    except Resolver404:
        return ""


def _said(rule: str) -> str:
    words = {
        PUBLIC: _("Anybody, without logging in."),
        SIGNED_IN: _(
            "Whoever is logged in. What is not theirs is left out of it, as the "
            "table says."
        ),
        FIRST_RUN: _(
            "Nobody has an account yet: anybody; then who may change the settings."
        ),
        Act.SEE_RESULT.value: _(
            "A result that was agreed is published: everybody sees it."
        ),
    }
    return words.get(rule, "")


def _lines(rule: str) -> list[Line]:
    words = {
        Reach.NOTHING: _("nobody’s"),
        Reach.OWN: _("their own"),
        Reach.TEAMS: _("their own and of whom they lead"),
        Reach.ALL: _("everybody’s"),
    }
    asked = Act.CHANGE_SETTINGS.value if rule == FIRST_RUN else rule
    lines = [
        Line(
            act=act.value,
            deed=_(DEEDS[act]),
            reaches=tuple((role.value, words[TABLE[role][act]]) for role in Role),
            asked=act.value == asked,
        )
        for act in Act
        if act in DEEDS
    ]
    return sorted(lines, key=lambda line: not line.asked)
