"""Engagement is told by five at least, whatever is asked and taken away."""

from __future__ import annotations

import csv
import datetime
import itertools
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from jalon.domain.kpis.question import Ask, Question
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.kpi_values import UnableToAnswerError
from jalon.usecases.import_file import import_file
from jalon.workspace.folder import Workspace, opened
from tests.worlds import small

KPI = "team_engagement"
AT = datetime.datetime(2025, 7, 1)  # noqa: DTZ001 - the company's own time
YEAR = Period(datetime.date(2025, 1, 1), datetime.date(2026, 1, 1))
# The small company had six answers in March, in three teams of two, and four in June.
# April: « Nouveaux clients » seven (Bob six times, Mona once), « Fidélisation » two.
APRIL = [("bob", 5), ("bob", 6), ("bob", 7), ("bob", 8), ("bob", 9), ("bob", 4)]
APRIL += [("mona", 3), ("charlie", 10), ("charlie", 1)]
# May: six of one team, five of another; a twelfth says no score, only words.
MAY = [("bob", 6)] * 6 + [("charlie", 8)] * 5


@pytest.fixture(scope="module")
def answered(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small company, and two surveys more."""
    folder = tmp_path_factory.mktemp("engaged")
    copytree(pattern, folder / "own")
    own = opened(folder / "own")
    rows = [
        (
            f"{month}{rank}",
            "engagement",
            score,
            10,
            person,
            f"2025-{month}-{rank + 1:02}",
        )
        for month, said in (("04", APRIL), ("05", MAY))
        for rank, (person, score) in enumerate(said)
    ]
    rows.append(("05x", "engagement", "", 10, "ines", "2025-05-20"))
    file = folder / "answers.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        names = ("answer_id", "survey", "score", "scale", "person_id", "answered_at")
        writer.writerows([names, *rows])
    import_file(own, [file], at=AT)
    return own


def month(number: int, *, until: int | None = None) -> Period:
    after = (until or number) % 12 + 1
    return Period(datetime.date(2025, number, 1), datetime.date(2025, after, 1))


def asked(
    workspace: Workspace,
    owner: str,
    period: Period,
    *,
    on: datetime.date = small.ON,
) -> tuple[Decimal | None, Decimal | None, str | None]:
    ask = Ask("x", owner, period)
    row = kpi_values.measure(workspace, KPI, [ask], on=on)["x"]
    told = kpi_values.explain(workspace, KPI, ask, on=on)
    assert (told.value, told.reason) == (row.value, row.reason)
    assert all(part.rows == () for part in told.components)
    assert bool(told.components) is (row.value is not None)
    return row.value, row.denominator, row.reason


def test_four_answers_are_not_told_by_the_year_minus_the_rest(
    answered: Workspace,
) -> None:
    march, april, may = Decimal(42), Decimal(53), Decimal(76)

    assert asked(answered, "company", month(6)) == (None, None, "too_few")
    whole = asked(answered, "company", YEAR)
    assert whole == ((march + april + may) / 26, Decimal(26), None)
    assert asked(answered, "company", month(3))[:2] == (Decimal(7), Decimal(6))


def test_a_team_that_the_whole_minus_another_would_tell_is_not_shown(
    answered: Workspace,
) -> None:
    """Nine in April, seven of them in one team: the two others would be told."""
    assert asked(answered, "company", month(4))[1] == Decimal(9)
    for team in ("nouveaux", "fidelite", "commerce"):
        assert asked(answered, f"team:{team}", month(4)) == (None, None, "too_few")

    assert asked(answered, "team:nouveaux", month(5))[:2] == (Decimal(6), Decimal(6))
    assert asked(answered, "team:fidelite", month(5))[:2] == (Decimal(8), Decimal(5))
    above = asked(answered, "team:commerce", month(5))
    assert above[:2] == (Decimal(76) / 11, Decimal(11))


def test_no_two_figures_that_can_be_had_differ_by_fewer_than_five(
    answered: Workspace,
) -> None:
    """Every owner over many ranges of days, seen from many days: whole cells only."""
    days = [datetime.date(2025, m, d) for m in range(3, 8) for d in (1, 4, 8, 12, 20)]
    spans = [Period(a, b) for a, b in itertools.combinations(days, 2)]
    owners = ["company", "team:commerce", "team:nouveaux", "team:fidelite"]
    counted: dict[str, set[int]] = {}
    for owner in owners:
        asks = [Ask(str(rank), owner, span) for rank, span in enumerate(spans)]
        for on in (datetime.date(2025, 4, 5), datetime.date(2025, 5, 9), small.ON):
            found = kpi_values.measure(answered, KPI, asks, on=on).values()
            counted.setdefault(owner, set()).update(
                int(row.denominator) for row in found if row.denominator is not None
            )
    # March 6, April 9, May 11: what differs is a month, or several
    assert counted["company"] == {6, 9, 11, 15, 20, 26}
    assert counted["team:commerce"] == {11}  # May: the whole, in two teams told
    assert (counted["team:nouveaux"], counted["team:fidelite"]) == ({6}, {5})


@pytest.mark.parametrize(
    "cut", ["person", "manager", "day", "week", "account", "segment", "survey"]
)
def test_nothing_finer_than_a_team_and_a_month_is_asked(
    answered: Workspace, cut: str
) -> None:
    with pytest.raises(UnableToAnswerError, match="anonymous"):
        kpi_values.value(answered, Question(KPI, YEAR, by=(cut,)), on=small.ON)


@pytest.mark.parametrize(
    "where", ["person=bob", "person!=bob", "score>5", "survey=engagement", "lang=fr"]
)
def test_no_filter_takes_somebody_away(answered: Workspace, where: str) -> None:
    with pytest.raises(UnableToAnswerError, match="anonymous"):
        kpi_values.value(answered, Question(KPI, YEAR, where=(where,)), on=small.ON)


def test_a_person_has_no_engagement_of_their_own(answered: Workspace) -> None:
    """Bob answered seven times in April and May: enough, but all his."""
    assert asked(answered, "person:bob", YEAR) == (None, None, "too_few")


def test_teams_side_by_side_tell_no_third(answered: Workspace) -> None:
    def by(*names: str, where: tuple[str, ...] = ()) -> dict[str, int]:
        question = Question(KPI, YEAR, by=names, where=where)
        rows = kpi_values.value(answered, question, on=small.ON).rows
        return {
            "/".join(str(one) for one in row.labels.values()): int(row.denominator)
            for row in rows
            if row.denominator
        }

    assert by("team") == {"Nouveaux clients": 6, "Fidélisation": 5}
    assert list(by("month").values()) == [6, 9, 11]
    assert list(by("month", where=("team=Fidélisation",)).values()) == [5]
    assert list(by("month", where=("team!=Fidélisation",)).values()) == [6]


@pytest.mark.parametrize(
    "formula", ['formula = "answers"', 'formula = "points / answers"']
)
def test_a_kpi_of_one_s_own_tells_no_more(answered: Workspace, formula: str) -> None:
    """Bob's points over everybody's answers: the company writes what it likes."""
    (answered.kpis / "own.toml").parent.mkdir(exist_ok=True)
    (answered.kpis / "own.toml").write_text(OWN.replace("FORMULA", formula), "utf-8")
    try:
        rows = kpi_values.measure(
            answered, "own", [Ask("x", "company", YEAR)], on=small.ON
        )
    finally:
        (answered.kpis / "own.toml").unlink()

    assert (rows["x"].value, rows["x"].numerator, rows["x"].denominator) == (
        *(None, None, None),
    )


OWN = """
kind = "ratio"
unit = "score"
better = "up"
label.fr = "À soi"
label.en = "Own"
question.fr = "Quoi ?"
question.en = "What?"
excluded.fr = "Rien."
excluded.en = "Nothing."
reference = "None"
FORMULA

[components.points]
from = "answers"
dated = "answered_at"
where = ["person_id=bob", "score!="]
sum = "score"

[components.answers]
from = "answers"
dated = "answered_at"
where = ["score!="]
count = true
"""
