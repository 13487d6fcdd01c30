"""The address of pacing."""

from __future__ import annotations

from django.urls import path

from jalon.web.pacing import views

urlpatterns = [path("", views.pacing, name="pacing")]
