"""The wall, the words that wait for the reader, thanks, screens and rooms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from jalon.domain.people.permission import COMPANY, Act, Subject, may, may_somewhere
from jalon.domain.recognition.standing import Badge
from jalon.queries import recognition
from jalon.queries.board import lines
from jalon.usecases import recognise
from jalon.web.access import actor, for_company, for_some, public, signed_in, viewer
from jalon.web.language import current
from jalon.web.today import today, workspace

SECONDS = 20  # before the next words
A_PAGE = 4  # words at a time on a screen
STEPS = 4  # objectives of the company on a screen


@require_safe
@signed_in
def wall(request: HttpRequest) -> HttpResponse:
    """Show the words everybody may read, and the reader's own."""
    who, on = viewer(request), today()
    shown, compared = recognition.choices_of(who.person_id)
    context = {
        "words": recognition.wall(workspace(), on=on),
        "received": recognition.received(workspace(), who, on=on),
        "badges": recognition.badges_of(who.person_id) if who.person_id else (),
        "every_badge": tuple(Badge),
        "waiting": len(_waiting(request)),
        "people": recognition.people_to_thank(workspace(), who, on=on),
        "thanks": bool(who.person_id) and may_somewhere(who, Act.THANK),
        "comparisons": recognition.comparisons(workspace(), who, on=on),
        "shown": shown,
        "compared": compared,
        "me": str(getattr(request.user, "email", "")),
        "my_person": who.person_id,
        "settles": may(who, Act.CHANGE_SETTINGS, subject=Subject(COMPANY)),
        "longest": recognise.LONGEST,
    }
    return render(request, "recognition/wall.html", context)


@require_safe
@for_some(Act.RECOGNISE)
def words(request: HttpRequest) -> HttpResponse:
    """Show what waits for a word of the reader."""
    context = {"waiting": _waiting(request), "longest": recognise.LONGEST}
    return render(request, "recognition/words.html", context)


@require_POST
@for_some(Act.RECOGNISE)
def say(request: HttpRequest, word_id: int) -> HttpResponse:
    """Say a word that was proposed."""
    done = _done(
        request,
        lambda: recognise.say(
            word_id,
            request.POST.get("text", ""),
            wall=request.POST.get("wall") == "on",
            lang=current(),
            actor=actor(request),
            at=timezone.now(),
        ),
    )
    if done:
        messages.success(request, _("Said, in your name."))
    return redirect("words")


@require_POST
@for_some(Act.RECOGNISE)
def let_go(request: HttpRequest, word_id: int) -> HttpResponse:
    """Put a proposal aside."""
    _done(
        request,
        lambda: recognise.let_go(word_id, actor=actor(request), at=timezone.now()),
    )
    return redirect("words")


@require_POST
@for_some(Act.THANK)
def thank(request: HttpRequest) -> HttpResponse:
    """Thank a colleague."""
    done = _done(
        request,
        lambda: recognise.thank(
            workspace(),
            request.POST.get("person", ""),
            request.POST.get("text", ""),
            wall=request.POST.get("wall") == "on",
            lang=current(),
            actor=actor(request),
            on=today(),
            at=timezone.now(),
        ),
    )
    if done:
        messages.success(request, _("Thank you for saying it."))
    return redirect("wall")


@require_POST
@signed_in
def withdraw(request: HttpRequest, word_id: int) -> HttpResponse:
    """Take a word back."""
    _done(
        request,
        lambda: recognise.withdraw(word_id, actor=actor(request), at=timezone.now()),
    )
    return redirect("wall")


@require_POST
@for_some(Act.THANK)
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what the reader agrees to."""
    recognise.choose(
        wall=request.POST.get("wall") == "on",
        compared=request.POST.get("compared") == "on",
        actor=actor(request),
        at=timezone.now(),
    )
    messages.success(request, _("Your choice is kept."))
    return redirect("wall")


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Act.CHANGE_SETTINGS)
def screens(request: HttpRequest) -> HttpResponse:
    """Show the screens and rooms; a form posted opens a screen, its link shown once."""
    link = ""
    if request.method == "POST":
        made = _made(request)
        if made:
            link = request.build_absolute_uri(reverse("tv", args=[made]))
    context = {
        "screens": recognition.screens(),
        "rooms": recognition.rooms(),
        "link": link,
    }
    return render(request, "recognition/screens.html", context)


@require_POST
@for_company(Act.CHANGE_SETTINGS)
def close(request: HttpRequest, screen_id: int) -> HttpResponse:
    """Close a screen."""
    recognise.close_screen(screen_id, actor=actor(request), at=timezone.now())
    return redirect("screens")


@require_POST
@for_company(Act.CHANGE_SETTINGS)
def add_room(request: HttpRequest) -> HttpResponse:
    """Add a chat room."""
    _done(
        request,
        lambda: recognise.add_room(
            workspace(),
            request.POST.get("address", "").strip(),
            request.POST.get("label", ""),
            actor=actor(request),
            at=timezone.now(),
        ),
    )
    return redirect("screens")


@require_POST
@for_company(Act.CHANGE_SETTINGS)
def remove_room(request: HttpRequest, room_id: int) -> HttpResponse:
    """Remove a chat room."""
    recognise.remove_room(room_id, actor=actor(request), at=timezone.now())
    return redirect("screens")


@require_safe
@public
def tv(request: HttpRequest, token: str) -> HttpResponse:
    """Show the successes on a screen without logging in, some at a time."""
    if not recognition.screen_open(recognise.digest(token)):
        raise Http404
    on = today()
    told = recognition.on_screen(workspace(), on=on)
    pages = [told[at : at + A_PAGE] for at in range(0, len(told), A_PAGE)] or [()]
    asked = request.GET.get("page", "")
    page = int(asked) % len(pages) if asked.isascii() and asked.isdigit() else 0
    running = [
        one
        for one in lines(workspace(), on=on)
        if one.published and one.level == "company" and one.is_running(on)
    ]
    context = {
        "words": pages[page],
        "page": page + 1,
        "pages": len(pages),
        "next": (page + 1) % len(pages),
        "objectives": running[:STEPS],
    }
    answer = render(request, "recognition/tv.html", context)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Refresh"] = f"{SECONDS}; url=?page={context['next']}"
    return answer


def _waiting(request: HttpRequest) -> tuple[recognition.WordLine, ...]:
    who = viewer(request)
    if not may_somewhere(who, Act.RECOGNISE):
        return ()
    return recognition.proposals(workspace(), who, on=today())


def _made(request: HttpRequest) -> str:
    try:
        made = recognise.open_screen(
            request.POST.get("label", ""), actor=actor(request), at=timezone.now()
        )
    except recognise.WordRefusedError as refusal:
        messages.error(request, refusal.told(_))
        return ""
    return made.token


def _done(request: HttpRequest, deed: Callable[[], object]) -> bool:
    try:
        deed()
    except recognise.WordRefusedError as refusal:
        messages.error(request, refusal.told(_))
        return False
    return True
