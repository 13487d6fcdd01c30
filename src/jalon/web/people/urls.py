"""Addresses of people and teams."""

from __future__ import annotations

from django.urls import path

from jalon.web.people import erase, views

urlpatterns = [
    path("", views.people, name="people"),
    path("add/", views.add, name="people_add"),
    path("team/", views.team, name="team_add"),
    path("of/<path:person_id>/move/", views.move, name="person_move"),
    path("of/<path:person_id>/leave/", views.leave, name="person_leave"),
    path("of/<path:person_id>/away/", views.away, name="person_away"),
    path("of/<path:person_id>/back/", views.back, name="person_back"),
    path("of/<path:person_id>/erase/", erase.erase, name="erase_person"),
    path("of/<path:person_id>/", views.person, name="person"),
]
