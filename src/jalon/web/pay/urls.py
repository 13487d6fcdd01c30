"""The addresses of pay."""

from __future__ import annotations

from django.urls import path

from jalon.web.pay import mine, plans, runs, simulation

urlpatterns = [
    path("", mine.page, name="pay"),
    path("statements/<int:statement>/", mine.statement, name="pay_statement"),
    path("statements/<int:statement>/pdf/", mine.as_pdf, name="pay_statement_pdf"),
    path("statements/<int:statement>/ask/", mine.ask_about, name="pay_ask"),
    path("questions/<int:question>/", mine.answer_to, name="pay_answer"),
    path("rewards/<int:reward>/", mine.reward, name="pay_reward"),
    path("accept/<str:objective_id>/", mine.accept, name="pay_accept"),
    path("plans/", plans.page, name="pay_plans"),
    path("plans/check/", plans.checked, name="pay_check"),
    path("plans/<slug:plan>/", plans.plan, name="pay_plan"),
    path("plans/<slug:plan>/publish/", plans.publish, name="pay_publish"),
    path("plans/<slug:plan>/noted/", plans.noted, name="pay_noted"),
    path("plans/<slug:plan>/terms/", plans.terms, name="pay_terms"),
    path("runs/", runs.page, name="pay_runs"),
    path("runs/<int:run>/", runs.run, name="pay_run"),
    path("runs/<int:run>/state/", runs.state, name="pay_run_state"),
    path("runs/<int:run>/<slug:kind>/", runs.export, name="pay_run_export"),
    path("simulation/", simulation.page, name="pay_simulation"),
]
