"""The address of the diagram."""

from __future__ import annotations

from django.urls import path

from jalon.web.diagram import views

urlpatterns = [path("", views.diagram, name="diagram")]
