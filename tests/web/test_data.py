"""Data and uploads by their pages: who may, what is shown, what is downloaded."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jalon.records.accounts import User
from jalon.records.uploads import Upload
from jalon.usecases import upload as usecase
from jalon.web.data.views import harmless
from jalon.workspace.folder import Workspace
from tests.web.fresh import director

pytestmark = pytest.mark.django_db

DEALS = (
    "N° affaire;Commercial;Étape;Montant;Créée le;Date de clôture\n"
    "1;Bob;Gagnée;1200;02/01/2025;20/02/2025\n"
    "2;Inès;Perdue;300;15/02/2025;28/02/2025\n"
    "3;Bob;Gagnée;=1+1;15/03/2025;20/03/2025\n"
    "4;Bob;Gagnée;500;15/03/2025;20/03/2025\n"
    "5;Inès;Perdue;100;15/04/2025;20/04/2025\n"
)


@pytest.fixture(autouse=True)
def fresh(
    workspace: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    settings.WORKSPACE = workspace
    settings.IMPORTS_HERE = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("JALON_TODAY", "2025-06-16")
    return workspace


def sent(client: Client, content: str = DEALS, name: str = "affaires.csv") -> str:
    """Send a file and return the address of its upload."""
    file = SimpleUploadedFile(name, content.encode())
    answer = client.post("/data/new/", {"files": file})
    assert answer.status_code == 302
    return str(answer["Location"])


def imported(client: Client) -> str:
    address = sent(client)
    answer = client.post(address, {"do": "import"})
    assert answer.status_code == 302
    return address


def test_a_file_is_given_checked_and_imported() -> None:
    client = director()

    address = sent(client)
    page = client.get(address).content.decode()
    assert "Voici ce qui a été compris" in page
    assert "Montant" in page
    client.post(address, {"do": "import"})

    page = client.get(address).content.decode()
    assert "Vos données sont importées" in page
    assert "beaucoup" not in page
    assert "=1+1" in page


def test_the_partial_of_htmx_equals_the_page_read_again() -> None:
    client = director()
    address = sent(client)

    told = {"c-0-name": "N° affaire", "do": "check"}
    partial = client.post(address, told, headers={"HX-Request": "true"}).content
    whole = client.get(address).content.decode()

    start = partial.decode().index("<form")
    body = partial.decode()[start:].partition('name="csrfmiddlewaretoken"')
    rest = body[2].partition(">")[2].strip()
    assert rest in whole


def test_the_rejected_rows_are_downloaded_without_a_formula() -> None:
    client = director()
    imported(client)

    answer = client.get("/data/quarantine.csv")

    assert answer["Content-Disposition"] == 'attachment; filename="quarantine.csv"'
    text = answer.content.decode("utf-8-sig")
    _head, row = csv.reader(io.StringIO(text), delimiter=";")
    assert row[:6] == ["affaires.csv", "4", "affaires", "montant", "'=1+1", row[5]]
    assert row[5] == "pas un nombre"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(sign: str) -> None:
    assert harmless(f"{sign}cmd") == f"'{sign}cmd"
    assert harmless("cmd") == "cmd"


def test_the_quarantine_is_filtered() -> None:
    client = director()
    imported(client)

    one = client.get("/data/quarantine/?reason=not_a_number").content.decode()
    none = client.get("/data/quarantine/?reason=not_a_date").content.decode()

    assert "=1+1" in one
    assert "Aucune ligne en quarantaine" in none


def test_the_data_page_says_where_facts_come_from() -> None:
    client = director()
    empty = client.get("/data/").content.decode()
    assert "Il n’y a pas encore de données" in empty

    imported(client)

    page = client.get("/data/").content.decode()
    assert "alice@exemple.fr" in page
    assert "affaires.csv" in page
    assert "g00000001" in page
    assert "20 avril 2025" in page


@pytest.mark.parametrize(
    ("role", "status"),
    [("director", 200), ("revops", 200), ("manager", 403), ("salesperson", 403)],
)
@pytest.mark.parametrize(
    "path", ["/data/", "/data/new/", "/data/quarantine/", "upload"]
)
def test_data_is_for_those_who_may_see_it(role: str, status: int, path: str) -> None:
    address = sent(director())
    User.objects.create_user("bob@exemple.fr", "objectifs-2025", role=role)
    client = Client()
    assert client.login(username="bob@exemple.fr", password="objectifs-2025")

    assert client.get(address if path == "upload" else path).status_code == status


def test_others_may_not_import_either() -> None:
    address = sent(director())
    User.objects.create_user("bob@exemple.fr", "objectifs-2025", role="salesperson")
    client = Client()
    assert client.login(username="bob@exemple.fr", password="objectifs-2025")

    for path in (address, f"{address}again/", f"{address}discard/", "/data/new/"):
        assert client.post(path, {"do": "import"}).status_code == 403
    assert Upload.objects.get().state == "recognised"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.exe", "MZ", "d’aucun type connu"),
        ("vide.csv", "", "est vide"),
    ],
)
def test_bad_input_is_one_clear_line(name: str, content: str, said: str) -> None:
    client = director()

    file = SimpleUploadedFile(name, content.encode())
    page = client.post("/data/new/", {"files": file}, follow=True).content.decode()

    assert said in page
    assert "Traceback" not in page


def test_what_is_too_big_is_refused_before_it_is_written(
    monkeypatch: pytest.MonkeyPatch, fresh: Workspace
) -> None:
    client = director()
    for place in ("upload.views", "upload.handler"):
        monkeypatch.setattr(f"jalon.web.{place}.MOST_BYTES", 1000)
    monkeypatch.setattr("jalon.web.upload.handler.ROOM_FOR_THE_FORM", 0)

    file = SimpleUploadedFile("affaires.csv", DEALS.encode() * 10)
    page = client.post("/data/new/", {"files": file}, follow=True).content.decode()

    assert "trop gros" in page
    assert not Upload.objects.exists()
    assert not fresh.uploads.exists()
    assert usecase.MOST_BYTES == 1024**3


def test_an_upload_that_does_not_exist_is_not_found() -> None:
    client = director()

    assert client.get("/data/uploads/unknown/").status_code == 404
    assert client.post("/data/uploads/unknown/discard/").status_code == 404


def test_a_file_forgotten_is_gone() -> None:
    client = director()
    address = sent(client)

    client.post(f"{address}discard/")

    assert client.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow_with_imports(
    django_assert_max_num_queries: Any,
) -> None:
    client = director()
    for rank in range(3):
        address = sent(client, DEALS.replace("1200", str(1200 + rank)))
        client.post(address, {"do": "import"})

    with django_assert_max_num_queries(12):
        client.get("/data/")


def test_the_next_step_of_the_first_run_follows_the_import() -> None:
    client = director()
    file = SimpleUploadedFile("affaires.csv", DEALS.encode())
    address = client.post("/start/data/", {"files": file})["Location"]
    assert client.get("/start/resume/")["Location"] == address
    client.post(address, {"do": "import"})

    page = client.get(address).content.decode()
    assert 'value="people"' in page
    client.post("/start/end/", {"step": "people"})

    assert client.get("/start/resume/")["Location"] == "/start/people/"
