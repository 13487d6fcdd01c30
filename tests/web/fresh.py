"""A fresh workspace behind a client, and its director once the first step is done."""

from __future__ import annotations

from django.test import Client

COMPANY = {
    "company": "La petite entreprise",
    "month": "4",
    "currency": "EUR",
    "country": "FR",
    "language": "fr",
    "name": "Alice Martin",
    "email": "Alice@exemple.fr",
    "password": "objectifs-2025",
}


def director() -> Client:
    """Return a client that has made the first account."""
    client = Client()
    answer = client.post("/start/", COMPANY)
    assert answer.status_code == 302
    return client
