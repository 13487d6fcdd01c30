"""Addresses of one's views."""

from __future__ import annotations

from django.urls import path

from jalon.web.saved_views import views

urlpatterns = [
    path("", views.my_views, name="my_views"),
    path("<int:view_id>/", views.view, name="view"),
    path("<int:view_id>/change/", views.change, name="view_change"),
    path("shared/<str:link>/", views.shared_view, name="shared_view"),
]
