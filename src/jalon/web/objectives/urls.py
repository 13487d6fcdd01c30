"""The address of the list of objectives."""

from __future__ import annotations

from django.urls import path

from jalon.web.objectives import views

urlpatterns = [path("", views.objectives, name="objectives")]
