"""The evidence file printed: same bytes, recorded, recognised; known at signing; data."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from jalon.domain.people.roster import Absence
from jalon.queries.evidence import evidence
from jalon.queries.evidence_known import Relief, signings
from jalon.records.audit import AuditLine
from jalon.records.evaluations import Evaluation
from jalon.usecases.acting import OPERATOR, Actor
from jalon.usecases.print_evidence import print_evidence, recognised
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
PDF, DATA = "/evidence/bob/pdf/", "/evidence/bob/json/"
SIGNED = followed.AT.date()  # 2 April 2025


def _evaluated(day: datetime.date, *, probability: str | None, p50: str | None) -> None:
    Evaluation.objects.create(
        objective_id="ca-t2-bob",
        on=day,
        snapshot="then",
        definition=str(day),
        status="on_track",
        probability=probability,
        landing_p10=p50 and Decimal(p50) - 5000,
        landing_p50=p50,
        landing_p90=p50 and Decimal(p50) + 5000,
    )


def test_the_same_facts_make_the_same_bytes_and_their_digest_is_kept(
    reader: Reader,
) -> None:
    first, second = (reader("mona").get(PDF).content for _ in range(2))

    assert first == second
    lines = AuditLine.objects.filter(noun="evidence", verb="print").order_by("id")
    assert [line.by for line in lines] == ["mona@exemple.fr"] * 2
    assert {line.details["after"] for line in lines} == {
        hashlib.sha256(first).hexdigest()
    }


def test_a_file_given_back_is_recognised_a_changed_one_is_not(reader: Reader) -> None:
    bob = reader("bob")
    printed = bob.get(PDF).content

    def verified(content: bytes) -> str:
        given = io.BytesIO(content)
        given.name = "dossier.pdf"
        return bob.post("/evidence/bob/", {"file": given}).content.decode()

    assert "et n’a pas changé" in verified(printed)
    assert "ou a changé depuis" in verified(printed + b" ")


def test_a_file_of_somebody_else_is_not_told_apart_from_an_unknown_one(
    reader: Reader,
) -> None:
    other = reader("alice").get("/evidence/charlie/pdf/").content
    given = io.BytesIO(other)
    given.name = "dossier.pdf"

    page = reader("bob").post("/evidence/bob/", {"file": given}).content.decode()

    assert "ou a changé depuis" in page


@pytest.mark.parametrize("who", ["ines", "charlie", "marc", "olga", "rene"])
@pytest.mark.parametrize("address", ["/evidence/bob/", PDF, DATA])
def test_nobody_but_the_person_who_leads_and_the_director(
    reader: Reader, who: str, address: str
) -> None:
    assert reader(who).get(address).status_code == 403
    assert not AuditLine.objects.filter(noun="evidence").exists()


def test_the_use_case_refuses_by_itself(company: Workspace) -> None:
    from jalon.queries.viewers import viewer

    olga = Actor(
        viewer(company, person_id="olga", role="revops", grants=(), on=followed.ON),
        "olga@exemple.fr",
    )
    with pytest.raises(PermissionDenied):
        print_evidence(
            company,
            "person:bob",
            followed.YEAR,
            actor=olga,
            on=followed.ON,
            at=followed.AT,
        )


def test_the_forecast_known_at_signing_is_the_last_one_kept_by_then(
    company: Workspace,
) -> None:
    day = datetime.timedelta(1)
    _evaluated(SIGNED - 9 * day, probability="0.4", p50="30000")
    _evaluated(SIGNED, probability="0.6", p50="44000")
    _evaluated(SIGNED + day, probability="0.9", p50="60000")

    found = evidence(company, "person:bob", followed.YEAR, on=followed.ON)
    (signing,) = [p.signing for p in found.proofs if p.line.id == "ca-t2-bob"]

    assert signing is not None
    assert (signing.on, signing.evaluated_on) == (SIGNED, SIGNED)
    assert signing.landing == (39_000, 44_000, 49_000)
    assert signing.probability == Decimal("0.6")


def test_what_was_not_kept_then_is_not_made_up_later(
    company: Workspace, reader: Reader
) -> None:
    _evaluated(SIGNED + datetime.timedelta(1), probability="0.9", p50="60000")

    known = signings({"ca-t2-bob": SIGNED})["ca-t2-bob"]

    assert (known.landing, known.probability) == (None, None)
    assert "pas connu alors" in reader("bob").get("/evidence/bob/").content.decode()


def test_relief_tells_absences_ramp_and_part_time() -> None:
    away = Absence("bob", datetime.date(2025, 5, 1))

    assert Relief().is_none
    assert Relief(capacity=Decimal(1)).is_none
    assert not Relief(absences=(away,)).is_none
    assert not Relief(capacity=Decimal("0.8")).is_none
    assert not Relief(ramps_until=datetime.date(2025, 5, 1)).is_none


def test_one_takes_away_all_that_is_kept_of_oneself_and_of_nobody_else(
    reader: Reader,
) -> None:
    answer = reader("bob").get(DATA)
    document = json.loads(answer.content)

    assert {one["id"] for one in document["objectives"]} == {
        "ca-t2-bob",
        "ca-t3-bob",
        "closing-bob",
    }
    assert document["person"]["person_id"] == "bob"
    assert [one["email"] for one in document["accounts"]] == ["bob@exemple.fr"]
    assert all(one["evaluations"] for one in document["objectives"][:1])
    assert "password" not in answer.content.decode()
    (line,) = AuditLine.objects.filter(noun="evidence", verb="export")
    assert (line.by, line.key) == ("bob@exemple.fr", "person:bob")


def test_the_command_line_prints_and_knows_it_again(company: Workspace) -> None:
    printed = print_evidence(
        company,
        "person:bob",
        followed.QUARTER,
        actor=OPERATOR,
        on=followed.ON,
        at=followed.AT,
    )
    record = recognised(printed.content)

    assert record is not None
    assert (record.by, record.owner) == ("operator", "person:bob")
    assert (record.first, record.after) == ("2025-04-01", "2025-07-01")
    assert record.content_digest == printed.evidence.digest
    assert recognised(b"%PDF-") is None
