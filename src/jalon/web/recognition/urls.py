"""The addresses of recognition."""

from __future__ import annotations

from django.urls import path

from jalon.web.recognition import views

urlpatterns = [
    path("", views.wall, name="wall"),
    path("thank/", views.thank, name="wall_thank"),
    path("choose/", views.choose, name="wall_choose"),
    path("words/", views.words, name="words"),
    path("words/<int:word_id>/say/", views.say, name="word_say"),
    path("words/<int:word_id>/let-go/", views.let_go, name="word_let_go"),
    path("words/<int:word_id>/withdraw/", views.withdraw, name="word_withdraw"),
    path("screens/", views.screens, name="screens"),
    path("screens/<int:screen_id>/close/", views.close, name="screen_close"),
    path("rooms/", views.add_room, name="room_add"),
    path("rooms/<int:room_id>/remove/", views.remove_room, name="room_remove"),
    path("tv/<str:token>/", views.tv, name="tv"),
]
