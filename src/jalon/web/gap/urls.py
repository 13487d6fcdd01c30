"""The addresses of the gap of an objective."""

from __future__ import annotations

from django.urls import path

from jalon.web.gap import views

urlpatterns = [
    path("<str:objective_id>/gap/", views.gap, name="gap"),
    path("<str:objective_id>/gap.<str:kind>", views.export_gap, name="export_gap"),
]
