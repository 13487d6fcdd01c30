"""The address of one's notifications."""

from __future__ import annotations

from django.urls import path

from jalon.web.notifications import views

urlpatterns = [path("", views.notifications, name="notifications")]
