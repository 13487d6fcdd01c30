"""Address of who sees what."""

from __future__ import annotations

from django.urls import path

from jalon.web.who_sees.views import who_sees

urlpatterns = [path("", who_sees, name="who_sees")]
