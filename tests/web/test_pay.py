"""Pay on screen: the estimate by hand, what more sells, privacy, questions, exports."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from jalon.charts.pay import histogram, scatter
from jalon.queries.pay_estimate import estimates
from jalon.queries.pay_statements import spread
from jalon.records.audit import AuditLine
from jalon.records.pay import PayQuestion, PayStatement
from jalon.workspace.folder import Workspace
from tests.web.test_retarget import ASKED, BOB
from tests.worlds import followed, paid

Reader = Callable[[str], Client]


@pytest.fixture
def under_plan(company: Workspace) -> Workspace:
    """The followed company with its plan published, on 16 June."""
    paid.published(company)
    return company


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_the_estimate_is_the_plan_on_the_figure_of_the_day(
    under_plan: Workspace,
) -> None:
    """On 16 June Bob has 7,000 of 45,000: 350 and 4,000 × 7 ÷ 45 = 622.22."""
    (found,) = estimates(under_plan, "bob", on=followed.ON)

    assert [line.amount for line in found.lines] == [Decimal(350), Decimal("622.22")]
    assert found.target == 4000


def test_deals_one_might_sign_are_added(under_plan: Workspace) -> None:
    """14,000 more: 21,000 × 5 % = 1,050 and 4,000 × 21 ÷ 45 = 1,866.67."""
    (found,) = estimates(under_plan, "bob", on=followed.ON, deals={"d30"})

    assert found.signed_total == Decimal("2916.67")


def test_bob_reads_his_estimate_and_each_look_is_kept(
    under_plan: Workspace, reader: Reader
) -> None:
    page = text(reader("bob"), "/pay/?more=9000")

    assert "972,22 €" in page
    assert "2 222,22 €" in page
    looks = AuditLine.objects.filter(verb="look", noun="pay", by="bob@exemple.fr")
    assert [one.key for one in looks] == ["person:bob"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bob", 200),
        ("mona", 200),
        ("alice", 200),
        ("ines", 403),
        ("marc", 403),
        ("charlie", 403),
        ("olga", 403),
        ("rene", 403),
    ],
)
def test_pay_is_the_persons_their_managers_and_nobody_elses(
    under_plan: Workspace, reader: Reader, who: str, status: int
) -> None:
    assert reader(who).get("/pay/?person=bob").status_code == status


def test_whoever_is_granted_pay_sees_it(under_plan: Workspace, reader: Reader) -> None:
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(email="rene@exemple.fr")
    user.grants = ["see_pay"]  # type: ignore[attr-defined]
    user.save()

    assert reader("rene").get("/pay/?person=bob").status_code == 200


def test_the_effect_on_pay_stands_beside_a_retarget(
    under_plan: Workspace, reader: Reader
) -> None:
    """On 40,000 the bonus of 7,000 is 700 and not 622.22."""
    asked = {**ASKED, "new": "40000"}
    query = "&".join(f"{key}={value}" for key, value in asked.items() if key != "do")
    page = text(reader("mona"), f"{BOB}?{query}")

    assert "Effet sur la prime" in page
    assert "Prime sur la nouvelle cible" in page


def test_a_statement_tells_its_lines_is_asked_about_and_exported(
    under_plan: Workspace, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JALON_TODAY", paid.CLOSED.isoformat())
    paid.closed(under_plan)
    run = paid.paid(under_plan)
    row = PayStatement.objects.get(run_id=run, person_id="bob")
    address = f"/pay/statements/{row.pk}/"
    bob, mona, alice = reader("bob"), reader("mona"), reader("alice")

    page = text(bob, address)
    assert "1 422,22 €" in page
    assert "/objectives/ca-t2-bob/explain/" in page
    bob.post(f"{address}ask/", {"line": "1", "text": "Et Tara ?"})
    question = PayQuestion.objects.get()
    told = {"decision": "upheld", "text": "Signée en juillet.", "statement": row.pk}
    mona.post(f"/pay/questions/{question.pk}/", told)
    assert "Signée en juillet." in text(bob, address)
    assert bob.get(f"{address}pdf/").content.startswith(b"%PDF-")

    chosen = "?column=name&column=amount"
    csv = alice.get(f"/pay/runs/{run}/csv/{chosen}").content.decode("utf-8-sig")
    assert csv.splitlines()[:2] == ["Nom;Montant", "Bob Durand;2222,22"]
    book = openpyxl.load_workbook(
        io.BytesIO(alice.get(f"/pay/runs/{run}/xlsx/{chosen}").content)
    )
    assert list(book.active.values)[1] == ("Bob Durand", 2222.22)
    assert "Bob Durand" in text(alice, f"/pay/runs/{run}/")
    assert "Inès Faure" in text(mona, f"/pay/runs/{run}/")
    assert "Bob Durand" not in text(reader("marc"), f"/pay/runs/{run}/")


def test_a_name_is_never_a_formula(under_plan: Workspace, reader: Reader) -> None:
    run, statement = paid.first_quarter(under_plan)
    PayStatement.objects.filter(pk=statement).update(name="=HYPERLINK(1)")

    csv = reader("alice").get(f"/pay/runs/{run}/csv/?column=name")
    assert "'=HYPERLINK(1)" in csv.content.decode()


def test_two_versions_are_compared_person_by_person(
    under_plan: Workspace, reader: Reader
) -> None:
    """At 6 % instead of 5 %, 7,000 of Bob give 70 more."""
    from jalon.usecases.acting import OPERATOR
    from jalon.usecases.write_pay_plan import save_version

    save_version(
        under_plan,
        paid.PLAN,
        paid.TEXT.replace("5 %", "6 %"),
        actor=OPERATOR,
        at=paid.AT,
    )
    first, second = f"{paid.PLAN}:1", f"{paid.PLAN}:2"
    page = text(
        reader("alice"),
        f"/pay/simulation/?first={first}&second={second}&day=2025-06-16",
    )

    assert "972,22 €" in page
    assert "1 042,22 €" in page


def test_a_fault_of_the_text_shows_as_one_types(
    under_plan: Workspace, reader: Reader
) -> None:
    hole = paid.TEXT + (
        'on = "attainment"\ntiers = [{ to = 0.5, times = 1 }, '
        "{ from = 0.8, times = 1 }]\n"
    )
    alice = reader("alice")

    assert "Trou" in alice.post("/pay/plans/check/", {"text": hole}).content.decode()
    broken = alice.post("/pay/plans/check/", {"text": "[plan"}).content.decode()
    assert "TOML" in broken


def test_the_example_of_a_new_plan_is_a_plan(
    under_plan: Workspace, reader: Reader
) -> None:
    alice = reader("alice")
    page = alice.get("/pay/plans/new/")
    said = {"key": "Essai", "text": page.context["text"]}

    assert alice.post("/pay/plans/new/", said)["Location"] == "/pay/plans/essai/"


def test_bins_hold_everybody() -> None:
    amounts = [Decimal(one) for one in (0, 10, 20, 80)]
    found = spread(amounts)

    assert sum(one.people for one in found) == 4
    assert (found[0].low, found[-1].high) == (0, 80)
    assert [one.people for one in spread([Decimal(5)] * 3)] == [3]


def test_charts_escape_what_they_say() -> None:
    assert "<b>" not in histogram([("<b>", 2)], ends=("0", "1"), title="t")
    assert "<b>" not in scatter([("<b>", 1.0, 0.5)], title="t", x="x", y="y")
