"""What deserves a word, the words said, and what a reader may see of them.

On the wall and on screens: words whose author wants them there, to people who agree to
be shown. A proposal is seen by who leads the person; one's own words by oneself.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from jalon.domain.feedback.checkins import Kind as PointKind
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Act, Viewer, within
from jalon.domain.recognition.merits import (
    RECENT,
    Deed,
    Kind,
    Merit,
    Result,
    merits,
)
from jalon.domain.recognition.standing import (
    Badge,
    Neighbour,
    Said,
    badges,
    neighbours,
)
from jalon.queries.board import lines
from jalon.queries.organisation import Organisation, organisation, people_of
from jalon.queries.pages import Line
from jalon.queries.snapshots import NoDataError
from jalon.records.accounts import User
from jalon.records.check_ins import CheckIn
from jalon.records.objectives import Action
from jalon.records.recognition import PROPOSED, SAID, Cheer, Screen, Shown, Word
from jalon.records.reviews import Learning
from jalon.workspace.folder import Workspace

PERSON = "person:"
ON_WALL = 30
ON_SCREEN = datetime.timedelta(days=45)
SETTLED = frozenset({"reached", "missed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLine:
    """A word as a page shows it; `by_name` is "" while it is only proposed."""

    id: int
    kind: str
    person: str
    person_name: str
    text: str
    lang: str
    by: str
    by_name: str
    at: datetime.datetime
    earned_on: datetime.date
    objective: str
    statement: str
    facts: Mapping[str, str]
    wall: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The reader and who stands beside them on one objective, among who asked."""

    line: Line
    ahead: Neighbour | None
    ahead_name: str
    behind: Neighbour | None
    behind_name: str


def found(workspace: Workspace, *, on: datetime.date) -> tuple[Merit, ...]:
    """Return what deserves a word on a day, from stored evaluations and deeds."""
    try:
        held = organisation(workspace, on=on)
    except NoDataError:
        return ()
    here = {one.person_id for one in people_of(workspace, on=on)}
    every = lines(workspace, on=on, states=frozenset(State) - {State.ABANDONED})
    results = [
        _result(one, on)
        for one in every
        if one.owner.startswith(PERSON) and one.published
    ]
    teams = {
        one.person_id: one.team_id or "" for one in held.people if one.person_id in here
    }
    told = merits(results, _deeds(every, on), teams=teams, on=on)
    return tuple(one for one in told if one.person in here)


