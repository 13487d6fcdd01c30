"""The addresses of graded statements."""

from __future__ import annotations

from django.urls import path

from jalon.web.assess import views

urlpatterns = [
    path("statements/new/", views.new_statement, name="new_statement"),
    path("objectives/<str:objective_id>/assess/", views.assess, name="assess"),
]
