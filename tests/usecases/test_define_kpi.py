"""Own KPIs are written, changed and removed by whom the table lets, with their audit."""

from __future__ import annotations

import datetime
import tomllib
from datetime import date
from decimal import Decimal

import pytest

from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.queries.catalogue_page import versions
from jalon.queries.kpi_values import catalogue
from jalon.records import objective_rows
from jalon.usecases.acting import Actor, ForbiddenError
from jalon.usecases.define_kpi import (
    Draft,
    UnableToDefineError,
    define_kpi,
    digest,
    faults_of,
    own_text,
    remove_kpi,
    tried,
)
from jalon.workspace.folder import Workspace
from tests.domain.kpis.test_checking import GOOD

pytestmark = pytest.mark.django_db
ON = date(2025, 7, 15)
AT = datetime.datetime(2025, 7, 15, 9, 0, tzinfo=datetime.UTC)
ALICE = Actor(Viewer(Role.DIRECTOR, "alice"), "alice@exemple.fr")
OLGA = Actor(Viewer(Role.REVOPS, "olga"), "olga@exemple.fr")
BOB = Actor(Viewer(Role.SALESPERSON, "bob"), "bob@exemple.fr")
KEY = "taux_visites"


def defined(company: Workspace) -> None:
    define_kpi(company, Draft(KEY, GOOD), actor=ALICE, at=AT)


def test_a_defined_kpi_joins_the_catalogue_and_its_file_is_the_text(
    company: Workspace,
) -> None:
    defined(company)

    assert catalogue(company)[KEY].own
    assert (company.kpis / f"{KEY}.toml").read_text("utf-8") == GOOD
    assert tomllib.loads(own_text(company, KEY))["unit"] == "share"


def test_the_value_is_tried_before_anything_is_written(company: Workspace) -> None:
    row = tried(company, Draft(KEY, GOOD), on=ON)

    # 2025 until 15 July, v26 by nobody included: 10 meetings (v06 v07 v11 v13 v15 v17
    # v20 v21 v26, v22 comes later, after the day) of 25 activities.
    assert (row.numerator, row.denominator) == (Decimal(9), Decimal(25))
    assert not (company.kpis / f"{KEY}.toml").exists()
    assert KEY not in catalogue(company)


def test_who_may_not_is_refused_and_nothing_is_written(company: Workspace) -> None:
    with pytest.raises(ForbiddenError):
        define_kpi(company, Draft(KEY, GOOD), actor=BOB, at=AT)

    assert KEY not in catalogue(company)
    assert versions(KEY) == ()


def test_each_version_is_kept_with_who_and_when(company: Workspace) -> None:
    defined(company)
    second = GOOD.replace("Combien", "Quelle part")
    define_kpi(company, Draft(KEY, second, digest(GOOD)), actor=OLGA, at=AT)

    told = [(one.by, one.verb, one.text) for one in versions(KEY)]

    assert told == [
        ("olga@exemple.fr", "change", second),
        ("alice@exemple.fr", "define", GOOD),
    ]


def test_saving_the_same_text_leaves_no_line(company: Workspace) -> None:
    defined(company)
    define_kpi(company, Draft(KEY, GOOD, digest(GOOD)), actor=ALICE, at=AT)

    assert len(versions(KEY)) == 1


def test_a_change_over_somebody_elses_is_refused(company: Workspace) -> None:
    defined(company)
    second = GOOD.replace("Combien", "Quelle part")
    define_kpi(company, Draft(KEY, second, digest(GOOD)), actor=OLGA, at=AT)

    with pytest.raises(UnableToDefineError, match="somebody else"):
        define_kpi(company, Draft(KEY, GOOD, digest(GOOD)), actor=ALICE, at=AT)
    assert own_text(company, KEY) == second


def test_a_delivered_kpi_is_not_written_over(company: Workspace) -> None:
    lines = [str(one) for one in faults_of(company, Draft("win_rate", GOOD))]

    assert lines == [
        (
            '"win_rate" is a KPI that comes with Jalon. Choose another key, e.g. '
            "win_rate_interne."
        )
    ]


def test_a_faulty_draft_is_refused_with_every_line(company: Workspace) -> None:
    faulty = GOOD.replace('unit = "share"', 'unit = "x"').replace('better = "up"\n', "")

    with pytest.raises(UnableToDefineError) as refused:
        define_kpi(company, Draft(KEY, faulty), actor=ALICE, at=AT)

    assert len(refused.value.faults) == 2
    assert not company.kpis.exists() or not list(company.kpis.glob("*.toml"))


def test_what_nothing_uses_is_removed_with_its_text_kept(company: Workspace) -> None:
    defined(company)
    remove_kpi(company, KEY, actor=ALICE, at=AT)

    assert KEY not in catalogue(company)
    assert versions(KEY)[0].verb == "remove"
    assert versions(KEY)[0].text == GOOD


def test_what_an_objective_is_measured_by_is_not_removed(company: Workspace) -> None:
    defined(company)
    objective_rows.save(
        [
            Objective(
                id="visites-t3",
                kpi=KEY,
                owner="person:bob",
                period=Period(date(2025, 7, 1), date(2025, 10, 1)),
                direction=Direction.UP,
                original_target=Decimal("0.5"),
                statement="Une visite sur deux",
            )
        ]
    )

    with pytest.raises(UnableToDefineError, match="visites-t3"):
        remove_kpi(company, KEY, actor=ALICE, at=AT)
    assert KEY in catalogue(company)


def test_what_another_kpi_is_made_of_is_not_removed(company: Workspace) -> None:
    defined(company)
    other = GOOD.replace("visits / all", "taux_visites * 2")
    define_kpi(company, Draft("double", other), actor=ALICE, at=AT)

    with pytest.raises(UnableToDefineError, match="double"):
        remove_kpi(company, KEY, actor=ALICE, at=AT)


def test_a_path_never_leaves_the_folder(company: Workspace) -> None:
    assert own_text(company, "../jalon") == ""
