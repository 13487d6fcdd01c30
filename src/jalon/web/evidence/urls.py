"""The addresses of somebody's evidence file: a page, its PDF, the data."""

from __future__ import annotations

from django.urls import path

from jalon.web.evidence import views

urlpatterns = [
    path("<str:person>/", views.page, name="evidence"),
    path("<str:person>/pdf/", views.as_pdf, name="evidence_pdf"),
    path("<str:person>/json/", views.as_json, name="evidence_json"),
]
