"""The address of the page of the direction."""

from __future__ import annotations

from django.urls import path

from jalon.web.direction import views

urlpatterns = [path("", views.direction, name="direction")]
