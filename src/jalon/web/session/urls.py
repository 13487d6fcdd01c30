"""Addresses of the session."""

from __future__ import annotations

from django.urls import path

from jalon.web.session import entering, sign_on, views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/code/", entering.login_code, name="login_code"),
    path("sign-on/", sign_on.leave, name="sign_on"),
    path("sign-on/back/", sign_on.back, name="sign_on_back"),
    path("logout/", views.logout, name="logout"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
