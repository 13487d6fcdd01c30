"""The addresses of the screen that writes objectives."""

from __future__ import annotations

from django.urls import path

from jalon.web.new_objective import listing, views

urlpatterns = [
    path("", views.new_objective, name="new_objective"),
    path("card/", views.card, name="smart_card"),
    path("list/", listing.sentences, name="smart_list"),
]
