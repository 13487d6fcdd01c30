"""A guard that a busy machine cannot break: work is counted, not timed.

How many queries an engine is sent, how many calls of Python a figure costs. A count
that grows with the people, where it did not, fails here before anybody waits for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jalon.domain.kpis.question import Ask, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import measure, value
from jalon.queries.snapshots import Snapshot
from jalon.workspace.folder import Workspace
from tests.worlds import small
from tests.worlds.loaded import workspace as loaded

HALF = Period(small.ON.replace(month=1, day=1), small.ON.replace(month=7, day=1))
MOST_CALLS = 40  # of Python, for one person more: 29 in November 2026
TWELVE = (
    *("revenue", "deals_won", "win_rate", "average_basket", "sales_cycle_days"),
    *("revenue_per_customer", "gross_margin", "gross_margin_rate", "units_sold"),
    *("calls", "meetings", "interactions_before_win"),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small company, once for the module."""
    return loaded(tmp_path_factory.mktemp("counted"), small.ROWS)


@contextmanager
def _queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    sent: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("run", "run_columns"):
            plain = getattr(Snapshot, name)

            def noting(
                *given: object, _plain: Callable[..., object] = plain, **more: object
            ) -> object:
                sent.append(str(given[1]))
                return _plain(*given, **more)

            patch.setattr(Snapshot, name, noting)
        yield sent


def _asks(people: int) -> list[Ask]:
    return [Ask(str(rank), "person:bob", HALF) for rank in range(people)]


@pytest.mark.parametrize("kpi", TWELVE)
def test_a_kpi_of_many_people_is_as_many_queries_as_of_one(
    kpi: str, company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customers are met in deals and subscriptions: two queries. The others are one."""
    with _queries(monkeypatch) as one:
        measure(company, kpi, _asks(1), on=small.ON)
    with _queries(monkeypatch) as many:
        measure(company, kpi, _asks(50), on=small.ON)
    with _queries(monkeypatch) as cut:
        question = Question(kpi, HALF, by=("month", "person", "segment"))
        value(company, question, on=small.ON)
    wanted = 2 if kpi == "revenue_per_customer" else 1
    assert [len(sent) for sent in (one, many, cut)] == [wanted] * 3


def test_one_person_more_costs_few_calls(company: Workspace) -> None:
    measure(company, "win_rate", _asks(1), on=small.ON)
    few = _calls(lambda: measure(company, "win_rate", _asks(100), on=small.ON))
    many = _calls(lambda: measure(company, "win_rate", _asks(300), on=small.ON))
    assert (many - few) / 200 <= MOST_CALLS, (many - few) / 200


def _calls(work: Callable[[], object]) -> int:
    """Return the calls of Python's own functions in a piece of work."""
    counted = 0
    here = str(Path(__file__))

    def count(frame: object, event: str, _: object) -> None:
        nonlocal counted
        counted += event == "call" and here not in str(frame)

    former = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(former)
    return counted