def proposals(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[WordLine, ...]:
    """Return what waits for a word of the reader, the latest first; not their own."""
    rows = Word.objects.filter(state=PROPOSED, earned_on__gte=on - RECENT)
    owners = within(viewer, Act.RECOGNISE)
    if owners is not None:
        people = [one.removeprefix(PERSON) for one in owners if one.startswith(PERSON)]
        rows = rows.filter(person_id__in=people)
    if viewer.person_id:
        rows = rows.exclude(person_id=viewer.person_id)
    return _told(workspace, rows.order_by("-earned_on", "id"), on=on)


def wall(workspace: Workspace, *, on: datetime.date) -> tuple[WordLine, ...]:
    """Return the words everybody may read, the latest first."""
    rows = _public().order_by("-at", "-id")[:ON_WALL]
    return _told(workspace, rows, on=on)


def on_screen(workspace: Workspace, *, on: datetime.date) -> tuple[WordLine, ...]:
    """Return the words of the last weeks, for a screen on a wall."""
    since = datetime.datetime.combine(
        on - ON_SCREEN, datetime.time(), tzinfo=datetime.UTC
    )
    rows = _public().filter(at__gte=since).order_by("-at", "-id")[:ON_WALL]
    return _told(workspace, rows, on=on)


def received(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[WordLine, ...]:
    """Return the words said to the reader, on the wall or not."""
    if not viewer.person_id:
        return ()
    rows = Word.objects.filter(person_id=viewer.person_id, state=SAID)
    return _told(workspace, rows.order_by("-at", "-id")[:ON_WALL], on=on)


def badges_of(person: str) -> tuple[Badge, ...]:
    """Return the badges of somebody, from the words said to them."""
    rows = Word.objects.filter(person_id=person, state=SAID).values_list("kind", "by")
    return badges(Said(Kind(kind), by) for kind, by in rows)


def choices_of(person: str) -> tuple[bool, bool]:
    """Return whether somebody agrees to be on the wall, and to be compared."""
    row = Shown.objects.filter(person_id=person).first()
    return (row.wall, row.compared) if row else (True, False)


def comparisons(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[Comparison, ...]:
    """Return the reader's neighbours on each running objective, if they asked."""
    asked = set(Shown.objects.filter(compared=True).values_list("person_id", flat=True))
    if viewer.person_id not in asked:
        return ()
    running = [
        one
        for one in lines(workspace, on=on)
        if one.published
        and one.is_running(on)
        and one.attainment is not None
        and one.owner.removeprefix(PERSON) in asked
    ]
    names = {one.owner.removeprefix(PERSON): one.owner_name for one in running}
    return tuple(
        _compared(mine, running, viewer.person_id, names)
        for mine in running
        if mine.owner == f"{PERSON}{viewer.person_id}"
    )


def people_to_thank(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[tuple[str, str], ...]:
    """Return who may be thanked: (person, name), the reader left out."""
    try:
        here = people_of(workspace, on=on)
    except NoDataError:
        return ()
    return tuple(
        sorted(
            (
                (one.person_id, one.name)
                for one in here
                if one.person_id != viewer.person_id
            ),
            key=lambda pair: pair[1],
        )
    )


def known_person(workspace: Workspace, person: str, *, on: datetime.date) -> bool:
    """Return whether somebody works here on a day."""
    try:
        return any(one.person_id == person for one in people_of(workspace, on=on))
    except NoDataError:
        return False


def screen_open(digest: str) -> bool:
    """Return whether the link of a screen is still open."""
    return Screen.objects.filter(digest=digest, closed_at=None).exists()


def screens() -> tuple[Screen, ...]:
    """Return the screens that are open."""
    return tuple(Screen.objects.filter(closed_at=None).order_by("id"))


def rooms() -> tuple[Cheer, ...]:
    """Return the rooms the wall is told in."""
    return tuple(Cheer.objects.order_by("id"))


def _public() -> Any:  # noqa: ANN401 - Django's own query
    hidden = Shown.objects.filter(wall=False).values("person_id")
    return Word.objects.filter(state=SAID, wall=True).exclude(person_id__in=hidden)


def _result(one: Line, on: datetime.date) -> Result:
    closed = one.after <= on and one.status in SETTLED
    return Result(
        objective=one.id,
        person=one.owner.removeprefix(PERSON),
        kpi=one.kpi,
        first=one.first,
        after=one.after,
        reached=one.status == "reached",
        closed=closed,
        settled_on=min(one.since or one.after, one.after),
        attainment=one.attainment,
        actual=one.actual,
        higher=one.direction != "down",
    )


def _deeds(every: tuple[Line, ...], on: datetime.date) -> list[Deed]:
    since = on - RECENT
    return [*_practices(since, on), *_helps(every, since, on), *_lessons(since, on)]


def _practices(since: datetime.date, on: datetime.date) -> list[Deed]:
    rows = CheckIn.objects.filter(
        kind=PointKind.GOOD_PRACTICE.value,
        handed_at__date__gte=since,
        handed_at__date__lte=on,
    ).exclude(field="")
    return [
        Deed(
            kind=Kind.PRACTICE,
            person=row.person_id,
            key=str(row.pk),
            on=row.handed_at.date(),
            about=row.field,
        )
        for row in rows
        if row.handed_at
    ]


def _helps(
    every: tuple[Line, ...], since: datetime.date, on: datetime.date
) -> list[Deed]:
    """Find the actions that somebody did on an objective of another person."""
    owners = {one.id: one.owner for one in every if one.owner.startswith(PERSON)}
    rows = Action.objects.filter(
        Q(owner__startswith=PERSON), done=True, done_on__gte=since, done_on__lte=on
    ).values_list("objective_id", "rank", "owner", "done_on", "action")
    return [
        Deed(
            kind=Kind.HELP,
            person=owner.removeprefix(PERSON),
            key=f"{objective}-{rank}",
            on=done,
            about=action,
        )
        for objective, rank, owner, done, action in rows
        if objective in owners and owners[objective] != owner and done
    ]


def _lessons(since: datetime.date, on: datetime.date) -> list[Deed]:
    rows = list(Learning.objects.filter(at__date__gte=since, at__date__lte=on))
    people = dict(
        User.objects.filter(email__in=[row.by for row in rows])
        .exclude(person_id="")
        .values_list("email", "person_id")
    )
    return [
        Deed(
            kind=Kind.LESSON,
            person=people[row.by],
            key=str(row.pk),
            on=row.at.date(),
            about=row.tried,
        )
        for row in rows
        if row.by in people
    ]


def _compared(
    mine: Line, running: list[Line], me: str, names: Mapping[str, str]
) -> Comparison:
    alike: dict[str, Decimal] = {
        one.owner.removeprefix(PERSON): one.attainment
        for one in running
        if one.kpi == mine.kpi
        and (one.first, one.after) == (mine.first, mine.after)
        and one.attainment is not None
    }
    ahead, behind = neighbours(alike, me)
    return Comparison(
        line=mine,
        ahead=ahead,
        ahead_name=names[ahead.person] if ahead else "",
        behind=behind,
        behind_name=names[behind.person] if behind else "",
    )


def _told(
    workspace: Workspace,
    rows: Any,  # noqa: ANN401
    *,
    on: datetime.date,
) -> tuple[WordLine, ...]:
    held = list(rows)
    people, authors = _names(workspace, on)
    authors |= dict(
        User.objects.filter(email__in={row.by for row in held if row.by}).values_list(
            "email", "name"
        )
    )
    wanted = frozenset(row.objective for row in held if row.objective)
    statements = (
        {
            one.id: one.statement
            for one in lines(workspace, on=on, states=frozenset(State), ids=wanted)
        }
        if wanted
        else {}
    )
    return tuple(
        WordLine(
            id=row.pk,
            kind=row.kind,
            person=row.person_id,
            person_name=people.get(row.person_id, row.person_id),
            text=row.text,
            lang=row.lang,
            by=row.by,
            by_name=authors.get(row.by) or row.by,
            at=row.at,
            earned_on=row.earned_on,
            objective=row.objective,
            statement=statements.get(row.objective, ""),
            facts=row.facts,
            wall=row.wall,
        )
        for row in held
    )


def _names(
    workspace: Workspace, on: datetime.date
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of people by key, and by e-mail."""
    try:
        held: Organisation = organisation(workspace, on=on)
    except NoDataError:
        return {}, {}
    by_key = {one.person_id: one.name for one in held.people}
    return by_key, {one.email: one.name for one in held.people if one.email}
