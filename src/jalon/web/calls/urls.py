"""The address of the calls on an objective."""

from __future__ import annotations

from django.urls import path

from jalon.web.calls import views

urlpatterns = [path("<str:objective_id>/calls/", views.calls, name="calls")]
