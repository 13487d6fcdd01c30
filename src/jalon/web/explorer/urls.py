"""The addresses of the explorer: all of a question stands in the query string."""

from __future__ import annotations

from django.urls import path

from jalon.web.explorer import views

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("values/", views.suggestions, name="explorer_values"),
    path("rows/", views.rows, name="explorer_rows"),
    path("rows.<str:kind>", views.export_rows, name="explorer_rows_export"),
    path("answer.<str:kind>", views.export, name="explorer_export"),
]
