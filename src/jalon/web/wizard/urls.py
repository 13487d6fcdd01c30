"""Addresses of the first run."""

from __future__ import annotations

from django.urls import path

from jalon.web.wizard import views

urlpatterns = [
    path("", views.company, name="first_run"),
    path("data/", views.data, name="first_run_data"),
    path("people/", views.people, name="first_run_people"),
    path("objectives/", views.objectives, name="first_run_objectives"),
    path("resume/", views.resume, name="first_run_resume"),
    path("end/", views.end, name="first_run_end"),
]
