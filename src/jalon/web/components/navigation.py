"""The screens of the menu, in the order of a day; one line each.

A screen shows where its address exists and the reader may do its act with something;
`key` is its letter after `g` on the keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """A screen as the reader sees it; `here` where it is the one being read.

    `count` is how many things of it the reader has not seen yet.
    """

    label: str
    url: str
    key: str
    here: bool
    count: int = 0


GROUPS = (
    Group(
        _("Follow"),
        (
            Screen(_("My objectives"), "my_objectives", key="m"),
            Screen(_("Team"), "team", key="e"),
            Screen(_("Weekly reading"), "weekly", key="w"),
            Screen(_("Reviews"), "reviews", key="u"),
            Screen(_("Learnings"), "learnings"),
            Screen(_("Direction"), "direction", Act.SEE_COURSE, "d"),
            Screen(_("Pacing"), "pacing", key="r"),
            Screen(_("Objectives"), "objectives", key="o"),
            Screen(_("Alerts"), "alerts", Act.SEE_ALERTS, "a"),
            Screen(_("My point"), "check_in", Act.CHECK_IN, "q"),
            Screen(_("The team's points"), "check_ins", Act.DECIDE),
            Screen(_("Successes"), "wall", key="i"),
            Screen(_("My views"), "my_views", key="y"),
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
        _("Pay"),
        (
            Screen(_("My pay"), "pay", Act.SEE_PAY, "v"),
            Screen(_("Pay plans"), "pay_plans", Act.WRITE_PAY_PLAN),
            Screen(_("Pay runs"), "pay_runs", Act.SETTLE_PAY),
            Screen(_("Simulation of pay"), "pay_simulation", Act.SETTLE_PAY),
        ),
    ),
    Group(
        _("Understand"),
        (
            Screen(_("Trends and bottlenecks"), "funnel", key="h"),
            Screen(_("Customers' voice"), "surveys", Act.SEE_ANSWERS),
            Screen(_("KPI explorer"), "explorer", key="x"),
            Screen(_("KPI catalogue"), "catalogue", key="k"),
            Screen(_("Forecast track record"), "track_record", key="f"),
        ),
    ),
    Group(
        _("Administration"),
        (
            Screen(_("Data"), "data", Act.SEE_DATA, "s"),
            Screen(_("People and teams"), "people", key="p"),
            Screen(_("Accounts"), "accounts", Act.INVITE, "c"),
            Screen(_("Journal"), "journal", Act.SEE_JOURNAL, "j"),
            Screen(_("Settings"), "company_settings", Act.CHANGE_SETTINGS),
            Screen(_("First steps"), "first_run", Act.CHANGE_SETTINGS),
        ),
    ),
)


def menu(
    viewer: Viewer, *, path: str, counts: Mapping[str, int] | None = None
) -> list[tuple[str, list[Entry]]]:
    """Return the groups the viewer has something in, each with its entries.

    `counts` says by name of address how many things were not seen yet.
    """
    unseen = counts or {}
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
            [
                Entry(
                    str(one.label),
                    url,
                    one.key,
                    url == here,
                    unseen.get(one.url_name, 0),
                )
                for one, url in screens
            ],
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


def label_of(url_name: str) -> str:
    """Return the name of a screen of the menu, else of its address."""
    for group in GROUPS:
        for one in group.screens:
            if one.url_name == url_name:
                return str(one.label)
    return url_name
