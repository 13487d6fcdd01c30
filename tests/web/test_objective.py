"""The objective page, its rows and their export."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

Reader = Callable[[str], Client]
EVERYBODY = ("alice", "mona", "marc", "bob", "ines", "charlie", "olga", "rene")


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_published_result_is_open_to_everybody(reader: Reader, who: str) -> None:
    response = reader(who).get("/objectives/ca-t2-bob/")

    assert response.status_code == 200
    assert "Bob Durand" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("bob", 200, id="the owner"),
        pytest.param("mona", 200, id="the manager"),
        pytest.param("alice", 200, id="the director"),
        pytest.param("olga", 200, id="RevOps, who checks the data"),
        pytest.param("ines", 403, id="a team-mate"),
        pytest.param("charlie", 403, id="a stranger"),
        pytest.param("marc", 403, id="another manager"),
        pytest.param("rene", 403, id="a reader without grant"),
    ],
)
@pytest.mark.parametrize("part", ["explain/", "explain.csv", "explain.xlsx"])
def test_the_rows_are_for_the_owner_and_those_above(
    reader: Reader, who: str, status: int, part: str
) -> None:
    assert reader(who).get(f"/objectives/ca-t2-bob/{part}").status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 200), ("mona", 200), ("ines", 404), ("charlie", 404)]
)
def test_what_is_not_published_does_not_exist_for_others(
    reader: Reader, who: str, status: int
) -> None:
    assert reader(who).get("/objectives/ca-t3-bob/").status_code == status


def test_who_may_not_read_the_rows_is_shown_no_way_to_them(reader: Reader) -> None:
    assert (
        "/objectives/ca-t2-bob/explain/"
        in reader("bob").get("/objectives/ca-t2-bob/").content.decode()
    )
    assert (
        "/objectives/ca-t2-bob/explain/"
        not in reader("ines").get("/objectives/ca-t2-bob/").content.decode()
    )


def test_both_targets_and_their_dates_are_told(reader: Reader) -> None:
    text = reader("mona").get("/objectives/ca-t2-nouveaux/").content.decode()

    assert "60\u202f000\u202f€" in text
    assert "45\u202f000\u202f€" in text
    assert "12 mai 2025" in text
    assert "Un appel d&#x27;offres est reporté à l&#x27;automne" in text


def test_children_that_lack_something_are_said(reader: Reader) -> None:
    text = reader("alice").get("/objectives/ca-t2/").content.decode()

    # 110 000 asked; 45 000 (60 000 lowered) + 40 000 given.
    assert "25\u202f000\u202f€ de cette cible ne sont confiés à personne" in text


def test_an_unknown_objective_is_a_page_not_found(reader: Reader) -> None:
    response = reader("alice").get("/objectives/nothing/")

    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_the_export_holds_the_deals_that_made_the_figure_and_the_share_counted(
    reader: Reader,
) -> None:
    text = (
        reader("bob")
        .get("/objectives/ca-t2-bob/explain.csv")
        .content.decode("utf-8-sig")
    )
    header, *rows = [line.split(";") for line in text.strip().splitlines()]

    # 10 000 € of d20 are Bob's for 0.7; d17 closed in March and d19 is Dora's.
    assert [row[header.index("deal_id")] for row in rows] == ["d20"]
    assert rows[0][header.index("compté")] == "7000"
    assert rows[0][header.index("part")] == "0,7"


def test_another_kind_of_file_is_not_found(reader: Reader) -> None:
    assert reader("bob").get("/objectives/ca-t2-bob/explain.pdf").status_code == 404


# -- the page, whole -----------------------------------------------------------------


def page_of(reader: Reader, who: str, objective: str) -> str:
    return reader(who).get(f"/objectives/{objective}/").content.decode()


def test_where_it_stands_refreshed_by_htmx_is_the_one_of_the_page(
    reader: Reader,
) -> None:
    client = reader("mona")
    part = client.get("/objectives/ca-t2-nouveaux/", headers={"HX-Request": "true"})
    lines = [
        line.strip() for line in part.content.decode().splitlines() if line.strip()
    ]
    whole = [
        line.strip() for line in page_of(reader, "mona", "ca-t2-nouveaux").splitlines()
    ]

    start = whole.index(lines[0])
    assert [line for line in whole[start:] if line][: len(lines)] == lines


def test_each_child_has_its_share_of_the_target_and_its_state(reader: Reader) -> None:
    text = page_of(reader, "alice", "ca-t2")

    # 45 000 (lowered) and 40 000 of 110 000.
    assert "41\u202f% de cette cible" in text
    assert "36\u202f% de cette cible" in text


def test_the_evaluation_kept_is_told_with_its_state(reader: Reader) -> None:
    text = page_of(reader, "bob", "ca-t2-bob")
    told = text[text.index("Évaluations") :]

    assert "1 gardée" in told
    assert "16 juin 2025" in told


def test_who_set_the_objective_and_the_formula_in_words_are_told(
    reader: Reader,
) -> None:
    text = page_of(reader, "bob", "closing-bob")

    assert "écrit le 2 avril 2025" in text
    assert "Taux de closing = " in text
    assert 'href="/kpis/win_rate/"' in text


def test_weekends_and_holidays_are_on_the_path(reader: Reader) -> None:
    text = reader("alice").get("/objectives/ca-t2/path/").content.decode()

    # French holidays on weekdays from April to June 2025: Easter Monday, 1 and 8 May,
    # Ascension, Whit Monday; twice, for the desk and for the phone.
    assert text.count('class="holiday"') == 10
    assert 'class="weekend"' in text
    # 91 days, 26 of a weekend, 5 holidays.
    assert "jours ouvrés sur 60 sont passés" in text


def test_rows_beyond_the_first_page_are_another_page(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("rows", "views"):
        monkeypatch.setattr(f"jalon.web.objective.{module}.ROWS", 2)
    client = reader("alice")
    first = client.get("/objectives/ca-t2/explain/").content.decode()
    second = client.get("/objectives/ca-t2/explain/?page=2").content.decode()

    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert rows_told(first).isdisjoint(rows_told(second))


def rows_told(text: str) -> set[str]:
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    return {row for row in body.split("<tr>") if "<td" in row}


def test_a_page_number_that_is_none_is_the_first(reader: Reader) -> None:
    client = reader("alice")
    first = client.get("/objectives/ca-t2/explain/").content.decode()
    other = client.get("/objectives/ca-t2/explain/?page=zero").content.decode()

    assert rows_told(other) == rows_told(first)


def test_the_path_comes_after_the_page_and_is_the_same_in_it(reader: Reader) -> None:
    client = reader("marc")
    part = client.get("/objectives/ca-t2-fidelite/path/").content.decode()
    whole = client.get("/objectives/ca-t2-fidelite/?path=1").content.decode()

    told = [line.strip() for line in part.splitlines() if line.strip()]
    lines = [line.strip() for line in whole.splitlines() if line.strip()]
    start = lines.index(told[0])
    assert lines[start : start + len(told)] == told


def test_the_page_alone_reads_no_fact(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(*_: object, **__: object) -> None:
        pytest.fail("facts were counted for a page")

    monkeypatch.setattr("jalon.queries.paths._kept", {})
    monkeypatch.setattr("jalon.queries.counting.fetched", counted)
    monkeypatch.setattr("jalon.queries.asking.fetched", counted)
    text = page_of(reader, "bob", "ca-t2-bob")

    assert "/objectives/ca-t2-bob/path/" in text
