"""Addresses of the session."""

from __future__ import annotations

from django.urls import path

from jalon.web.session import views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
