"""The address of trends and bottlenecks."""

from __future__ import annotations

from django.urls import path

from jalon.web.funnel import views

urlpatterns = [path("", views.funnel, name="funnel")]
