"""Addresses of data quality."""

from __future__ import annotations

from django.urls import path

from jalon.web.quality import views

urlpatterns = [
    path("", views.quality_page, name="quality"),
    path("<slug:code>/", views.rows, name="quality_rows"),
    path("<slug:code>.csv", views.rows_csv, name="quality_csv"),
]
