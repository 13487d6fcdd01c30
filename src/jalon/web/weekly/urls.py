"""The address of the weekly reading."""

from __future__ import annotations

from django.urls import path

from jalon.web.weekly import views

urlpatterns = [path("", views.weekly, name="weekly")]
