"""The addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from jalon.web.catalogue import forms, views

urlpatterns = [
    path("", views.catalogue_list, name="catalogue"),
    path("new/", forms.new_kpi, name="new_kpi"),
    path("<str:key>/", views.kpi, name="kpi"),
    path("<str:key>/value/", views.value, name="kpi_value"),
    path("<str:key>/edit/", forms.edit_kpi, name="edit_kpi"),
    path("<str:key>/remove/", forms.remove, name="remove_kpi"),
]
