"""The address of the track record of forecasts."""

from __future__ import annotations

from django.urls import path

from jalon.web.track_record import views

urlpatterns = [path("", views.track_record, name="track_record")]
