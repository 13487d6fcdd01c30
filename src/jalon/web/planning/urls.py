"""The addresses of plannings: the list, one grid, its edits, its spreadsheet."""

from __future__ import annotations

from django.urls import path

from jalon.web.planning import views

urlpatterns = [
    path("", views.plannings, name="plannings"),
    path("<str:planning>/", views.grid, name="planning"),
    path("<str:planning>/edit/", views.edit, name="planning_edit"),
    path("<str:planning>/sheet/", views.sheet, name="planning_sheet"),
    path("<str:planning>/import/", views.take_in, name="planning_import"),
]
