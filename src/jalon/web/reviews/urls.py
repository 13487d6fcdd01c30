"""The addresses of reviews."""

from __future__ import annotations

from django.urls import path

from jalon.web.reviews import views

urlpatterns = [
    path("", views.listed, name="reviews"),
    path("<int:review_id>/", views.page, name="review"),
    path("<int:review_id>/write/", views.write, name="review_write"),
    path("<int:review_id>/export/<str:kind>/", views.export, name="review_export"),
]
