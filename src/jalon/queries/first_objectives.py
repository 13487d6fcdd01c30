"""The models as first objectives: what each is worth today, for whom, aiming at what.

An aim is typed as a target ("3 000 000", "73 %") or as a change ("+12 %", "+6 pt"). For
several owners it is a change: the same step from the baseline of each.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as noop

from jalon.domain.kpis.conditions import condition
from jalon.domain.objectives import fields
from jalon.domain.objectives.adapting import legible, period_of
from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.models import Model
from jalon.domain.objectives.objective import Direction
from jalon.domain.people.names import folded
from jalon.domain.refusals import Refusal
from jalon.queries.model_adaptation import Adaptation, adapt, choices
from jalon.queries.models import models_of
from jalon.queries.organisation import organisation, people_of
from jalon.queries.snapshots import NoDataError
from jalon.records.objectives import Objective as ObjectiveRecord
from jalon.workspace.folder import Workspace

SAME_WORDS = {
    "PME": (
        "petite et moyenne entreprise",
        "petites et moyennes entreprises",
        "petite entreprise",
        "small and medium business",
        "small business",
        "smb",
        "sme",
    ),
}
COMPANY, TEAMS, BOTH, PEOPLE = "company", "teams", "company+teams", "people"
RATES = frozenset({"share", "percent"})
MOST_OWNERS = 60
_TARGET = re.compile(
    r"[€$£]?\s*(?P<number>\d[\d\s.,’']*?)\s*(?P<fold>k|M)?\s*"
    r"(?P<unit>%|€|\$|\$[A-Z]{2}|£|[A-Z]{3}|j|jours?|d|days?|pts?|mois|mo)?"
)
_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")  # elsewhere a comma is a decimal one
_FOLDS = {"": Decimal(1), "k": Decimal(1000), "M": Decimal(1_000_000)}
SHARE_OF_A_PART = "revenue_share"  # of the whole it is always 100 %: no objective
_UNREADABLE = noop(
    "{written} is neither a target nor a change. "
    "Expected e.g. {target}, +12 % or +6 pt."
)
_AMBIGUOUS = noop(
    "{written} of a rate has two readings. Expected {points} for points, or the rate "
    "aimed at, e.g. 25 %."
)


class UnreadableAimError(Refusal, ValueError):
    """What was typed as a target is none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says of one model; empty is what is proposed.

    `where` is None where nothing was said of its filter; `owner` is "company", a team,
    a person, or several at once: "teams", "company+teams", "people".
    """

    owner: str = COMPANY
    aim: str = ""
    where: tuple[str, ...] | None = None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model for this company: its adaptation, the target aimed at, what may be said.

    `filters` are the values its filter may take, the most sold first; `fault` says why
    what was typed is no target.
    """

    model: Model
    wish: Wish
    adaptation: Adaptation
    target: Decimal | None
    filters: tuple[str, ...] = ()
    fault: Refusal | None = None
    there: bool = False

    @property
    def measurable(self) -> bool:
        """Return whether the facts say where the company stands."""
        found = self.adaptation
        if found.model.kpi == SHARE_OF_A_PART and not self.filters:
            return False
        return found.baseline is not None or bool(found.so_far)

    @property
    def change(self) -> Decimal | None:
        """Return the step from the baseline: a ratio less one, points for a rate."""
        base = self.adaptation.baseline
        if self.target is None or base is None:
            return None
        if self.adaptation.unit in RATES:
            return self.target - base
        return self.target / base - 1 if base else None


@dataclass(frozen=True, slots=True)
class Owners:
    """Who may carry an objective: teams and people by key and name."""

    teams: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    above: Mapping[str, str] = field(default_factory=dict)  # team by team under it

    def of(self, choice: str) -> tuple[str, ...]:
        """Return the owners a choice means, the company first."""
        teams = tuple(f"team:{key}" for key, _ in self.teams)
        groups = {
            TEAMS: teams,
            BOTH: (COMPANY, *teams),
            PEOPLE: tuple(f"person:{key}" for key, _ in self.people),
        }
        known = {COMPANY, *teams, *groups[PEOPLE]}
        return groups.get(choice, (choice,) if choice in known else (COMPANY,))


def owners(workspace: Workspace, *, on: datetime.date) -> Owners:
    """Return the teams and the people present, as choices of a form.

    Teams without anybody in them are left out, as are people who lead others: a team's
    objective is theirs.
    """
    try:
        found = organisation(workspace, on=on)
        present = people_of(workspace, on=on)
    except NoDataError:
        return Owners()
    filled = {found.team_of(one.person_id, on) for one in present}
    kept = [one for one in found.teams if one.team_id in filled]
    leading = {one.manager_id for one in present}
    return Owners(
        teams=tuple((one.team_id, one.name) for one in kept),
        above={
            f"team:{one.team_id}": f"team:{nearest}"
            for one in kept
            if (nearest := _nearest(found.ancestors(one.team_id), filled))
        },
        people=tuple(
            (one.person_id, one.name) for one in present if one.person_id not in leading
        )[:MOST_OWNERS],
    )


def _nearest(ancestors: Iterable[str], filled: Container[str | None]) -> str:
    return next((one for one in ancestors if one in filled), "")


