"""Addresses of the search and of the sheet of shortcuts."""

from __future__ import annotations

from django.urls import path

from jalon.web.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
]
