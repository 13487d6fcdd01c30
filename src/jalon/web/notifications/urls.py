"""The addresses of one's notifications."""

from __future__ import annotations

from django.urls import path

from jalon.web.notifications import views

urlpatterns = [
    path("", views.notifications, name="notifications"),
    path("again/<int:delivery>/", views.again, name="send_notice_again"),
    path("digest/", views.wish_digest, name="wish_digest"),
    path("digest/<str:token>/out/", views.out, name="digest_out"),
]
