"""The address that takes a write back."""

from __future__ import annotations

from django.urls import path

from jalon.web.undo import views

urlpatterns = [path("<int:number>/", views.undo, name="undo")]
