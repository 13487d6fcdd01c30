"""The address of the balance."""

from __future__ import annotations

from django.urls import path

from jalon.web.balance import views

urlpatterns = [path("", views.balance, name="balance")]
