"""A company's own models: saved, changed, removed, and refused with what was expected."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.domain.objectives.own_models import (
    Draft,
    ModelFileError,
    draft_of,
    read_own,
    text_of,
)
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.queries import kpi_values
from jalon.queries.models import model_named, models_of, own_models
from jalon.records.audit import AuditLine
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.usecases.save_model import (
    UnableToSaveModelError,
    remove_model,
    save_model,
)
from jalon.workspace.folder import Workspace, opened

AT = datetime.datetime(2025, 6, 1, 9, tzinfo=datetime.UTC)
SPAIN = Draft(
    label="Ouvrir l'Espagne",
    statement="Signer 12 clients en Espagne d'ici la fin du semestre.",
    kpi="new_customers",
    direction="up",
    target="12",
    period="half",
    where=("country=ES",),
    stages=("prospecting", "closing"),
    questions=("Qui parle espagnol ?",),
)


@pytest.mark.django_db
def test_a_saved_model_stands_after_the_ten(workspace: Workspace) -> None:
    key = save_model(workspace, SPAIN, actor=OPERATOR, at=AT)

    found = models_of(workspace)[-1]
    assert (key, found.key, found.number) == ("ouvrir_l_espagne",) * 2 + (11,)
    assert found.own
    assert found.horizon == "medium"
    assert found.questions["en"] == ("Qui parle espagnol ?",)
    assert AuditLine.objects.get().verb == "save"


@pytest.mark.django_db
def test_a_model_is_changed_under_its_own_key(workspace: Workspace) -> None:
    key = save_model(workspace, SPAIN, actor=OPERATOR, at=AT)
    save_model(workspace, replace(SPAIN, target="20"), actor=OPERATOR, at=AT, key=key)

    assert model_named(workspace, key).target == 20
    assert len(models_of(workspace)) == 11


@pytest.mark.django_db
def test_a_model_removed_is_gone_and_the_journal_keeps_its_text(
    workspace: Workspace,
) -> None:
    key = save_model(workspace, SPAIN, actor=OPERATOR, at=AT)
    remove_model(workspace, key, actor=OPERATOR, at=AT)

    assert len(models_of(workspace)) == 10
    assert "Espagne" in AuditLine.objects.latest("id").details["before"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["revenue_growth", "../jalon", "nothing"])
def test_the_ten_and_what_is_no_model_cannot_be_removed(
    workspace: Workspace, key: str
) -> None:
    with pytest.raises(UnableToSaveModelError):
        remove_model(workspace, key, actor=OPERATOR, at=AT)


@pytest.mark.django_db
def test_a_name_taken_is_refused(workspace: Workspace) -> None:
    save_model(workspace, SPAIN, actor=OPERATOR, at=AT)
    with pytest.raises(UnableToSaveModelError, match="already"):
        save_model(workspace, SPAIN, actor=OPERATOR, at=AT)


@pytest.mark.django_db
def test_a_salesperson_saves_no_model_for_the_company(workspace: Workspace) -> None:
    bob = Actor(Viewer(Role.SALESPERSON, "bob"), "bob@exemple.fr")
    with pytest.raises(ForbiddenError):
        save_model(workspace, SPAIN, actor=bob, at=AT)
    assert not (workspace.models).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"label": " "}, "label", id="no name"),
        pytest.param({"kpi": "sales"}, "kpi", id="an unknown KPI"),
        pytest.param({"target": ""}, "target", id="neither target nor change"),
        pytest.param({"target": "beaucoup"}, "target", id="no number"),
        pytest.param({"change": "+12 %"}, "baseline", id="a change of nothing"),
        pytest.param({"period": "decade"}, "period", id="an unknown period"),
        pytest.param({"where": ("Espagne",)}, "where", id="no filter"),
        pytest.param({"stages": ("moon",)}, "stages", id="an unknown stage"),
        pytest.param(
            {"kpi": "win_rate", "change": "+15 %", "baseline": "previous"},
            "change",
            id="a percentage of a rate",
        ),
    ],
)
def test_a_wrong_field_is_named(
    workspace: Workspace, change: dict[str, object], field: str
) -> None:
    with pytest.raises(UnableToSaveModelError) as refused:
        save_model(
            workspace,
            replace(SPAIN, **change),  # type: ignore[arg-type]
            actor=OPERATOR,
            at=AT,
        )

    assert field in [fault.field for fault in refused.value.faults]


def test_a_file_that_is_no_model_is_said_with_its_name(tmp_path: Path) -> None:
    company = opened(tmp_path)
    company.models.mkdir()
    (company.models / "moon.toml").write_text('kpi = "revenue"\nlabel = 3\n', "utf-8")

    assert len(models_of(company)) == 10  # one bad file breaks no page
    (broken,) = own_models(company).broken
    assert "models/moon.toml" in str(broken)
    with pytest.raises(ModelFileError, match=r"models/moon\.toml"):
        model_named(company, "moon")


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: text.strip() == text
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words, words, st.lists(words, max_size=3))
def test_whatever_is_typed_is_read_back_as_it_was(
    workspace: Workspace, label: str, statement: str, levers: list[str]
) -> None:
    draft = replace(SPAIN, label=label, statement=statement, levers=tuple(levers))
    kpis = kpi_values.catalogue(workspace)
    try:
        (found,) = read_own({"x": text_of(draft)}, kpis=kpis)
    except ModelFileError:
        from jalon.domain.objectives.own_models import key_of

        assert not key_of(label)  # a name of signs alone is refused by the form too
        return

    assert draft_of(found, lang="fr") == replace(draft, kpis=("new_customers",))


@pytest.mark.parametrize("number", range(1, 11))
def test_each_of_the_ten_can_be_kept_as_ones_own(
    workspace: Workspace, number: int
) -> None:
    draft = draft_of(model_named(workspace, str(number)), lang="fr")
    (found,) = read_own({"x": text_of(draft)}, kpis=kpi_values.catalogue(workspace))

    assert found.kpi == draft.kpi
