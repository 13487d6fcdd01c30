"""The explorer answers as `jalon kpi value`, to whom the permission table lets see it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client

from jalon.cli.main import main
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
SPAN = "period=custom&first=2025-01-01&last=2025-06-30"
DATES = ["--from", "2025-01-01", "--to", "2025-07-01"]


def answered(
    capsys: pytest.CaptureFixture[str], company: Workspace, *arguments: str
) -> Any:
    day = followed.ON.isoformat()
    where = ["--workspace", str(company.folder), "--on", day, "--json"]
    with pytest.raises(SystemExit) as left:
        main(["kpi", "value", *arguments, *where])
    out, err = capsys.readouterr()
    assert (left.value.code, err) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        pytest.param(
            f"kpi=revenue&{SPAN}", ["revenue", *DATES], id="one figure, no cut"
        ),
        pytest.param(
            f"kpi=win_rate&by=person&{SPAN}",
            ["win_rate", *DATES, "--by", "person"],
            id="a rate by salesperson",
        ),
        pytest.param(
            f"kpi=revenue&by=segment&grain=quarter&{SPAN}",
            ["revenue", *DATES, "--by", "segment", "--by", "quarter"],
            id="money by segment and quarter, the unknown segment kept",
        ),
        pytest.param(
            f"kpi=revenue&by=team&basis=orders&where=segment%3DPME%7CETI&{SPAN}",
            [
                "revenue",
                *DATES,
                "--by",
                "team",
                "--basis",
                "orders",
                "--where",
                "segment=PME|ETI",
            ],
            id="on orders, filtered",
        ),
        pytest.param(
            f"kpi=sales_cycle_days&by=channel&grain=month&{SPAN}",
            ["sales_cycle_days", *DATES, "--by", "channel", "--by", "month"],
            id="a mean with holes, which give their reason",
        ),
        pytest.param(
            "kpi=nps&period=previous_quarter",
            ["nps", "--from", "2025-01-01", "--to", "2025-04-01"],
            id="a preset, the quarter before 16 June",
        ),
    ],
)
def test_the_answer_is_the_one_of_the_command(
    reader: Reader,
    company: Workspace,
    capsys: pytest.CaptureFixture[str],
    address: str,
    arguments: list[str],
) -> None:
    response = reader("alice").get(f"/explorer/answer.json?{address}")

    assert response.status_code == 200
    told = answered(capsys, company, *arguments)
    told.pop("trust")  # of the whole company: the page says it beside the figures
    assert json.loads(response.content) == told


def test_the_reason_stands_where_there_is_no_value(reader: Reader) -> None:
    month = "period=custom&first=2024-01-01&last=2024-01-31"
    text = reader("alice").get(f"/explorer/?kpi=win_rate&{month}").content.decode()

    # The first deal of the company closed in February 2024.
    assert "Rien à diviser sur cette période." in text
    assert "<strong>–</strong>" in text


def test_the_whole_is_not_the_sum_of_rates(
    reader: Reader, company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = answered(capsys, company, "win_rate", *DATES)["rows"][0]
    text = (
        reader("alice")
        .get(f"/explorer/?kpi=win_rate&by=person&{SPAN}")
        .content.decode()
    )

    said = f"{round(alone['value'] * 1000) / 10:g}".replace(".", ",")
    assert f"<strong>{said}\u202f%</strong>" in text


def test_a_comparison_sets_each_quarter_beside_the_one_a_year_earlier(
    reader: Reader,
) -> None:
    address = f"kpi=deals_won&grain=quarter&against=N-1&{SPAN}"
    text = reader("alice").get(f"/explorer/answer.csv?{address}").content
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))

    # Won in 2024: d01 d02 d04 in the first quarter, d05 d07 in the second; the day is
    # 16 June, so d07, won on 28 June 2024, is out of the elapsed days.
    assert [row["value_before"] for row in rows] == ["3", "1"]
    assert [row["quarter"] for row in rows] == ["2025-Q1", "2025-Q2"]
    for row in rows:
        gained = Decimal(row["value"]) - Decimal(row["value_before"])
        assert Decimal(row["difference"]) == gained


# -- who sees what -------------------------------------------------------------------


def people_in(client: Client, kpi: str) -> set[str]:
    found = json.loads(
        client.get(f"/explorer/answer.json?kpi={kpi}&by=person&{SPAN}").content
    )
    return {row["person_id"] for row in found["rows"] if row["person_id"]}


def test_a_salesperson_sees_themselves_and_those_whose_objective_is_published(
    reader: Reader,
) -> None:
    # Bob, Inès and Charlie have an agreed objective on revenue; Dora, Hugo, Emil none.
    assert people_in(reader("charlie"), "revenue") == {"bob", "ines", "charlie"}


def test_a_manager_sees_the_whole_team_and_the_director_everybody(
    reader: Reader,
) -> None:
    assert {"dora", "hugo"} <= people_in(reader("marc"), "revenue")
    assert "emil" not in people_in(reader("marc"), "revenue")
    assert {"dora", "hugo", "emil", "bob"} <= people_in(reader("alice"), "revenue")


def test_rows_that_are_not_shown_are_counted(reader: Reader) -> None:
    text = (
        reader("charlie")
        .get(f"/explorer/?kpi=revenue&by=person&{SPAN}")
        .content.decode()
    )

    assert "lignes ne sont pas montrées" in text
    assert "Dora Simon" not in text


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("where=person%3Ddora", id="a filter on somebody"),
        pytest.param("where=person%21%3Ddora", id="everybody but somebody"),
        pytest.param("where=team%3Dprospection", id="a team without an objective"),
        pytest.param("where=manager%3Dmarc", id="the people of a manager"),
        pytest.param("by=account", id="cut by customer"),
        pytest.param("by=deal_id", id="cut by deal"),
        pytest.param("where=name%3DAcme", id="a filter on one deal's name"),
    ],
)
def test_a_question_beyond_the_reader_is_refused(reader: Reader, address: str) -> None:
    client = reader("bob")

    page = client.get(f"/explorer/?kpi=revenue&{address}&{SPAN}").content.decode()
    export = client.get(f"/explorer/answer.csv?kpi=revenue&{address}&{SPAN}")

    assert "note-watch" in page
    assert 'class="list answer"' not in page
    assert export.status_code == 403


def test_ones_own_customers_can_be_listed(reader: Reader) -> None:
    address = f"kpi=revenue&by=account&where=person%3Dbob&{SPAN}"

    found = json.loads(reader("bob").get(f"/explorer/answer.json?{address}").content)

    # Two people are called Bob Durand; the key names one of them.
    assert {row["account"] for row in found["rows"]} >= {"Acme SA", "Kilo"}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("alice", 200),
        ("mona", 200),
        ("bob", 200),
        ("olga", 200),
        ("ines", 403),
        ("charlie", 403),
        ("marc", 403),
        ("rene", 403),
    ],
)
@pytest.mark.parametrize("part", ["rows/", "rows.csv", "rows.xlsx"])
def test_the_rows_of_a_cell_follow_the_permission_table(
    reader: Reader, who: str, status: int, part: str
) -> None:
    address = f"kpi=revenue&by=person&{SPAN}&at=person%3Dbob"

    assert reader(who).get(f"/explorer/{part}?{address}").status_code == status


def test_the_rows_of_the_company_are_not_for_a_salesperson(reader: Reader) -> None:
    assert reader("bob").get("/explorer/rows/?kpi=revenue").status_code == 403
    assert reader("alice").get("/explorer/rows/?kpi=revenue").status_code == 200


# -- explained -----------------------------------------------------------------------


@pytest.mark.parametrize("by", ["person", "team", "segment", "product", "manager"])
def test_the_rows_of_each_cell_add_up_to_its_value(reader: Reader, by: str) -> None:
    client = reader("alice")
    found = json.loads(
        client.get(f"/explorer/answer.json?kpi=revenue&by={by}&{SPAN}").content
    )
    assert found["rows"]
    for row in found["rows"]:
        address = f"kpi=revenue&by={by}&{SPAN}&at={by}%3D{row[f'{by}_id'] or ''}"
        text = client.get(f"/explorer/rows.csv?{address}").content.decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        counted = sum(Decimal(line["compté"].replace(",", ".")) for line in lines)
        assert counted.quantize(Decimal("0.01")) == Decimal(str(row["value"])), row


def test_a_step_of_time_is_explained_alone(reader: Reader) -> None:
    address = f"kpi=deals_won&grain=month&{SPAN}&at=month%3D2025-03"
    text = reader("alice").get(f"/explorer/rows.csv?{address}").content
    lines = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))

    assert {line["deal_id"] for line in lines} == {"d14", "d16", "d17"}


# -- addresses, pages, files ---------------------------------------------------------


def test_a_filter_being_typed_joins_the_address_to_share(reader: Reader) -> None:
    response = reader("alice").get(
        "/explorer/?kpi=revenue&dimension=segment&operator=%3D&value=PME"
    )

    assert response.status_code == 302
    assert "where=segment%3DPME" in response["Location"]
    assert "dimension" not in response["Location"]


def test_the_part_sent_to_htmx_is_the_page_without_its_frame(reader: Reader) -> None:
    client, address = reader("alice"), f"/explorer/?kpi=revenue&by=segment&{SPAN}"
    whole = client.get(address).content.decode()
    response = client.get(address, headers={"HX-Request": "true"})

    assert response.content.decode().strip() in whole
    assert response["HX-Push-Url"].startswith("/explorer/?kpi=revenue&by=segment")


def test_values_are_suggested_without_regard_to_accents(reader: Reader) -> None:
    text = (
        reader("alice")
        .get("/explorer/values/?dimension=region&value=ile")
        .content.decode()
    )

    assert 'value="Île-de-France"' in text
    assert "Bretagne" not in text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("kpi=nothing", "n’existe pas", id="an unknown KPI"),
        pytest.param(
            "period=custom&first=2025-07-01&last=2025-01-01",
            "ne se lisent pas",
            id="days upside down",
        ),
        pytest.param("period=custom&first=hier", "ne se lisent pas", id="no day"),
        pytest.param("where=segment", "segment", id="a filter without a sign"),
        pytest.param("kpi=nps&by=product", "product", id="a cut it does not carry"),
        pytest.param("by=person&by=team&by=segment&by=region", "Trois", id="four cuts"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    reader: Reader, address: str, said: str
) -> None:
    response = reader("alice").get(f"/explorer/?{address}")

    assert response.status_code == 200
    text = response.content.decode()
    assert said in text[text.index("note-watch") :][:600]


def test_the_number_of_queries_does_not_grow_with_rows(
    reader: Reader, django_assert_max_num_queries: Any
) -> None:
    client = reader("alice")
    with django_assert_max_num_queries(17):
        client.get(f"/explorer/?kpi=revenue&by=person&by=segment&grain=month&{SPAN}")


def test_texts_are_harmless_in_a_spreadsheet(reader: Reader) -> None:
    address = f"kpi=revenue&by=segment&{SPAN}"
    content = reader("alice").get(f"/explorer/answer.xlsx?{address}").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None

    assert [cell.value for cell in sheet[1]][:2] == ["segment", "segment_id"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_many_rows_come_page_by_page_and_the_export_holds_them_all(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jalon.web.explorer.table.SHOWN", 4)
    client, address = reader("alice"), f"kpi=deals_won&by=account&{SPAN}"
    seen: list[str] = []
    for page in (1, 2, 3):
        text = client.get(f"/explorer/?{address}&page={page}").content.decode()
        body = text[text.index("<tbody>") : text.index("</tbody>")]
        seen += [part.split("<")[0] for part in body.split('<th scope="row">')[1:]]

    whole = json.loads(client.get(f"/explorer/answer.json?{address}").content)["rows"]
    assert len(whole) > 8
    assert seen == [row["account"] or "(inconnu)" for row in whole][:12]


def test_values_are_sorted_with_those_missing_last(reader: Reader) -> None:
    address = f"kpi=sales_cycle_days&by=person&against=previous&{SPAN}"
    text = reader("alice").get(f"/explorer/?{address}&sort=-value").content.decode()
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    told = [
        row.split("<strong>")[1].split("<")[0]
        for row in body.split("<tr>")[1:]
        if "<strong>" in row
    ]

    values = [float(one.split("\u202f")[0].replace(",", ".")) for one in told]
    assert values == sorted(values, reverse=True)
    assert 'aria-sort="descending"' in text
