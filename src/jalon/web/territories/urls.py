"""The addresses of distributions: the list, one of them, its decision, its moves."""

from __future__ import annotations

from django.urls import path

from jalon.web.territories import views

urlpatterns = [
    path("", views.territories, name="territories"),
    path("<int:plan>/", views.distribution, name="distribution"),
    path("<int:plan>/decide/", views.decide, name="distribution_decide"),
    path("<int:plan>/moves.<str:kind>", views.moves, name="distribution_moves"),
]
