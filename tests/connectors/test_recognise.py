"""Files are recognised by their names, headers and cells; each guess says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jalon.connectors.files import content, wordbook
from jalon.connectors.files.mapping import (
    FileMapping,
    SourceShape,
    dumped,
    parsed,
)
from jalon.connectors.files.recognise import Recognition, recognise, renewed
from jalon.connectors.files.wording import folded, likeness
from jalon.domain.facts.tables import TABLES


def shape(name: str, /, **cells: str) -> SourceShape:
    """Return a file whose cells are written `a|b|c` under each header."""
    samples = {header: tuple(text.split("|")) for header, text in cells.items()}
    return SourceShape(name, tuple(cells), samples)


def columns(found: Recognition, table: str) -> dict[str, str]:
    mapping = next(one for one in found.tables if one.into == table)
    return {**mapping.columns, **mapping.computed, **mapping.constants}


HYPERMARCHE = {
    "Catégorie": "Mobilier|Fournitures de bureau",
    "Date d'expédition": "16/03/2021|18/03/2021",
    "Date de commande": "15/03/2021|14/03/2021",
    "ID client": "MJ-17635|AB-10001",
    "ID commande": "IT-2021-5245986|ES-2021-1311038",
    "ID ligne": "1952|1953",
    "ID produit": "FOU-ÉL-10000563|MOB-CH-10002720",
    "Nom du client": "Maurice Josseaume|Anne Bernard",
    "Nom du produit": "Stockwell Agrafes, Par paquet de 12|Chaise",
    "Pays/Région": "Royaume-Uni|France",
    "Région": "Écosse|Île-de-France",
    "Segment": "Entreprise|Petite et moyenne entreprise",
    "Sous-catégorie": "Éléments de fixation|Chaises",
    "Zone géographique": "Nord|Centre",
    "Profit": "40 €|-1\u202f022 €",
    "Prévision des ventes": "€ 162|€1\u202f234",
    "Quantité": "11|4",
    "Remise": "0%|15%",
    "Ventes": "108 €|1\u202f197 €",
}


def test_a_french_export_of_order_lines_gives_lines_customers_and_products() -> None:
    found = recognise(shape("Exemple - Hypermarché_Achats.csv", **HYPERMARCHE))
    assert [table.into for table in found.tables] == [
        "order_lines",
        "accounts",
        "products",
    ]
    assert columns(found, "order_lines") == {
        "order_id": "ID commande",
        "line_id": "ID ligne",
        "account_id": "ID client",
        "product_id": "ID produit",
        "on": "Date de commande",
        "quantity": "Quantité",
        "amount": "Ventes",
        "cost": "Ventes - Profit",
        "country": "Pays/Région",
        "region": "Région",
        "segment": "Segment",
        "currency": "EUR",
    }
    assert columns(found, "accounts") == {
        "account_id": "ID client",
        "name": "Nom du client",
        "segment": "Segment",
    }
    assert columns(found, "products") == {
        "product_id": "ID produit",
        "name": "Nom du produit",
        "line": "Catégorie",
    }


def test_headers_that_no_guess_uses_are_listed() -> None:
    found = recognise(shape("Achats.csv", **HYPERMARCHE))
    assert found.unmapped == (
        "Date d'expédition",
        "Sous-catégorie",
        "Zone géographique",
        "Prévision des ventes",
        "Remise",
    )


DATES = "2026-01-05|2026-02-17"
MONEY = "1200.00|850.50"
EXPORTS = [
    pytest.param(
        {
            "Record ID": "901|902",
            "Deal Name": "Acme|Beta",
            "Deal Stage": "Closed won|Appointment scheduled|Closed lost",
            "Close Date": DATES,
            "Deal owner": "Anna|Bob",
            "Amount": MONEY,
            "Pipeline": "Sales",
            "Create Date": DATES,
        },
        "HubSpot",
        {
            "deal_id": "Record ID",
            "name": "Deal Name",
            "stage": "Deal Stage",
            "outcome": "Deal Stage",
            "closed_on": "Close Date",
            "owner_id": "Deal owner",
            "amount": "Amount",
            "pipeline": "Pipeline",
            "created_on": "Create Date",
        },
        id="HubSpot",
    ),
    pytest.param(
        {
            "ID de la fiche d'informations": "901|902",
            "Nom de la transaction": "Acme|Beta",
            "Phase de la transaction": "Fermée gagnée|Présentation prévue|Fermée perdue",
            "Date de fermeture": DATES,
            "Propriétaire de la transaction": "Anna|Bob",
            "Montant": "1 200,00|850,50",
            "Date de création": DATES,
        },
        "HubSpot",
        {
            "deal_id": "ID de la fiche d'informations",
            "name": "Nom de la transaction",
            "stage": "Phase de la transaction",
            "outcome": "Phase de la transaction",
            "closed_on": "Date de fermeture",
            "owner_id": "Propriétaire de la transaction",
            "amount": "Montant",
            "created_on": "Date de création",
        },
        id="HubSpot in French",
    ),
    pytest.param(
        {
            "Opportunity ID": "006A|006B",
            "Opportunity Name": "Acme|Beta",
            "Account Name": "Acme SA|Beta SARL",
            "Stage": "Closed Won|Prospecting|Closed Lost",
            "Close Date": DATES,
            "Created Date": DATES,
            "Amount": MONEY,
            "Opportunity Owner": "Anna|Bob",
            "Lead Source": "Web|Partner",
        },
        "Salesforce",
        {
            "deal_id": "Opportunity ID",
            "name": "Opportunity Name",
            "account_id": "Account Name",
            "stage": "Stage",
            "outcome": "Stage",
            "closed_on": "Close Date",
            "created_on": "Created Date",
            "amount": "Amount",
            "owner_id": "Opportunity Owner",
            "channel": "Lead Source",
        },
        id="Salesforce report",
    ),
    pytest.param(
        {
            "Nom de l'opportunité": "Acme|Beta",
            "Nom du compte": "Acme SA|Beta SARL",
            "Étape": "Fermée/Gagnée|Négociation|Fermée/Perdue",
            "Date de clôture": "05/01/2026|17/02/2026",
            "Date de création": "05/01/2025|17/02/2025",
            "Montant": "1 200,00 €|850,50 €",
            "Propriétaire de l'opportunité": "Anna|Bob",
            "ID de l'opportunité": "006A|006B",
        },
        "Salesforce",
        {
            "deal_id": "ID de l'opportunité",
            "name": "Nom de l'opportunité",
            "account_id": "Nom du compte",
            "stage": "Étape",
            "outcome": "Étape",
            "closed_on": "Date de clôture",
            "created_on": "Date de création",
            "amount": "Montant",
            "owner_id": "Propriétaire de l'opportunité",
            "currency": "EUR",
        },
        id="Salesforce in French",
    ),
    pytest.param(
        {
            "Deal - ID": "1|2",
            "Deal - Title": "Acme|Beta",
            "Deal - Value": MONEY,
            "Deal - Currency of Value": "EUR",
            "Deal - Stage": "Demo scheduled|Proposal made",
            "Deal - Status": "Won|Open|Lost",
            "Deal - Owner": "Anna|Bob",
            "Deal - Deal created": "2026-01-05 10:11:12|2026-02-17 09:00:00",
            "Deal - Won time": "2026-01-05 10:11:12|2026-02-17 09:00:00",
            "Deal - Lost time": "2026-03-05 10:11:12",
            "Deal - Expected close date": DATES,
            "Organization - Name": "Acme SA|Beta",
        },
        "Pipedrive",
        {
            "deal_id": "Deal - ID",
            "name": "Deal - Title",
            "amount": "Deal - Value",
            "currency": "Deal - Currency of Value",
            "stage": "Deal - Stage",
            "outcome": "Deal - Status",
            "owner_id": "Deal - Owner",
            "created_on": "Deal - Deal created",
            "closed_on": '"Deal - Won time" || \'\' || "Deal - Lost time"',
            "expected_close_on": "Deal - Expected close date",
            "account_id": "Organization - Name",
        },
        id="Pipedrive",
    ),
    pytest.param(
        {
            "ID externe": "__export__.lead_1|__export__.lead_2",
            "Opportunité": "Acme|Beta",
            "Client": "Acme SA|Beta",
            "Revenu espéré": "1200,0|850,5",
            "Vendeur": "Anna|Bob",
            "Étape": "Gagné|Qualifié|Proposition",
            "Créé le": "2026-01-05 10:11:12|2026-02-17 09:00:00",
            "Clôture prévue": DATES,
        },
        "Odoo",
        {
            "deal_id": "ID externe",
            "name": "Opportunité",
            "account_id": "Client",
            "amount": "Revenu espéré",
            "owner_id": "Vendeur",
            "stage": "Étape",
            "outcome": "Étape",
            "created_on": "Créé le",
            "expected_close_on": "Clôture prévue",
        },
        id="Odoo in French",
    ),
]


@pytest.mark.parametrize(("cells", "vendor", "expected"), EXPORTS)
def test_a_vendor_export_is_told_by_its_headers(
    cells: dict[str, str], vendor: str, expected: dict[str, str]
) -> None:
    found = recognise(shape("export.csv", **cells))
    assert found.vendor == vendor
    assert columns(found, "deals") == expected


def test_stage_words_give_the_outcome_in_both_languages() -> None:
    stages = "Fermée/Gagnée|Fermée/Perdue|Négociation|4 - Closed Won|Signée|Sans suite"
    found = recognise(shape("affaires.csv", Étape=stages, Montant=MONEY, ID="1|2"))
    assert found.tables[0].values["outcome"] == {
        "Fermée/Gagnée": "won",
        "Fermée/Perdue": "lost",
        "Négociation": "open",
        "4 - Closed Won": "won",
        "Signée": "won",
        "Sans suite": "lost",
    }


def test_a_stage_of_an_unknown_word_is_open_and_said_to_be_unsure() -> None:
    found = recognise(shape("deals.csv", Stage="Won|Blorp", Amount=MONEY, ID="1|2"))
    guess = next(one for one in found.guesses if one.parameters.get("value") == "Blorp")
    assert (guess.parameters["meaning"], guess.reason) == ("open", "unknown_value")
    assert guess.confidence < 0.5


def test_the_won_flag_wins_over_the_stage() -> None:
    cells = {
        "Id": "1|2",
        "StageName": "Closed Won|Prospecting",
        "CloseDate": DATES,
        "Amount": MONEY,
        "IsWon": "TRUE|FALSE",
        "IsClosed": "TRUE|FALSE",
    }
    found = recognise(shape("Opportunity.csv", **cells))
    assert "outcome" not in found.tables[0].columns
    assert found.tables[0].computed["outcome"] == "IsWon || '/' || IsClosed"
    outcomes = found.tables[0].values["outcome"]
    assert (outcomes["TRUE/TRUE"], outcomes["TRUE/FALSE"]) == ("won", "won")
    assert (outcomes["FALSE/TRUE"], outcomes["FALSE/FALSE"]) == ("lost", "open")


def test_an_inactive_opportunity_of_odoo_is_lost() -> None:
    cells = {
        "Opportunity": "Acme|Beta",
        "Expected Revenue": MONEY,
        "Stage": "Won|Proposition",
        "Active": "True|False",
    }
    table = recognise(shape("crm.lead.xlsx", **cells)).tables[0]
    assert table.computed["outcome"] == "Active || '/' || Stage"
    assert table.values["outcome"]["False/Proposition"] == "lost"
    assert table.values["outcome"]["True/Won"] == "won"
    assert table.values["outcome"]["True/Proposition"] == "open"


def test_deals_without_a_number_are_told_apart_by_more_than_their_name() -> None:
    cells = {
        "Opportunity Name": "Renewal|Renewal",
        "Account Name": "Acme|Beta",
        "Stage": "Closed Won|Prospecting",
        "Amount": MONEY,
        "Created Date": DATES,
    }
    found = recognise(shape("report.csv", **cells))
    assert found.tables[0].computed["deal_id"] == (
        '"Opportunity Name" || \'-\' || "Account Name" || \'-\' || "Created Date"'
    )


def test_an_unnamed_column_of_codes_tells_deals_apart() -> None:
    cells = {
        "Dossier": "D-01|D-02",
        "Client": "Acme|Acme",
        "Rang": "1|2",
        "Référence": "2024/17|2024/18",
        "Étape": "Gagnée|Qualification",
        "Montant": MONEY,
    }
    known = replace(shape("a.csv", **cells), telling=frozenset({"Rang", "Dossier"}))
    found = recognise(known)
    assert found.tables[0].columns["deal_id"] == "Dossier"
    said = next(one for one in found.guesses if one.column == "deal_id")
    assert said.reason == "tells_rows"
    named = replace(known, telling=frozenset(cells))
    assert recognise(named).tables[0].columns["deal_id"] == "Référence"


def test_bare_numbers_tell_nothing_apart_unless_their_header_says_so() -> None:
    cells = {"Rang": "1|2", "Client": "A|B", "Étape": "Gagnée|Perdue", "Montant": MONEY}
    found = recognise(replace(shape("a.csv", **cells), telling=frozenset({"Rang"})))
    assert found.tables[0].computed["deal_id"] == "Client"


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (("A-00001", "A-00002"), True),
        (("4711", "4712"), True),
        (("2024/17", "2024/18"), True),
        (("12.50", "9.90"), False),
        (("2024-03-01", "2024-03-02"), False),
        (("Acme 2", "Beta 3"), False),
        (("Prix", "Délai"), False),
    ],
)
def test_codes_are_told_from_dates_amounts_and_words(
    cells: tuple[str, ...], codes: bool
) -> None:
    assert content.looks_like_a_code(cells) is codes


def test_cells_that_are_no_dates_refuse_a_date_header() -> None:
    cells = {
        "Deal ID": "1|2",
        "Stage": "Won|Lost",
        "Amount": MONEY,
        "Close Date": "soon|later",
        "Date closed": DATES,
    }
    assert columns(recognise(shape("deals.csv", **cells)), "deals")["closed_on"] == (
        "Date closed"
    )


def test_a_sales_team_file_gives_people_their_manager_and_their_team() -> None:
    cells = {
        "sales_agent": "Anna Snelling|Boris Faz",
        "manager": "Dustin Brinkmann|Rocco Neubert",
        "regional_office": "Central|East",
    }
    assert columns(recognise(shape("sales_teams.csv", **cells)), "people") == {
        "person_id": "sales_agent",
        "name": "sales_agent",
        "manager_id": "manager",
        "team_id": "regional_office",
    }


def test_first_and_last_names_make_one_name() -> None:
    cells = {
        "Matricule": "7|8",
        "Nom": "Durand|Petit",
        "Prénom": "Nora|Léa",
        "Date d'entrée": DATES,
    }
    found = columns(recognise(shape("salariés.csv", **cells)), "people")
    assert found["name"] == "\"Prénom\" || ' ' || Nom"
    assert found["person_id"] == "Matricule"


def test_a_line_without_an_amount_has_quantity_times_price_less_discount() -> None:
    cells = {
        "Order ID": "1|2",
        "Order Date": DATES,
        "Quantity": "2|3",
        "Unit Price": MONEY,
        "Discount": "0|0.15",
    }
    found = columns(recognise(shape("orders.csv", **cells)), "order_lines")
    assert found["amount"] == 'Quantity * "Unit Price" * (1 - Discount)'


@pytest.mark.parametrize(
    ("name", "cells", "table"),
    [
        ("nps.csv", {"ID": "1|2", "NPS": "9|3", "Survey date": DATES}, "answers"),
        (
            "Abonnements.xlsx",
            {"Client": "A|B", "Mensualité": "90 €|120 €", "Date de début": DATES},
            "subscriptions",
        ),
        (
            "leads.csv",
            {"Lead ID": "1|2", "Created Date": DATES, "Lead Source": "Web|Salon"},
            "leads",
        ),
        (
            "Activités.csv",
            {"Type d'activité": "Appel|RDV", "Réalisé le": DATES, "Commercial": "A|B"},
            "activities",
        ),
        (
            "stage_transitions.csv",
            {"deal_id": "1|2", "to_stage": "demo|won", "transition_date": DATES},
            "stage_changes",
        ),
        (
            "dépenses.csv",
            {"Mois": "2026-01-01|2026-02-01", "Canal": "Web|Salon", "Montant": MONEY},
            "spend",
        ),
        (
            "réclamations.csv",
            {"N° ticket": "1|2", "Client": "A|B", "Ouvert le": DATES},
            "tickets",
        ),
        ("taux.csv", {"Devise": "USD", "Date": DATES, "Taux": "0,92|0,93"}, "rates"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_file_is_told(
    name: str, cells: dict[str, str], table: str
) -> None:
    assert recognise(shape(name, **cells)).tables[0].into == table


def test_a_question_asked_in_a_form_is_a_score() -> None:
    asked = "Sur une échelle de 0 à 10, recommanderiez-vous notre société ?"
    cells = {"Horodateur": "03/02/2025 10:12:13", asked: "9|10|3", "Client": "Écho"}
    found = columns(recognise(shape("Enquête NPS (réponses).csv", **cells)), "answers")
    assert (found["score"], found["answered_at"]) == (asked, "Horodateur")
    assert (found["survey"], found["scale"]) == ("nps", "10")


def test_a_journal_of_sales_is_read_by_its_amount_without_tax() -> None:
    cells = {
        "N° pièce": "FA25-0001|FA25-0002",
        "Date facture": "03/01/25|14/02/25",
        "Client": "Écho|Faro",
        "Désignation": "Vis|Écrou",
        "Qté": "3|17",
        "PU HT": "277,82 €|324,83 €",
        "Total HT": "833,46 €|5 522,11 €",
        "Total TTC": "1 000,15 €|6 626,53 €",
    }
    found = columns(recognise(shape("Journal.csv", **cells)), "order_lines")
    wanted = {"order_id": "N° pièce", "product_id": "Désignation", "quantity": "Qté"}
    assert found | wanted == found
    assert (found["amount"], found["currency"]) == ("Total HT", "EUR")


def test_what_resembles_nothing_is_said_to_be_nothing() -> None:
    found = recognise(shape("notes.csv", Colour="red|blue", Taste="good|bad"))
    assert (found.tables, found.unmapped) == ((), ("Colour", "Taste"))


def test_people_met_by_a_deal_are_not_the_people_who_sell() -> None:
    cells = {"contact_id": "1", "deal_id": "9", "name": "Zoé", "role": "Buyer"}
    assert recognise(shape("contacts.csv", **cells)).tables == ()


def test_a_guessed_mapping_is_the_one_its_file_says() -> None:
    found = recognise(shape("Achats.csv", **HYPERMARCHE))
    assert parsed(dumped(found.mapping)) == found.mapping


def test_a_remembered_mapping_learns_the_words_it_had_not_met() -> None:
    former = recognise(shape("deals.csv", Stage="Won|Lost", Amount=MONEY, ID="1|2"))
    corrected = replace(former.tables[0], values={"outcome": {"Won": "open"}})
    new = shape("deals.csv", Stage="Won|Perdu|Négo", Amount=MONEY, ID="1|2")
    found = renewed(FileMapping((corrected,)), new)
    assert found is not None
    assert found.tables[0].values["outcome"] == {
        "Won": "open",
        "Perdu": "lost",
        "Négo": "open",
    }
    assert [guess.parameters["value"] for guess in found.guesses] == ["Perdu", "Négo"]
    assert renewed(found.mapping, new) is None


@pytest.mark.parametrize("words", wordbook.tables(), ids=lambda words: words.table)
def test_words_name_columns_that_exist(words: wordbook.TableWords) -> None:
    names = {column.name for column in TABLES[words.table].columns}
    named = {*words.columns, *words.inside, *words.missing, *words.telling}
    assert named | {one for group in words.needs for one in group} <= names


def test_every_canonical_table_can_be_recognised() -> None:
    assert {words.table for words in wordbook.tables()} == set(TABLES)


def test_vendor_words_name_columns_that_exist() -> None:
    for vendor in wordbook.vendors():
        names = {column.name for column in TABLES[vendor.table].columns}
        assert set(vendor.columns) <= names


def test_value_words_lead_to_allowed_values() -> None:
    for (table, column), found in wordbook.values().items():
        allowed = set(TABLES[table].column(column).allowed)
        assert set(found.words) | {found.unknown} - {""} <= allowed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pays/Région", "pays region"),
        ("orderID", "order id"),
        ("Deal - Won time", "deal won time"),
        ("N° d'affaire", "n d affaire"),
    ],
)
def test_headers_are_folded_to_plain_words(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_a_unit_between_brackets_does_not_change_a_header() -> None:
    assert likeness("Montant HT (k€)", "montant ht") == likeness(
        "Montant HT", "montant ht"
    )
