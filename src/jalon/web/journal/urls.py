"""Addresses of the journal."""

from __future__ import annotations

from django.urls import path

from jalon.web.journal import views

urlpatterns = [
    path("", views.journal, name="journal"),
    path("csv/", views.journal_csv, name="journal_csv"),
    path("xlsx/", views.journal_xlsx, name="journal_xlsx"),
]
