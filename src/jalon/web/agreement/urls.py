"""The address of the agreement on a planning."""

from __future__ import annotations

from django.urls import path

from jalon.web.agreement import views

urlpatterns = [path("<str:planning>/agreement/", views.agreement, name="agreement")]
