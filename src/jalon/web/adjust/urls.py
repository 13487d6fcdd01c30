"""The address where a re-target is prepared."""

from __future__ import annotations

from django.urls import path

from jalon.web.adjust import views

urlpatterns = [path("<str:objective_id>/adjust/", views.adjust, name="adjust")]
