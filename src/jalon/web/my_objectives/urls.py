"""The addresses of "My objectives", the first page, and of arranging it."""

from __future__ import annotations

from django.urls import path

from jalon.web.my_objectives import tiles, views

urlpatterns = [
    path("", views.my_objectives, name="my_objectives"),
    path("tiles/", tiles.my_tiles, name="my_tiles"),
]
