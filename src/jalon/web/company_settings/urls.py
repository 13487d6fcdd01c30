"""The address of the settings."""

from __future__ import annotations

from django.urls import path

from jalon.web.company_settings import views

urlpatterns = [path("", views.company_settings, name="company_settings")]
