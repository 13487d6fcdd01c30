"""HubSpot's own traps: the wall of its search, its merges, its scopes, its own client."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import hubspot
import pytest
from hubspot.crm.deals import PublicObjectSearchRequest

from jalon.connectors.contract import Account, Choices, RepeatedCursorError
from tests.connectors.sources import KEY, Stand, stand
from tests.simulators.hubspot import WALL, HubSpotSimulator
from tests.simulators.ledger import AT

MANY = 12_345


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Stand]:
    with stand("hubspot", tmp_path) as found:
        yield found


def simulator(crm: Stand) -> HubSpotSimulator:
    assert isinstance(crm.simulator, HubSpotSimulator)
    return crm.simulator


def test_12345_deals_that_all_changed_are_read_past_the_wall_of_10000(
    tmp_path: Path,
) -> None:
    with stand("hubspot", tmp_path, deals=MANY) as crm:
        crm.ledger.refresh()
        assert crm.ledger.deals() == crm.world.truth()
        crm.world.now = AT
        for id_ in list(crm.world.deals):
            crm.world.edit(id_, name=f"Affaire {id_}")

        crm.ledger.refresh()

        assert len(crm.ledger.deals()) == MANY > WALL
        assert crm.ledger.deals() == crm.world.truth()
        assert simulator(crm).searched_most <= 200, "no search goes deep"


def test_the_vendors_own_client_reads_the_simulator(crm: Stand) -> None:
    """Its paths, its models: what we simulate is not only what we read."""
    client = hubspot.Client.create(access_token=KEY)
    client.config["host"] = crm.url  # the only thing that differs from production

    deals = client.crm.deals.get_all(properties=["dealname", "amount", "dealstage"])
    found = client.crm.deals.search_api.do_search(
        public_object_search_request=PublicObjectSearchRequest(
            filter_groups=[], properties=["dealname"], sorts=[], limit=5, after="0"
        )
    )

    told = {one.id: one.properties["dealname"] for one in deals}
    assert told == {id_: row[0] for id_, row in crm.world.truth().items()}
    assert found.total == len(crm.world.deals)
    owners = client.crm.owners.get_all()
    assert {int(one.id) for one in owners} == set(crm.world.people)


def test_what_the_key_has_no_right_to_is_left_out_and_said(crm: Stand) -> None:
    simulator(crm).without = ("tickets", "emails")

    crm.ledger.refresh()

    said = {str(one.parameters["kind"]) for one in crm.ledger.said}
    assert said == {"tickets", "emails"}
    assert crm.ledger.deals() == crm.world.truth()


def test_deals_that_may_not_be_read_make_the_check_refuse(crm: Stand) -> None:
    simulator(crm).without = ("companies",)

    assert not crm.ledger.source.check(crm.ledger.account, at=AT).usable


def test_an_endless_list_is_left(crm: Stand) -> None:
    rng = random.Random(9)
    for _ in range(120):
        crm.world.create(rng)
    crm.simulator.repeat_cursor = True

    with pytest.raises(RepeatedCursorError):
        crm.ledger.refresh()


def test_a_deal_merged_away_leaves_with_the_next_run(crm: Stand) -> None:
    crm.ledger.refresh()
    first, second, *_ = crm.world.deals

    crm.world.merge(first, second)
    crm.ledger.refresh()

    assert crm.ledger.deals() == crm.world.truth()
    assert str(second) not in crm.ledger.deals()


def test_a_field_chosen_by_a_person_fills_its_column(crm: Stand) -> None:
    fields = {"deals.segment": "branche", "deals.Ma branche": "branche"}
    crm.ledger.account = replace(crm.ledger.account, choices=Choices(fields=fields))

    crm.ledger.refresh()

    row = crm.ledger.tables["deals"][("101",)]
    assert row["segment"] == "Industrie"
    assert row["_"]["Ma branche"] == "Industrie"


def test_a_change_the_index_shows_late_is_read_the_next_time(crm: Stand) -> None:
    """A change of 60 s before the newest, that the search did not show yet."""
    crm.ledger.refresh()
    early, late = list(crm.world.deals)[:2]
    crm.world.now = AT
    crm.world.edit(late, name="Vue")
    crm.ledger.refresh()
    shown = crm.world.deals[early]
    crm.world.deals[early] = replace(
        shown, name="Montrée tard", modified=crm.world.now - timedelta(seconds=60)
    )
    crm.world.tick()

    crm.ledger.refresh()

    assert crm.ledger.deals()[str(early)][0] == "Montrée tard"


def test_the_secrets_of_an_account_are_not_in_its_repr() -> None:
    assert "s3cret" not in repr(Account("crm", {"key": "s3cret"}))
