"""The addresses of learnings."""

from __future__ import annotations

from django.urls import path

from jalon.web.learnings import views

urlpatterns = [
    path("", views.learnings, name="learnings"),
    path("new/", views.new, name="new_learning"),
]
