"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from jalon.web.accounts import importing, own, password, second_factor, views

urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/invite/", views.invite, name="invite"),
    path("accounts/import/", importing.import_list, name="accounts_import"),
    path("accounts/withdraw/", views.withdraw, name="withdraw_invitation"),
    path("accounts/<int:user_id>/", views.account, name="account"),
    path("accounts/<int:user_id>/active/", views.active, name="account_active"),
    path("accounts/<int:user_id>/grants/", views.grants, name="account_grants"),
    path("accounts/<int:user_id>/log-out/", views.log_out, name="account_log_out"),
    path(
        "accounts/<int:user_id>/second-factor/",
        second_factor.account_second_factor_off,
        name="account_second_factor_off",
    ),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
    path("account/", own.my_account, name="my_account"),
    path("account/password/", own.my_password, name="my_password"),
    path("account/log-out/", own.log_out_everywhere, name="log_out_everywhere"),
    path(
        "account/sessions/<int:session_id>/log-out/",
        own.end_session,
        name="end_session",
    ),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path(
        "account/second-factor/off/",
        second_factor.second_factor_off,
        name="second_factor_off",
    ),
    path("password/", password.asked, name="password_asked"),
    path("password/<str:user>/<str:token>/", password.chosen, name="password_chosen"),
]
