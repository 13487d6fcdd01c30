"""The addresses of surveys: the page of the company, the links of mails."""

from __future__ import annotations

from django.urls import path

from jalon.web.surveys import public, views

urlpatterns = [
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/new/", views.new_survey, name="new_survey"),
    path("surveys/<slug:key>/switch/", views.switch_survey, name="switch_survey"),
    path("surveys/<slug:key>/send/", views.send_survey, name="send_survey"),
    path("surveys/answers/<str:answer_id>/", views.act_on_answer, name="survey_act"),
    path("surveys/actions/<int:action>/", views.finish_action, name="survey_done"),
    path("s/<str:token>/", public.form, name="survey_form"),
    path("s/<str:token>/out/", public.out, name="survey_out"),
    path("s/<str:token>/<int:score>/", public.clicked, name="survey_click"),
]
