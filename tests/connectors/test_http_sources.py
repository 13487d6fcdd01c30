"""What every HTTP source honours, each against its simulator: the laws, and the faults."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.connectors.contract import (
    KeyRefusedError,
    LimitReachedError,
    SourceError,
    UnreachableError,
)
from tests.connectors.faults import schedule
from tests.connectors.sources import CASES, HASTY, KEY, Stand, stand
from tests.simulators.ledger import AT, account

KINDS = tuple(CASES)
SCHEDULES = 2  # 200 of each: python -m benchmarks.sources_under_faults


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")


@pytest.fixture(params=KINDS)
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    with stand(request.param, tmp_path) as found:
        yield found


def test_a_first_run_reads_all_there_is(crm: Stand) -> None:
    crm.ledger.refresh()

    assert crm.ledger.deals() == crm.world.truth()
    people = {key[0]: row["name"] for key, row in crm.ledger.tables["people"].items()}
    assert people == {str(id_): name for id_, name in crm.world.people.items()}
    accounts = {k[0]: row["name"] for k, row in crm.ledger.tables["accounts"].items()}
    assert accounts == {str(id_): name for id_, name in crm.world.companies.items()}


def test_the_next_run_reads_what_changed_and_the_sweep_what_is_gone(crm: Stand) -> None:
    crm.ledger.refresh()
    crm.world.now = AT  # months later: the former changes are out of any overlap
    rng, first = random.Random(3), crm.ledger.read
    for _ in range(9):
        crm.world.anything(rng)

    crm.ledger.refresh(sweep=True)

    assert crm.ledger.deals() == crm.world.truth()
    if crm.case.changes:
        assert crm.ledger.read < first, "what did not change is not read again"


@pytest.mark.parametrize(
    "crm", [one for one in KINDS if CASES[one].history], indirect=True
)
def test_a_move_is_told_with_its_moment_where_the_vendor_tells_it(crm: Stand) -> None:
    crm.ledger.refresh()
    for id_ in list(crm.world.deals)[:5]:
        crm.world.move(id_, "13")
        crm.world.move(id_, "12")
    crm.ledger.refresh()

    told = {
        (id_, at.replace(microsecond=0), stage) for id_, at, stage in crm.ledger.moves()
    }
    true = {
        (id_, at.replace(microsecond=0), stage)
        for id_, at, stage in crm.world.told_moves()
    }
    assert told == true
    changes = crm.ledger.tables["stage_changes"].values()
    assert {row["origin"] for row in changes} == {"observed"}


@pytest.mark.parametrize(
    "crm", [one for one in KINDS if CASES[one].deletions], indirect=True
)
def test_a_deletion_is_told_where_the_vendor_lists_it(crm: Stand) -> None:
    crm.ledger.refresh()
    for id_ in list(crm.world.deals)[:3]:
        crm.world.delete(id_)

    crm.ledger.refresh()

    assert crm.ledger.deals() == crm.world.truth()


@pytest.mark.parametrize("seed", range(SCHEDULES))
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_meanwhile_the_rows_end_as_the_truth(
    kind: str, seed: int, tmp_path: Path
) -> None:
    outcome = schedule(kind, seed, tmp_path)

    assert outcome.held == outcome.truth


def test_a_burst_is_waited_out(crm: Stand) -> None:
    crm.simulator.misbehave(5, rate=0.4)
    crm.simulator.kinds = ("limit", "fault", "page", "cut", "closed", "not_json")

    crm.ledger.refresh()

    assert crm.ledger.deals() == crm.world.truth()


def test_a_spent_day_is_not_insisted_on(crm: Stand) -> None:
    crm.simulator.daily = True

    with pytest.raises(LimitReachedError) as refused:
        crm.ledger.refresh()

    assert refused.value.daily
    assert len(crm.simulator.asked) <= 2, "insisting gets an account closed"


def test_a_refused_key_is_told_without_the_key(
    crm: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    settings = dict.fromkeys(crm.case.settings, "wrong-secret-5f")
    wrong = account(crm.url, **settings)

    with pytest.raises(KeyRefusedError) as refused:
        list(crm.ledger.source.refresh(wrong, {}, at=AT, room=crm.ledger.room))

    told = str(refused.value) + repr(wrong) + caplog.text + repr(refused.value)
    assert "wrong-secret-5f" not in told
    assert KEY not in told, "what the vendor echoes is not told either"


def test_a_vendor_that_is_down_leaves_the_state_as_it_was(crm: Stand) -> None:
    crm.ledger.refresh()
    before = crm.ledger.state
    crm.simulator.misbehave(1, rate=1.0)
    crm.simulator.in_a_row = 10_000
    crm.simulator.kinds = ("fault", "page", "cut", "closed", "not_json")

    with pytest.raises(SourceError) as failed:
        crm.ledger.refresh()

    assert not failed.value.permanent
    assert crm.ledger.state == before


def test_nothing_at_the_address_is_said_plainly(crm: Stand) -> None:
    settings = crm.case.settings
    nowhere = account("http://127.0.0.1:1", **settings)

    with pytest.raises(UnreachableError, match="does not answer"):
        list(crm.ledger.source.refresh(nowhere, {}, at=AT, room=crm.ledger.room))


def test_a_private_address_is_refused_unless_allowed(
    crm: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JALON_PRIVATE_HOSTS")

    with pytest.raises(SourceError, match="private network") as refused:
        crm.ledger.refresh()

    assert refused.value.permanent
    assert crm.simulator.asked == []


def test_the_check_tells_what_the_key_sees(crm: Stand) -> None:
    found = crm.ledger.source.check(crm.ledger.account, at=AT)

    assert found.usable, [one.sentence for one in found.findings]
    assert found.counts["deals"] == len(crm.world.deals)
    flags = {one.label: (one.won, one.lost) for one in found.stages}
    assert flags == {
        "Découverte": (False, False),
        "Proposition": (False, False),
        "Signé": (crm.case.won_stages, False),
        "Sans suite": (False, crm.case.lost_stages),
    }


def test_patience_is_bounded() -> None:
    assert HASTY.attempts * HASTY.longest_wait < 1
