"""The evidence of somebody's objectives over a period: what was said, when, by whom.

Everything is read from what was kept at the time: objectives, their re-targets and
receipts, what was said while they were agreed on, moves, evaluations. The digest is of
the content itself, so that the same content has the same digest for ever.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from jalon.domain.cascade.grid import GridRow
from jalon.domain.periods import Period
from jalon.queries.board import lines
from jalon.queries.evidence_known import Relief, Signing, relief, signings
from jalon.queries.pages import Line
from jalon.queries.planning import Word
from jalon.queries.retargets import Told, told
from jalon.records import planning_rows
from jalon.records.audit import AuditLine
from jalon.records.objectives import Move
from jalon.records.plannings import Planning, PlanningWord
from jalon.workspace.folder import Workspace

SIGNED = ("agreed", "active")


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of state, when and by whom."""

    on: datetime.date
    former: str
    new: str
    by: str
    comment: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was known when the figure was agreed: last year, and the work to come.

    `days` are the working days expected, part-time, ramp and leave taken off, beside
    those of the fullest person of the planning.
    """

    history: Decimal
    days: Decimal
    full_days: Decimal


@dataclass(frozen=True, slots=True)
class Proof:
    """One objective with all that proves it."""

    line: Line
    written_at: datetime.datetime | None
    written_by: str
    words: tuple[Word, ...]
    moves: tuple[Moved, ...]
    retargets: tuple[Told, ...]
    known: Known | None
    signing: Signing | None

    @property
    def is_signed(self) -> bool:
        """Return whether an acceptance or an agreement is kept."""
        return self.accepted is not None or any(m.new in SIGNED for m in self.moves)

    @property
    def accepted(self) -> Word | None:
        """Return when its owner accepted the figure, the last time."""
        said = [word for word in self.words if word.word == "accepted"]
        return said[-1] if said else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Somebody's file over a period, and its digest."""

    owner: str
    name: str
    company: str
    period: Period
    made_on: datetime.date
    proofs: tuple[Proof, ...]
    relief: Relief
    digest: str

    @property
    def last(self) -> datetime.date:
        """Return the last day of the period."""
        return self.period.after - datetime.timedelta(days=1)


def evidence(
    workspace: Workspace, owner: str, period: Period, *, on: datetime.date
) -> Evidence:
    """Return an owner's file: the objectives that touch the period, oldest first."""
    mine = sorted(
        (
            line
            for line in lines(workspace, on=on)
            if line.owner == owner
            and line.state != "draft"
            and line.first < period.after
            and period.first < line.after
        ),
        key=lambda line: (line.first, line.id),
    )
    ids = [line.id for line in mine]
    written, moves = _written(ids), _moves(ids)
    plannings = _plannings(mine)
    words = {line.id: _words(plannings.get(line.id), owner) for line in mine}
    signed = signings(
        {
            name: day
            for name in ids
            if (day := _signed_on(words[name], moves[name], written.get(name)))
        }
    )
    proofs = tuple(
        Proof(
            line=line,
            written_at=written[line.id][0] if line.id in written else None,
            written_by=written[line.id][1] if line.id in written else "",
            words=words[line.id],
            moves=moves[line.id],
            retargets=told(line.id),
            known=_known(plannings.get(line.id), owner),
            signing=signed.get(line.id),
        )
        for line in mine
    )
    name = mine[0].owner_name if mine else owner.partition(":")[2]
    company = workspace.settings.company
    eased = relief(workspace, owner, period)
    told_of = [asdict(proof) for proof in proofs]
    content = [company, owner, name, asdict(period), on, told_of, asdict(eased)]
    digest = _digest(content)
    return Evidence(owner, name, company, period, on, proofs, eased, digest)


def _signed_on(
    words: Iterable[Word],
    moves: Iterable[Moved],
    written: tuple[datetime.datetime, str] | None,
) -> datetime.date | None:
    """Return the day of the acceptance, else of the agreement, else of the writing."""
    accepted = [word.on for word in words if word.word == "accepted"]
    agreed = [move.on for move in moves if move.new in SIGNED]
    if accepted or agreed:
        return accepted[-1] if accepted else agreed[0]
    return written[0].date() if written else None


def _digest(content: object) -> str:
    text = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(ids: Iterable[str]) -> dict[str, tuple[datetime.datetime, str]]:
    """Return when each was first written, and by whom."""
    found: dict[str, tuple[datetime.datetime, str]] = {}
    rows = AuditLine.objects.filter(noun="objective", key__in=tuple(ids), verb="set")
    for row in rows.order_by("at"):
        found.setdefault(row.key, (row.at, row.by))
    return found


def _moves(ids: Iterable[str]) -> Mapping[str, tuple[Moved, ...]]:
    found: dict[str, tuple[Moved, ...]] = defaultdict(tuple)
    for row in Move.objects.filter(objective_id__in=tuple(ids)).order_by("on", "id"):
        moved = Moved(row.on, row.former, row.new, row.by, row.comment)
        found[row.objective_id] += (moved,)
    return found


def _plannings(mine: Iterable[Line]) -> dict[str, str]:
    """Return the planning that wrote each objective, where one did."""
    known = set(Planning.objects.order_by("id").values_list("id", flat=True))
    return {
        line.id: planning
        for line in mine
        if (planning := line.id.removesuffix(f"-{line.owner.replace(':', '-')}"))
        in known
    }


def _words(planning: str | None, owner: str) -> tuple[Word, ...]:
    if planning is None:
        return ()
    rows = PlanningWord.objects.filter(planning_id=planning, owner=owner)
    return tuple(
        Word(
            word=row.word,
            figure=row.figure,
            confidence=row.confidence,
            text=row.text,
            by=row.by,
            on=row.on,
        )
        for row in rows.order_by("id")
    )


def _known(planning: str | None, owner: str) -> Known | None:
    rows = planning_rows.load(planning) if planning else ()
    mine = next((row for row in rows if row.owner == owner), None)
    if mine is None:
        return None
    return Known(mine.history, _days(mine), max(map(_days, _people(rows))))


def _people(rows: Iterable[GridRow]) -> list[GridRow]:
    return [row for row in rows if row.owner.startswith("person:")]


def _days(row: GridRow) -> Decimal:
    return sum(row.presence, Decimal(0))
