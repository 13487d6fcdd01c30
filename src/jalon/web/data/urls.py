"""Addresses of the data."""

from __future__ import annotations

from django.urls import include, path

from jalon.web.data import views

urlpatterns = [
    path("", views.data, name="data"),
    path("adoption/", views.adoption, name="crm_use"),
    path("quarantine/", views.rejects, name="quarantine"),
    path("quarantine.csv", views.rejects_csv, name="quarantine_csv"),
    path("", include("jalon.web.upload.urls")),
]
