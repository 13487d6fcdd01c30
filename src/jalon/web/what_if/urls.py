"""The address of the suppositions on an objective."""

from __future__ import annotations

from django.urls import path

from jalon.web.what_if import views

urlpatterns = [path("<str:objective_id>/what-if/", views.what_if, name="what_if")]
