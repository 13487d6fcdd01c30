"""Reviews as their readers may see them.

A frozen review of the company or of a team is everybody's: results are shared, good or
bad. An open one is for who leads its owner; a person's is between them and who leads
them. What the field said, the words of both sides and the notes of the discussion are
for who may read private notes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may, within
from jalon.domain.people.roles import Role
from jalon.domain.reviews.review import Side, State, Word, readable
from jalon.queries.organisation import organisation
from jalon.queries.owners import owner_names
from jalon.queries.review_document import Document, Field, Learnt, Said, of_json
from jalon.queries.review_preparing import commitments, decided
from jalon.queries.snapshots import NoDataError
from jalon.records.reviews import Learning, Review, ReviewWord
from jalon.workspace.folder import Workspace

PERSON, TEAM = "person:", "team:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One review in a list."""

    id: int
    owner: str
    owner_name: str
    kind: str
    first: datetime.date
    after: datetime.date
    frozen: bool
    frozen_at: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """A review as one reader sees it.

    `sides` are those the reader speaks for, `given` those who have given their word,
    `waiting` says that a word was given and waits for the other's.
    """

    id: int
    document: Document
    frozen: bool
    frozen_by: str
    frozen_at: datetime.datetime | None
    digest: str
    private: bool
    may_lead: bool
    sides: frozenset[Side]
    given: frozenset[Side]
    both_needed: bool
    own: Said | None
    over: bool

    @property
    def waiting(self) -> bool:
        """Return whether one word was given and the other is awaited."""
        return self.both_needed and len(self.given) == 1

    @property
    def missing(self) -> tuple[Side, ...]:
        """Return the sides that have not given their word yet."""
        needed = tuple(Side) if self.both_needed else (Side.OWNER,)
        return tuple(one for one in needed if one not in self.given)


