"""The addresses of points."""

from __future__ import annotations

from django.urls import path

from jalon.web.check_ins import views

urlpatterns = [
    path("", views.check_in, name="check_in"),
    path("draft/", views.draft, name="check_in_draft"),
    path("mail/<str:token>/", views.by_mail, name="check_in_by_mail"),
    path("team/", views.team_points, name="check_ins"),
    path("rhythm/<path:person_id>/", views.rhythm, name="check_in_rhythm"),
    path("<int:check_in_id>/read/", views.read, name="check_in_read"),
]
