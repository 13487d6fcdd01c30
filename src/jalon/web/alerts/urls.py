"""Addresses of alerts."""

from __future__ import annotations

from django.urls import path

from jalon.web.alerts import views

urlpatterns = [
    path("", views.alerts, name="alerts"),
    path("seen/", views.alerts_seen, name="alerts_seen"),
    path("<int:alert>/note/", views.alert_note, name="alert_note"),
    path("<int:alert>/action/", views.alert_action, name="alert_action"),
]
