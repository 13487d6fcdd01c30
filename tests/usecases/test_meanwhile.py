"""Several people at once on one objective and one grid: nothing written is lost.

Whoever writes over somebody else's figure is told who changed it and both figures.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import Side, Word
from jalon.queries import staff
from jalon.records import objective_rows, planning_rows
from jalon.records.audit import AuditLine
from jalon.records.pay import PayPlan
from jalon.records.reviews import Review, ReviewWord
from jalon.records.territories import TerritoryPlan
from jalon.usecases import (
    cascade_grid,
    first_run,
    people,
    review,
    territories,
    write_pay_plan,
)
from jalon.usecases.acting import OPERATOR, Actor
from jalon.usecases.cascade_grid import CellMovedError
from jalon.usecases.meanwhile import WrittenMeanwhileError, mark, only_theirs
from jalon.usecases.retarget import (
    Retarget,
    TargetMovedError,
    retarget_with_those_below,
)
from jalon.workspace.folder import Settings, Workspace, opened
from tests.usecases.test_cascade_grid import AT, ON, TARGET, YEAR
from tests.worlds import followed, paid

MONA = Actor(OPERATOR.viewer, "mona@exemple.fr")
ALICE = Actor(OPERATOR.viewer, "alice@exemple.fr")
WRITERS = 8
BOB = "person:bob"


def _planning(company: Workspace) -> str:
    return cascade_grid.create_planning(
        company, "2026", "revenue", YEAR, TARGET, actor=OPERATOR, on=ON, at=AT
    )


def _months(planning: str) -> list[Decimal]:
    (row,) = planning_rows.load(planning, owners={BOB})
    return list(row.months)


def _aim(company: Workspace, target: int, seen: int | None, who: Actor) -> None:
    asked = Retarget(
        new=Decimal(target),
        effective_on=followed.ON,
        reason="market",
        text="Les budgets sont gelés",
        seen=None if seen is None else Decimal(seen),
    )
    at = datetime.datetime(2025, 6, 16, 8, 42, tzinfo=datetime.UTC)
    retarget_with_those_below(
        company, "ca-t2-bob", asked, actor=who, on=followed.ON, at=at
    )


@pytest.mark.django_db
def test_a_cell_both_typed_says_who_when_and_both_figures(company: Workspace) -> None:
    planning = _planning(company)
    seen = planning_rows.last_number(planning)
    was = _months(planning)[0]
    one, other = {(BOB, 0): Decimal(111)}, {(BOB, 0): Decimal(222)}
    cascade_grid.set_cells(planning, one, actor=MONA, at=AT, seen=seen)

    with pytest.raises(CellMovedError) as told:
        cascade_grid.set_cells(planning, other, actor=ALICE, at=AT, seen=seen)

    said = told.value.parameters
    assert (said["who"], said["month"], said["at"]) == ("mona@exemple.fr", 0, AT)
    assert (said["seen"], said["present"], said["asked"]) == (was, 111, 222)
    assert _months(planning)[0] == 111
    again = planning_rows.last_number(planning)
    cascade_grid.set_cells(planning, other, actor=ALICE, at=AT, seen=again)
    assert _months(planning)[0] == 222


@pytest.mark.django_db
def test_a_whole_grid_saved_keeps_what_others_typed_meanwhile(
    company: Workspace,
) -> None:
    planning = _planning(company)
    seen, read = planning_rows.last_number(planning), _months(planning)
    cascade_grid.set_cells(
        planning, {(BOB, 3): Decimal(333)}, actor=MONA, at=AT, seen=seen
    )
    whole = {(BOB, rank): value for rank, value in enumerate(read)}
    whole[BOB, 7] = Decimal(777)

    cascade_grid.set_cells(planning, whole, actor=ALICE, at=AT, seen=seen)

    after = _months(planning)
    assert (after[3], after[7]) == (333, 777)


@pytest.mark.django_db
def test_a_target_moved_since_it_was_read_is_not_written_over(
    company: Workspace,
) -> None:
    followed.people(company)
    _aim(company, 41_000, 45_000, MONA)

    with pytest.raises(TargetMovedError) as told:
        _aim(company, 42_000, 45_000, ALICE)

    figures = (f"{one}\u202f000,00\u202f€" for one in (45, 41, 42))
    day = ("mona@exemple.fr", "Bob Durand, Chiffre d’affaires", "16 juin 2025", "10:42")
    for word in (*day, *figures):
        assert word in told.value.told(str)
    assert objective_rows.load(["ca-t2-bob"])["ca-t2-bob"].target == 41_000


@pytest.mark.django_db(transaction=True)
def test_eight_writers_lose_no_update(company: Workspace) -> None:
    followed.people(company)
    planning = _planning(company)

    def write(rank: int) -> tuple[str, bool]:
        who = Actor(OPERATOR.viewer, f"writer-{rank}@exemple.fr")
        try:
            cells = {(BOB, rank): Decimal(1000 + rank)}
            cascade_grid.set_cells(planning, cells, actor=who, at=AT, seen=0)
            try:
                _aim(company, 50_000 + rank, None, who)
            except Refusal:
                return who.name, False
            return who.name, True
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        told = dict(pool.map(write, range(WRITERS)))

    assert _months(planning)[:WRITERS] == [1000 + rank for rank in range(WRITERS)]
    lines = AuditLine.objects.filter(verb="retarget", key="ca-t2-bob")
    written = {name for name, done in told.items() if done}
    assert written
    assert {line.by for line in lines} == written
    revisions = objective_rows.load(["ca-t2-bob"])["ca-t2-bob"].revisions
    assert {one.by for one in revisions} == written
    aims = [Decimal(45_000), *(one.new for one in revisions)]
    assert [one.former for one in revisions] == aims[:-1]


Read, Write = Callable[[], object], Callable[[str, str, Actor], object]


def _settings(company: Workspace) -> tuple[Read, Write, str]:
    def read() -> object:
        return opened(company.folder).settings

    def write(name: str, seen: str, who: Actor) -> object:
        wanted = replace(opened(company.folder).settings, company=name)
        first_run.change_settings(company, wanted, actor=who, at=AT, seen=seen)
        return wanted

    return read, write, "settings"


def _plan(company: Workspace) -> tuple[Read, Write, str]:
    write_pay_plan.save_version(company, "ae", paid.TEXT, actor=OPERATOR, at=AT)

    def read() -> object:
        return PayPlan.objects.get(plan="ae").text

    def write(name: str, seen: str, who: Actor) -> object:
        text = f"{paid.TEXT}\n# {name}\n"
        write_pay_plan.save_version(company, "ae", text, actor=who, at=AT, seen=seen)
        return text

    return read, write, "incentive_plan"


def _person(company: Workspace) -> tuple[Read, Write, str]:
    def read() -> object:
        found = staff.person(company, "bob", viewer=OPERATOR.viewer, on=followed.ON)
        assert found is not None
        return people.person_shown(found.person)

    def write(name: str, seen: str, who: Actor) -> object:
        told = people.PersonTold(name=name)
        people.change_person(company, "bob", told, actor=who, at=AT, seen=seen)
        return people.person_shown(told)

    return read, write, "person"


def _note(company: Workspace) -> tuple[Read, Write, str]:
    number = Review.objects.create(
        owner="company",
        kind="quarterly",
        first=datetime.date(2025, 4, 1),
        after=datetime.date(2025, 7, 1),
        prepared={},
        prepared_on=followed.ON,
        opened_by="mona",
        opened_at=AT,
    ).pk

    def read() -> object:
        return Review.objects.get(pk=number).notes.get("results", "")

    def write(name: str, seen: str, who: Actor) -> object:
        review.keep_note(number, "results", name, actor=who, at=AT, seen=seen)
        return name

    return read, write, "review"


def _word(company: Workspace) -> tuple[Read, Write, str]:
    _note(company)
    number = Review.objects.get().pk
    alice = Viewer(Role.DIRECTOR, "alice", frozenset(), frozenset())

    def read() -> object:
        return review.word_shown(ReviewWord.objects.filter(review=number).first())

    def write(name: str, seen: str, who: Actor) -> object:
        word = Word(side=Side.OWNER, level=4, proud=name, harder="", needs="")
        does = Actor(alice, who.name)
        review.give_word(number, word, lang="fr", actor=does, at=AT, seen=seen)
        return {"level": 4, "proud": name, "harder": "", "needs": ""}

    return read, write, "review"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [_settings, _plan, _person, _note, _word])
def test_eight_writers_of_one_form_each_write_over_what_they_read(
    company: Workspace, kind: Callable[[Workspace], tuple[Read, Write, str]]
) -> None:
    """Each reads, writes, and reads again when told so: no text goes away unread."""
    read, write, noun = kind(company)
    together, refusals = Barrier(WRITERS), list[Refusal]()

    def insist(rank: int) -> tuple[str, str]:
        who = Actor(OPERATOR.viewer, f"writer-{rank}@exemple.fr")
        try:
            seen = mark(read())
            together.wait()
            while True:
                try:
                    return seen, mark(write(f"Texte {rank}", seen, who))
                except WrittenMeanwhileError as told:
                    refusals.append(told)
                    seen = mark(read())
        finally:
            connection.close()

    chain = [mark(read())]
    with ThreadPoolExecutor(WRITERS) as pool:
        followed_by = dict(pool.map(insist, range(WRITERS)))

    while chain[-1] in followed_by:
        chain.append(followed_by[chain[-1]])
    assert len(chain) == WRITERS + 1, "two wrote over the same text"
    assert chain[-1] == mark(read())
    assert len(refusals) >= WRITERS - 1
    assert all("@exemple.fr" in str(one.parameters["who"]) for one in refusals)
    assert all("Texte" in str(one.parameters["theirs"]) for one in refusals)
    lines = AuditLine.objects.filter(noun=noun, by__startswith="writer-")
    assert {line.by for line in lines} == {f"writer-{n}@exemple.fr" for n in range(8)}


@pytest.mark.django_db
def test_a_form_that_is_second_says_who_when_and_what_is_there(
    company: Workspace,
) -> None:
    _read, write, _noun = _note(company)
    write("Vu avec le client\nOn garde le prix", mark(""), MONA)

    with pytest.raises(WrittenMeanwhileError) as told:
        write("Vu avec le client\nOn baisse le prix", mark(""), ALICE)

    said = told.value.told(str)
    for word in ("mona@exemple.fr", "On garde le prix", "is not kept"):
        assert word in said
    assert "Vu avec" not in said
    write("Vu avec le client\nOn baisse le prix", mark(_read()), ALICE)
    assert _read() == "Vu avec le client\nOn baisse le prix"


@pytest.mark.django_db
def test_a_draft_drawn_anew_is_not_decided_unread(company: Workspace) -> None:
    plan = TerritoryPlan.objects.create(
        title="Juin",
        scope="company",
        created_by="mona",
        drawn_at=AT,
        on=followed.ON,
        asked={"scope": "company", "most_moves": 3},
        answer={"moves": []},
        snapshot="g00000001",
    )
    seen = mark({"scope": "company", "most_moves": 50})
    why = territories.Decision(followed.ON, "Sarah arrive")

    with pytest.raises(WrittenMeanwhileError, match="mouvements au plus 3"):
        territories.apply(plan.pk, why, actor=ALICE, at=AT, seen=seen)

    territories.apply(plan.pk, why, actor=ALICE, at=AT, seen=mark(plan.asked))
    plan.refresh_from_db()
    assert plan.state == "applied"


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "jours de montée en charge 30"), ("en", "days of ramp 30")],
)
def test_what_stands_is_told_in_the_words_of_the_reader(
    language: str, said: str
) -> None:
    marked = [
        *(one.name for one in fields(Settings)),
        *(one.name for one in fields(territories.Asked)),
        *people.person_shown(people.PersonTold(name="Mona")),
        *review.word_shown(None),
    ]
    with translation.override(language):
        assert only_theirs({"ramp_days": 30}, {"ramp_days": 60}) == said
        codes = [f"journal.field.{name}" for name in marked]
        assert [code for code in codes if gettext(code) == code] == []
