"""The screens of the menu, in the order of a day; one line each.

A screen shows where its address exists and the reader may do its act with something;
`key` is its letter after `g` on the keyboard.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jalon.domain.people.permission import Act, Viewer, may_somewhere
from jalon.domain.people.roles import Role


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry: its name, its address, the act it needs, its letter."""

    label: Promise
    url_name: str
    act: Act | None = None
    key: str = ""
    roles: tuple[Role, ...] = tuple(Role)


@dataclass(frozen=True, slots=True)
class Group:
    """Some screens that serve the same moment."""

    label: Promise
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen as the reader sees it; `here` where it is the one being read."""

    label: str
    url: str
    key: str
    here: bool


GROUPS = (
    Group(
        _("Follow"),
        (
            Screen(_("My objectives"), "my_objectives", key="m"),
            Screen(_("Team"), "team", key="e"),
            Screen(_("Direction"), "direction", Act.SEE_COURSE, "d"),
            Screen(_("Pacing"), "pacing", key="r"),
            Screen(_("Objectives"), "objectives", key="o"),
        ),
    ),
    Group(
        _("Prepare"),
        (
            Screen(_("New objective"), "new_objective", Act.PROPOSE, "n"),
            Screen(_("Models"), "models", key="l"),
            Screen(_("Planning grid"), "plannings", key="g"),
            Screen(_("Territories"), "territories", Act.DECIDE, "t"),
            Screen(_("Balance"), "balance", key="b"),
        ),
    ),
    Group(
        _("Understand"),
        (
            Screen(_("KPI explorer"), "explorer", key="x"),
            Screen(_("KPI catalogue"), "catalogue", key="k"),
        ),
    ),
    Group(
        _("Administration"),
        (
            Screen(_("Data"), "data", Act.SEE_DATA, "s"),
            Screen(_("People and teams"), "people", key="p"),
            Screen(_("Accounts"), "accounts", Act.INVITE, "c"),
            Screen(_("Journal"), "journal", Act.SEE_JOURNAL, "j"),
            Screen(_("First steps"), "first_run", Act.CHANGE_SETTINGS),
        ),
    ),
)


def menu(viewer: Viewer, *, path: str) -> list[tuple[str, list[Entry]]]:
    """Return the groups the viewer has something in, each with its entries."""
    found = [
        (group.label, [(one, _address(one)) for one in group.screens])
        for group in GROUPS
    ]
    shown = [
        (label, [(one, url) for one, url in screens if url and _open(one, viewer)])
        for label, screens in found
    ]
    here = _nearest([url for _, screens in shown for _, url in screens], path)
    return [
        (
            str(label),
            [Entry(str(one.label), url, one.key, url == here) for one, url in screens],
        )
        for label, screens in shown
        if screens
    ]


def _address(screen: Screen) -> str:
    try:
        return reverse(screen.url_name)
    except NoReverseMatch:
        return ""


def _open(screen: Screen, viewer: Viewer) -> bool:
    able = screen.act is None or may_somewhere(viewer, screen.act)
    return able and viewer.role in screen.roles


def _nearest(urls: list[str], path: str) -> str:
    """Return the address the path is under, the longest; the root only for itself."""
    under = [
        url for url in urls if path == url or (url != "/" and path.startswith(url))
    ]
    return max(under, key=len, default="")
