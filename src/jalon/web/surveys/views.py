"""What customers answered, what is done about it; surveys made, sent, stopped."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.domain.feedback.asking import QUIET_DAYS, Kind, Trigger
from jalon.domain.people.permission import Act, may_somewhere
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.organisation import PersonRow, people_of
from jalon.queries.snapshots import NoDataError
from jalon.queries.survey_answers import Answer, Answers, answers
from jalon.queries.survey_status import Wave, sendings, waves
from jalon.usecases import surveys as use_case
from jalon.usecases.send_surveys import Link, send_to
from jalon.web.access import actor, for_company, for_some, viewer
from jalon.web.today import today, workspace

MONTHS = {"3": 91, "6": 182, "12": 365}
DAYS_TO_ACT = 7
MOST_CARRIERS = 60  # of an action, where no team tells who is near
LARGEST_LIST = 2_000_000  # characters


@require_safe
@for_some(Act.SEE_ANSWERS)
def surveys(request: HttpRequest) -> HttpResponse:
    """Show the NPS with its interval, the words, the actions, the surveys."""
    who, on = viewer(request), today()
    months = request.GET.get("months", "12")
    days = MONTHS.get(months, MONTHS["12"])
    after = on + datetime.timedelta(days=1)
    period = Period(after - datetime.timedelta(days=days), after)
    found, carriers = _answers(request, period), _carriers(request)
    context = {
        "months": months if months in MONTHS else "12",
        "found": found,
        "detractors": [(one, _beside(carriers, one)) for one in found.detractors],
        "promoters": [(one, _beside(carriers, one)) for one in found.promoters],
        "manages": may_somewhere(who, Act.SURVEY),
        "sendings": sendings() if may_somewhere(who, Act.SURVEY) else (),
        "waves": waves(workspace(), on=on)
        if may_somewhere(who, Act.SEE_COURSE)
        else (),
        "acts": bool(carriers),
        "due": on + datetime.timedelta(days=DAYS_TO_ACT),
        "quiet_days": QUIET_DAYS,
    }
    return render(request, "surveys/page.html", context)


@require_POST
@for_company(Act.SURVEY)
def new_survey(request: HttpRequest) -> HttpResponse:
    """Make a survey."""
    said = request.POST
    kind, trigger = said.get("kind", ""), said.get("trigger", "")
    try:
        use_case.make_survey(
            said.get("name", ""),
            kind=Kind(kind) if kind in list(Kind) else Kind.NPS,
            trigger=Trigger(trigger) if trigger in list(Trigger) else Trigger.HAND,
            delay_days=_number(said.get("delay_days", "")),
            quiet_days=_number(said.get("quiet_days", "")),
            actor=actor(request),
            on=today(),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    return redirect("surveys")


@require_POST
@for_company(Act.SURVEY)
def switch_survey(request: HttpRequest, key: str) -> HttpResponse:
    """Stop a survey, or let it go on."""
    active = request.POST.get("active") == "1"
    try:
        use_case.switch(key, active=active, actor=actor(request), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.told(_))
    return redirect("surveys")


@require_POST
@for_company(Act.SURVEY)
def send_survey(request: HttpRequest, key: str) -> HttpResponse:
    """Send a survey to the list pasted, or to the team."""
    try:
        survey = use_case.survey_named(key)
        to_team = survey.kind == Kind.ENGAGEMENT.value
        asked = send_to(
            workspace(),
            survey,
            None if to_team else request.POST.get("list", "")[:LARGEST_LIST],
            link=_linking(request),
            actor=actor(request),
            on=today(),
            at=timezone.now(),
        )
    except (Refusal, NoDataError) as refusal:
        messages.error(request, refusal.told(_))
        return redirect("surveys")
    told = _(
        "Mails sent: {sent}; left in peace: {rested}; not sent: {unsent}; unread lines:"
        " {unread}."
    ).format(
        sent=asked.sent,
        rested=asked.rested,
        unsent=asked.unsent,
        unread=len(asked.unread),
    )
    messages.success(request, told)
    return redirect("surveys")


@require_POST
@for_some(Act.ACT)
def act_on_answer(request: HttpRequest, answer_id: str) -> HttpResponse:
    """Say what will be done about an answer."""
    try:
        due = datetime.date.fromisoformat(request.POST.get("due", ""))
    except ValueError:
        due = today() + datetime.timedelta(days=DAYS_TO_ACT)
    try:
        use_case.plan_loop(
            workspace(),
            answer_id,
            text=request.POST.get("text", ""),
            owner=request.POST.get("owner", ""),
            due=due,
            actor=actor(request),
            on=today(),
            at=timezone.now(),
        )
    except use_case.SurveyRefusedError as refusal:
        messages.error(request, refusal.told(_))
    return redirect("surveys")


@require_POST
@for_some(Act.ACT)
def finish_action(request: HttpRequest, action: int) -> HttpResponse:
    """Say that an action is done."""
    try:
        use_case.finish_loop(
            action,
            result=request.POST.get("result", ""),
            actor=actor(request),
            on=today(),
            at=timezone.now(),
        )
    except use_case.SurveyRefusedError as refusal:
        messages.error(request, refusal.told(_))
    return redirect("surveys")


def _answers(request: HttpRequest, period: Period) -> Answers:
    return answers(workspace(), viewer(request), period, on=today())


def _waves(request: HttpRequest) -> tuple[Wave, ...]:
    course = may_somewhere(viewer(request), Act.SEE_COURSE)
    return waves(workspace(), on=today()) if course else ()


def _carriers(request: HttpRequest) -> list[PersonRow]:
    """Return whom the reader may give an action to."""
    who = viewer(request)
    if not may_somewhere(who, Act.ACT):
        return []
    try:
        present = people_of(workspace(), on=today())
    except NoDataError:
        return []
    mine = {who.person_id, *who.people}
    everybody = who.role == "director"
    return [one for one in present if everybody or one.person_id in mine]


def _beside(carriers: Iterable[PersonRow], answer: Answer) -> list[PersonRow]:
    """Return who may be given an action on an answer: its salesperson and their team.

    Where nobody keeps that customer, the first of all.
    """
    everybody = list(carriers)
    keeper = next((x for x in everybody if x.person_id == answer.person_id), None)
    if keeper is None or keeper.team_id is None:
        return everybody[:MOST_CARRIERS]
    return [one for one in everybody if one.team_id == keeper.team_id]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _linking(request: HttpRequest) -> Link:
    def link(token: str, what: str) -> str:
        path = reverse("survey_form", args=[token])
        return request.build_absolute_uri(f"{path}{what}/" if what else path)

    return link
