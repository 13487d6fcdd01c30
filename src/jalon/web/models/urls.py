"""The addresses of the models."""

from __future__ import annotations

from django.urls import path

from jalon.web.models import views

urlpatterns = [
    path("models/", views.models, name="models"),
    path("models/new/", views.new_model, name="new_model"),
    path("models/<str:key>/", views.model, name="model"),
    path("models/<str:key>/edit/", views.edit_model, name="edit_model"),
    path("models/<str:key>/remove/", views.remove, name="remove_model"),
]