def reviews(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[ReviewLine, ...]:
    """Return the reviews the reader may open, the latest period first."""
    names = _names(workspace, on)
    rows = Review.objects.defer("prepared").order_by("-first", "owner", "kind")
    return tuple(
        ReviewLine(
            id=one.pk,
            owner=one.owner,
            owner_name=names.get(one.owner, one.owner.partition(":")[2]),
            kind=one.kind,
            first=one.first,
            after=one.after,
            frozen=one.state == State.FROZEN.value,
            frozen_at=one.frozen_at,
        )
        for one in rows
        if may_open(viewer, one.owner, frozen=one.state == State.FROZEN.value)
    )


def review(
    workspace: Workspace, viewer: Viewer, wanted: int, *, on: datetime.date
) -> ReviewPage | None:
    """Return a review as the reader sees it; None where there is none for them."""
    row = Review.objects.filter(pk=wanted).first()
    if row is None:
        return None
    frozen = row.state == State.FROZEN.value
    if not may_open(viewer, row.owner, frozen=frozen):
        return None
    return _page(workspace, viewer, row, on=on)


def found(owner: str, kind: str, first: datetime.date) -> int | None:
    """Return the number of the review of an owner and period, None if there is none."""
    row = Review.objects.filter(owner=owner, kind=kind, first=first).first()
    return row.pk if row else None


def owners(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[tuple[str, str], ...]:
    """Return whose reviews the reader may prepare: (key, name), teams before people."""
    reach = within(viewer, Act.DECIDE)
    names = _names(workspace, on)
    try:
        here = organisation(workspace, on=on)
    except NoDataError:
        return ()
    gone = {
        f"{PERSON}{one.person_id}"
        for one in here.people
        if one.left_on is not None and one.left_on <= on
    }
    mine = f"{PERSON}{viewer.person_id}"
    listed = [
        (key, name)
        for key, name in names.items()
        if key not in gone and key != mine and (reach is None or key in reach)
    ]
    rank = {COMPANY: 0, "team": 1, "person": 2}
    return tuple(
        sorted(listed, key=lambda one: (rank[one[0].partition(":")[0]], one[1]))
    )


def may_open(viewer: Viewer, owner: str, *, frozen: bool) -> bool:
    """Return whether the reader may open a review of that owner."""
    if owner.startswith(PERSON):
        return may(viewer, Act.SEE_NOTES, subject=Subject(owner))
    return frozen or may(viewer, Act.DECIDE, subject=Subject(owner))


def sides_of(viewer: Viewer, owner: str) -> frozenset[Side]:
    """Return the sides a reader speaks for: a manager for their team, as its owner.

    Nobody speaks for both; the company's director is its owner and has no lead.
    """
    kind, _, key = owner.partition(":")
    director = viewer.role is Role.DIRECTOR
    if kind == COMPANY:
        return frozenset({Side.OWNER}) if director else frozenset()
    if kind == "person" and key == viewer.person_id != "":
        return frozenset({Side.OWNER})
    if kind == "team" and not director and key in viewer.teams:
        return frozenset({Side.OWNER})
    leads = may(viewer, Act.DECIDE, subject=Subject(owner))
    return frozenset({Side.LEAD}) if leads else frozenset()


def live(workspace: Workspace, row: Review, *, on: datetime.date) -> Document:
    """Return the whole document of an open review: prepared, and written since."""
    made: Document = of_json(Document, row.prepared)
    return replace(
        made,
        commitments=commitments(workspace, row.owner, row.kind, row.first, on=on),
        words=tuple(_said(one) for one in words(row.pk)),
        decisions=decided(workspace, row, on=on),
        learnings=tuple(
            Learnt(
                id=one.pk, kpi=one.kpi, tried=one.tried, gave=one.gave, lang=one.lang
            )
            for one in Learning.objects.filter(review=row).order_by("id")
        ),
        notes=dict(row.notes),
    )


def words(review: int) -> tuple[ReviewWord, ...]:
    """Return the words given in a review, the owner's first."""
    rows = ReviewWord.objects.filter(review_id=review)
    return tuple(sorted(rows.order_by("id"), key=lambda one: one.side != "owner"))


def shared(
    document: Document,
    *,
    private: bool,
    sides: frozenset[Side] = frozenset(Side),
    both_needed: bool = True,
) -> Document:
    """Return what one reader may read of a document."""
    if not private:
        return replace(document, heard=Field(), words=(), notes={})
    given = tuple(
        Word(Side(one.side), one.level, one.proud, one.harder, one.needs)
        for one in document.words
    )
    told = {one.side for one in readable(given, sides=sides, both_needed=both_needed)}
    return replace(
        document, words=tuple(one for one in document.words if one.side in told)
    )


def _page(
    workspace: Workspace, viewer: Viewer, row: Review, *, on: datetime.date
) -> ReviewPage:
    frozen = row.state == State.FROZEN.value
    whole: Document = (
        of_json(Document, row.prepared) if frozen else live(workspace, row, on=on)
    )
    sides = sides_of(viewer, row.owner)
    private = may(viewer, Act.SEE_NOTES, subject=Subject(row.owner))
    both = row.owner != COMPANY
    return ReviewPage(
        id=row.pk,
        document=shared(whole, private=private, sides=sides, both_needed=both),
        frozen=frozen,
        frozen_by=row.frozen_by,
        frozen_at=row.frozen_at,
        digest=row.digest,
        private=private,
        may_lead=may(viewer, Act.DECIDE, subject=Subject(row.owner)),
        sides=sides,
        given=frozenset(Side(one.side) for one in whole.words),
        both_needed=both,
        own=next((one for one in whole.words if Side(one.side) in sides), None),
        over=on >= row.after - datetime.timedelta(days=1),
    )


def _said(row: ReviewWord) -> Said:
    return Said(
        side=row.side,
        level=row.level,
        proud=row.proud,
        harder=row.harder,
        needs=row.needs,
        lang=row.lang,
        by=row.by,
    )


def _names(workspace: Workspace, on: datetime.date) -> dict[str, str]:
    company: Iterable[tuple[str, str]] = ((COMPANY, workspace.settings.company),)
    return {**dict(company), **owner_names(workspace, on=on)}
