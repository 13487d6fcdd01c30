"""The list of accounts, one account, invitations; changes are use cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.people.permission import COMPANY, Act, Subject, may, may_give
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.queries import accounts as queries
from jalon.queries.accounts import AccountLine
from jalon.usecases import accounts as usecases
from jalon.usecases.accounts import Invited
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.second_factor import has_second_factor
from jalon.web.access import actor, for_some, viewer
from jalon.web.accounts.mails import send_invitation
from jalon.web.today import today, workspace

GRANTS = (Act.SEE_PAY, Act.SEE_ROWS, Act.SEE_DATA, Act.SEE_JOURNAL)


@require_safe
@for_some(Act.INVITE)
def accounts(request: HttpRequest) -> HttpResponse:
    """Show who has an account, with role and last visit, and who is invited."""
    return _list(request, {})


@require_POST
@for_some(Act.INVITE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; show the link where no mail leaves."""
    told = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    invited = Invited(**told)
    try:
        token = usecases.invite(invited, actor=actor(request), at=timezone.now())
    except ForbiddenError:
        raise
    except Refusal as refusal:
        return _list(request, {"fault": refusal.told(_), "told": told}, status=400)
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    company = workspace().settings.company
    left = send_invitation(invited, link, company=company, by=str(request.user))
    context = {"invited": invited, "link": link, "left": left}
    return _list(request, context)


@require_POST
@for_some(Act.INVITE)
def withdraw(request: HttpRequest) -> HttpResponse:
    """End an invitation nobody answered."""
    email = request.POST.get("email", "")
    usecases.withdraw(email, actor=actor(request), at=timezone.now())
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("accounts")


@for_some(Act.INVITE)
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one account; by POST, give it a role and a person of the facts."""
    line = _known(request, user_id)
    if request.method == "POST":
        usecases.change_role(
            user_id,
            request.POST.get("role", ""),
            person_id=request.POST.get("person_id", "").strip(),
            actor=actor(request),
            at=timezone.now(),
        )
        messages.success(request, _("The account is changed."))
        return redirect("account", user_id)
    found = queries.accounts(
        workspace(), viewer=viewer(request), on=today(), at=timezone.now()
    )
    mine = [(line.person_id, line.person)] if line.person_id else []
    context = {
        "line": line,
        "roles": found.roles,
        "people": [*mine, *found.people],
        "grants": [(act.value, act.value in line.grants) for act in GRANTS],
        "has_second_factor": has_second_factor(line.id),
        "may_grant": may_give(viewer(request), Role.DIRECTOR),
    }
    return render(request, "accounts/account.html", context)


@require_POST
@for_some(Act.INVITE)
def active(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account, or open it again."""
    _known(request, user_id)
    wished = request.POST.get("active") == "1"
    change = usecases.reactivate if wished else usecases.deactivate
    change(user_id, actor=actor(request), at=timezone.now())
    told = _("The account is open again.") if wished else _("The account is closed.")
    messages.success(request, told)
    return redirect("account", user_id)


@require_POST
@for_some(Act.INVITE)
def grants(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let an account do some acts over the whole company."""
    _known(request, user_id)
    known = {act.value for act in GRANTS}
    acts = known.intersection(request.POST.getlist("act"))
    usecases.grant(user_id, acts, actor=actor(request), at=timezone.now())
    messages.success(request, _("The account is changed."))
    return redirect("account", user_id)


@require_POST
@for_some(Act.INVITE)
def log_out(request: HttpRequest, user_id: int) -> HttpResponse:
    """End every session of somebody."""
    _known(request, user_id)
    usecases.log_out_everywhere(user_id, actor=actor(request), at=timezone.now())
    messages.success(request, _("Every session of this account has ended."))
    return redirect("account", user_id)


_FIELDS = ("email", "name", "role", "person_id", "language")


def _known(request: HttpRequest, user_id: int) -> AccountLine:
    """Return an account that the reader may change; others do not exist for them."""
    line = queries.account(workspace(), user_id, on=today())
    if line is None or not queries.may_change(viewer(request), line):
        raise Http404
    return line


def _list(
    request: HttpRequest, more: dict[str, object], *, status: int = 200
) -> HttpResponse:
    found = queries.accounts(
        workspace(), viewer=viewer(request), on=today(), at=timezone.now()
    )
    context = {
        "found": found,
        "may_import": may(viewer(request), Act.INVITE, subject=Subject(COMPANY)),
        "languages": (("fr", "Français"), ("en", "English")),
        "told": dict.fromkeys(_FIELDS, ""),
    }
    return render(request, "accounts/page.html", {**context, **more}, status=status)
