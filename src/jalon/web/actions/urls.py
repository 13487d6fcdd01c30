"""The address of an objective's plan of actions."""

from __future__ import annotations

from django.urls import path

from jalon.web.actions import views

urlpatterns = [path("<str:objective_id>/plan/", views.plan, name="plan")]
