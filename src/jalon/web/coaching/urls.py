"""The address of a person's coaching page."""

from __future__ import annotations

from django.urls import path

from jalon.web.coaching import views

urlpatterns = [path("<path:person_id>/", views.coaching, name="coaching")]
