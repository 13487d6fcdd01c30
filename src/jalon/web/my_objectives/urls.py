"""The address of "My objectives": the first page."""

from __future__ import annotations

from django.urls import path

from jalon.web.my_objectives import views

urlpatterns = [path("", views.my_objectives, name="my_objectives")]
