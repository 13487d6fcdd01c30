"""Addresses of the sources."""

from __future__ import annotations

from django.urls import path

from jalon.web.sources import views

urlpatterns = [
    path("data/sources/", views.kinds, name="source_kinds"),
    path("data/sources/new/<slug:source_kind>/", views.new, name="source_new"),
    path("data/sources/<slug:source_name>/", views.one, name="source"),
    path(
        "data/sources/<slug:source_name>/settings/",
        views.settings,
        name="source_settings",
    ),
    path(
        "data/sources/<slug:source_name>/write-back/",
        views.targets,
        name="source_targets",
    ),
    path("data/sources/<slug:source_name>/state/", views.state, name="source_state"),
    path(
        "hooks/sources/<slug:source_name>/<str:word>/", views.knock, name="source_knock"
    ),
]
