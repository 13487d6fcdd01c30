"""Addresses of tokens and webhooks."""

from __future__ import annotations

from django.urls import path

from jalon.web.machines import hooks, tokens

urlpatterns = [
    path("tokens/", tokens.mine, name="my_tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="token_revoke"),
    path("webhooks/", hooks.listed, name="webhooks"),
    path("webhooks/<int:hook_id>/", hooks.one, name="webhook"),
    path("webhooks/<int:hook_id>/change/", hooks.change, name="webhook_change"),
]
