"""The addresses of the board of a team."""

from __future__ import annotations

from django.urls import path

from jalon.web.team import views

urlpatterns = [
    path("", views.team, name="team"),
    path("board.<str:kind>", views.export_board, name="export_board"),
]
