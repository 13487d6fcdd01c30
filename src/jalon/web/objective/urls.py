"""The addresses of one objective."""

from __future__ import annotations

from django.urls import path

from jalon.web.objective import views

urlpatterns = [
    path("<str:objective_id>/", views.objective, name="objective"),
    path("<str:objective_id>/path/", views.path, name="objective_path"),
    path("<str:objective_id>/explain/", views.explain, name="explain"),
    path(
        "<str:objective_id>/explain.<str:kind>", views.export_rows, name="export_rows"
    ),
]
