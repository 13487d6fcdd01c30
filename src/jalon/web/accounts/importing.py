"""Accounts from a list: shown first, done once accepted, the links handed over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.domain.people.permission import Act
from jalon.usecases.accounts import Invited
from jalon.usecases.import_accounts import INVITE, SAME, Done, Plan, import_accounts
from jalon.usecases.import_accounts import plan_accounts as planned
from jalon.web.access import actor, for_company
from jalon.web.accounts.mails import send_invitation
from jalon.web.today import workspace

REFUSED = 400
LONGEST = 2_000_000


@for_company(Act.INVITE)
def import_list(request: HttpRequest) -> HttpResponse:
    """Read a list of accounts; nothing is written before it is accepted."""
    if request.method != "POST":
        nothing = {"text": "", "close_missing": False, "plan": Plan(), "faults": []}
        return render(request, "accounts/import.html", nothing)
    text = _text(request)
    close = request.POST.get("close_missing") == "1"
    plan = planned(text, close_missing=close)
    context: dict[str, object] = {
        "text": text,
        "close_missing": close,
        "plan": plan,
        "steps": [one for one in plan.steps if one.deed != SAME],
        "same": len(plan.of(SAME)),
        "faults": [one.told(_) for one in plan.faults],
    }
    if request.POST.get("accept") == "1" and plan.steps:
        done = import_accounts(plan, actor=actor(request), at=timezone.now())
        context["faults"] = [one.told(_) for one in (*plan.faults, *done.refused)]
        context |= {"done": done, "links": _links(request, done)}
    status = REFUSED if plan.faults and not plan.steps else 200
    return render(request, "accounts/import.html", context, status=status)


def _text(request: HttpRequest) -> str:
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > LONGEST:
        return request.POST.get("list", "")[:LONGEST]
    text: str = given.read().decode("utf-8-sig", "replace")
    return text


def _links(request: HttpRequest, done: Done) -> list[tuple[str, str]]:
    """Send the invitations; return the links of those that did not leave."""
    left = []
    company, by = workspace().settings.company, str(request.user)
    for step in done.plan.of(INVITE):
        token = done.tokens.get(step.wished.email)
        if token is None:
            continue
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
        language = step.wished.language or "fr"
        invited = Invited(
            email=step.wished.email, role=step.wished.role, language=language
        )
        if not send_invitation(invited, link, company=company, by=by):
            left.append((step.wished.email, link))
    return left
