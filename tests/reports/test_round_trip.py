"""Whatever an objective says, the file written from it says the same when read."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.objectives.objective import (
    Action,
    Assessment,
    Bands,
    BaselineRule,
    DatedTarget,
    Direction,
    Objective,
    Phasing,
    PhasingKind,
    Revision,
)
from jalon.domain.objectives.reading import read
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period
from jalon.reports.objectives_table import as_csv, toml


@dataclass(frozen=True)
class Known:
    key: str
    unit: str
    better: str
    kind: str


KPIS = {
    "revenue": Known("revenue", "money", "up", "sum"),
    "graded_statement": Known("graded_statement", "score", "up", "score"),
}
days = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
amounts = st.decimals(
    min_value=-(10**12),
    max_value=10**12,
    places=4,
    allow_nan=False,
    allow_infinity=False,
)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip())
names = words.filter(lambda text: ";" not in text)
moments = st.datetimes(
    datetime.datetime(2000, 1, 1), datetime.datetime(2100, 1, 1), timezones=st.just(datetime.UTC)  # noqa: DTZ001
)  # fmt: skip


@st.composite
def objectives(draw: st.DrawFn) -> Objective:
    first = draw(days)
    length = draw(st.integers(1, 800))
    period = Period(first, first + datetime.timedelta(days=length))
    inside = st.integers(0, length - 1).map(
        lambda n: first + datetime.timedelta(days=n)
    )
    starts = sorted({first, *draw(st.lists(inside, max_size=3))})
    planned = draw(st.booleans())
    plan = tuple(DatedTarget(day, draw(amounts)) for day in starts) if planned else ()
    rule = draw(st.sampled_from(list(BaselineRule)))
    told = rule is BaselineRule.NUMBER or (rule and draw(st.booleans()))
    revisions = tuple(
        Revision(
            former=draw(amounts),
            new=draw(amounts),
            effective_on=draw(inside),
            reason="market",
            text=draw(words),
            at=draw(st.none() | moments),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    return Objective(
        id=draw(words),
        kpi="revenue",
        owner=draw(words),
        period=period,
        direction=Direction.UP,
        statement=draw(st.just("") | words),
        original_target=draw(amounts),
        where=tuple(f"segment={name}" for name in draw(st.lists(names, max_size=2))),
        baseline_rule=rule,
        baseline=draw(amounts) if told else None,
        change=draw(st.sampled_from(["", "+15 %"])) if rule else "",
        plan=plan,
        bands=Bands(draw(st.none() | amounts), draw(st.none() | amounts)),
        phasing=draw(st.sampled_from([Phasing(), Phasing(PhasingKind.WEIGHTS, (Decimal(1), Decimal("2.5")))])),
        weight=abs(draw(amounts)),
        parent=draw(st.just("") | words),
        series=draw(st.just("") | words),
        state=draw(st.sampled_from(list(State))),
        actions=tuple(Action(action=text, done=True, lever=draw(words), effect=draw(words), done_on=draw(days), done_by=draw(words), result=draw(words)) for text in draw(st.lists(words, max_size=2))),
        model=draw(st.just("") | words),
        overruled=draw(st.just("") | words),
        revisions=revisions,
    )  # fmt: skip


@given(objectives())
def test_toml_read_back_is_the_same_objective(objective: Objective) -> None:
    (row,) = tomllib.loads(toml([objective]), parse_float=Decimal)["objective"]

    found = read(row, kpis=KPIS)

    assert found.faults == ()
    assert found.objectives == (objective,)


@given(objectives())
def test_csv_read_back_is_the_same_objective(objective: Objective) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([objective]), newline=""))

    found = read(row, kpis=KPIS)

    assert found.faults == ()
    assert found.objectives == (objective,)


@pytest.mark.parametrize("text", ['= "x"', "[[objective]]", "a\\b", "« é »", "#"])
def test_signs_of_the_format_are_only_text(text: str) -> None:
    objective = Objective(
        id="x",
        kpi="revenue",
        owner="company",
        period=Period(datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)),
        direction=Direction.UP,
        original_target=Decimal(1),
        statement=text,
    )

    (row,) = tomllib.loads(toml([objective]))["objective"]

    assert row["statement"] == text


@given(st.lists(words, min_size=4, max_size=4), st.lists(words, max_size=3), days)
def test_a_graded_statement_keeps_its_levels_and_its_assessments(
    levels: list[str], evidence: list[str], on: datetime.date
) -> None:
    graded = Objective(
        id="g",
        kpi="graded_statement",
        owner="person:bob",
        period=Period(on, on + datetime.timedelta(days=90)),
        direction=Direction.UP,
        original_target=Decimal(3),
        nature="qualitative",
        levels=tuple(levels),
        assessments=tuple(
            Assessment(side="manager", level=2, on=on, evidence=text, by="mona")
            for text in evidence
        ),
    )
    (in_toml,) = tomllib.loads(toml([graded]), parse_float=Decimal)["objective"]
    (in_csv,) = csv.DictReader(io.StringIO(as_csv([graded]), newline=""))

    for row in (in_toml, in_csv):
        found = read(row, kpis=KPIS)
        assert found.faults == ()
        assert found.objectives == (graded,)