def proposals(
    workspace: Workspace, wishes: Mapping[str, Wish], *, on: datetime.date
) -> tuple[Proposal, ...]:
    """Return every model with the company's figures and what was said of it."""
    existing = set(ObjectiveRecord.objects.values_list("id", flat=True))
    return tuple(
        _proposal(workspace, model, wishes.get(model.key, Wish()), existing, on)
        for model in models_of(workspace)
    )


def adapted(
    workspace: Workspace, model: Model, wish: Wish, owner: str, *, on: datetime.date
) -> Adaptation:
    """Return a model filled for one owner, over the period and filter wished."""
    first_month = workspace.settings.fiscal_first_month
    period = period_of(model, on=on, first_month=first_month, ahead=wish.ahead)
    where = _own_words(workspace, model, on=on) if wish.where is None else wish.where
    found = adapt(workspace, model, on=on, owner=owner, period=period, where=where)
    known = tuple(text for text in found.where if _carried(workspace, text, on=on))
    if known == found.where or model.kpi == SHARE_OF_A_PART:
        return found
    return adapt(workspace, model, on=on, owner=owner, period=period, where=known)


def _own_words(
    workspace: Workspace, model: Model, *, on: datetime.date
) -> tuple[str, ...] | None:
    """Return the model's filters as the company writes them, None to let them be.

    "PME" is "Petite et moyenne entreprise" in one file and "SMB" in another.
    """
    wanted = {value for one in model.where for value in condition(one).values}
    meant = {word for value in wanted for word in SAME_WORDS.get(value, ())}
    if not meant:
        return None
    for text in _filters(workspace, model, on=on):
        if folded(condition(text).values[0]) in meant:
            return (text,)
    return None


def aimed(adaptation: Adaptation, written: str, whole: Adaptation) -> Decimal | None:
    """Return the target of an owner: what is proposed where nothing was typed.

    A target typed for the company (`whole`) is, for anybody else, the same step from
    their own baseline.

    Raises:
        UnreadableAimError: If what was typed is neither a target nor a change.
    """
    if not written.strip():
        return adaptation.proposal
    rate = adaptation.unit in RATES
    base = adaptation.baseline
    if written.strip()[0] in "+-−x×*":
        return None if base is None else _stepped(written, adaptation, base, rate=rate)
    target = _number(written, rate=rate)
    if adaptation.owner == whole.owner or base is None or whole.baseline is None:
        return target
    if rate:
        return base + target - whole.baseline
    own = base * target / whole.baseline if whole.baseline else target
    return _said(own, adaptation)


def _proposal(
    workspace: Workspace,
    model: Model,
    wish: Wish,
    existing: set[str],
    on: datetime.date,
) -> Proposal:
    found = adapted(workspace, model, wish, COMPANY, on=on)
    fault, target = None, found.proposal
    try:
        target = aimed(found, wish.aim, found)
    except UnreadableAimError as error:
        fault = error
    return Proposal(
        model=model,
        wish=wish,
        adaptation=found,
        target=target,
        filters=_filters(workspace, model, on=on),
        fault=fault,
        there=identifier(found) in existing,
    )


def identifier(adaptation: Adaptation) -> str:
    """Return the key of the objective an adaptation makes."""
    owner = adaptation.owner.replace(":", "-").replace(" ", "-").replace("/", "-")
    model = adaptation.model.key.replace("_", "-")
    return f"{model}-{owner.casefold()}-{adaptation.period.first.isoformat()}"


def _filters(
    workspace: Workspace, model: Model, *, on: datetime.date
) -> tuple[str, ...]:
    for text in model.where:
        read = condition(text)
        if read.operator == "=":
            found = choices(workspace, read.name, on=on)
            return tuple(f"{read.name}={value}" for value, _ in found)
    return ()


def _carried(workspace: Workspace, text: str, *, on: datetime.date) -> bool:
    """Return whether the facts know something of what a filter names."""
    read = condition(text)
    return read.operator != "=" or bool(choices(workspace, read.name, on=on))


def _stepped(
    written: str, adaptation: Adaptation, base: Decimal, *, rate: bool
) -> Decimal:
    try:
        target = read_change(written, rate=rate).of(base)
    except AmbiguousChangeError as error:
        points = f"{error.amount:+f} pt"
        raise UnreadableAimError(_AMBIGUOUS, written=written, points=points) from error
    except UnreadableChangeError as error:
        raise _unreadable(written, rate=rate) from error
    return _said(target, adaptation)


def _said(target: Decimal, adaptation: Adaptation) -> Decimal:
    up = adaptation.model.direction == Direction.UP
    return legible(target, unit=adaptation.unit, up=up)


def _number(written: str, *, rate: bool) -> Decimal:
    """Return a target as people type it: "3 034 k€", "43 j", "25 %", "120,000"."""
    told = _TARGET.fullmatch(written.strip())
    if told is None:
        raise _unreadable(written, rate=rate)
    bare = told["number"]
    if (get_language() or "").startswith("en") and _ENGLISH.fullmatch(bare):
        bare = bare.replace(",", "")
    faults: list[Fault] = []
    text = bare + ("%" if told["unit"] == "%" else "")
    found = fields.number({"target": text}, "target", faults, rate=rate)
    if faults or found is None:
        raise _unreadable(written, rate=rate)
    return found * _FOLDS[told["fold"] or ""]


def _unreadable(written: str, *, rate: bool) -> UnreadableAimError:
    target = "25 %" if rate else "1 200 000"
    return UnreadableAimError(_UNREADABLE, written=written, target=target)
