"""The addresses of themes."""

from __future__ import annotations

from django.urls import path

from jalon.web.themes import views

urlpatterns = [
    path("", views.themes, name="themes"),
    path("tag/<int:check_in_id>/", views.tag, name="tag_point"),
    path("lexicon/", views.edit_lexicon, name="lexicon"),
]
