"""The address of an objective's re-targets."""

from __future__ import annotations

from django.urls import path

from jalon.web.retarget import views

urlpatterns = [path("<str:objective_id>/retarget/", views.retarget, name="retarget")]
