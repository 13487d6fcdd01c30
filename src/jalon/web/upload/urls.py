"""Addresses of uploads."""

from __future__ import annotations

from django.urls import path

from jalon.web.upload import views

urlpatterns = [
    path("new/", views.new, name="new_upload"),
    path("uploads/<str:upload_key>/", views.upload, name="upload"),
    path("uploads/<str:upload_key>/state/", views.state, name="upload_state"),
    path("uploads/<str:upload_key>/again/", views.again, name="upload_again"),
    path("uploads/<str:upload_key>/discard/", views.forget, name="upload_discard"),
]
