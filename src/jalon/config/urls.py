"""Every address: each screen brings its own."""

from __future__ import annotations

from django.urls import include, path

from jalon.web.themes.views import field

urlpatterns = [
    path("", include("jalon.web.my_objectives.urls")),
    path("", include("jalon.web.session.urls")),
    path("", include("jalon.web.accounts.urls")),
    path("", include("jalon.web.search.urls")),
    path("people/", include("jalon.web.people.urls")),
    path("journal/", include("jalon.web.journal.urls")),
    path("new-objective/", include("jalon.web.new_objective.urls")),
    path("objectives/", include("jalon.web.objectives.urls")),
    path("objectives/", include("jalon.web.objective.urls")),
    path("objectives/", include("jalon.web.actions.urls")),
    path("objectives/", include("jalon.web.gap.urls")),
    path("objectives/", include("jalon.web.what_if.urls")),
    path("objectives/", include("jalon.web.calls.urls")),
    path("", include("jalon.web.assess.urls")),
    path("", include("jalon.web.models.urls")),
    path("check-in/", include("jalon.web.check_ins.urls")),
    path("wall/", include("jalon.web.recognition.urls")),
    path("alerts/", include("jalon.web.alerts.urls")),
    path("forecast/", include("jalon.web.track_record.urls")),
    path("notifications/", include("jalon.web.notifications.urls")),
    path("balance/", include("jalon.web.balance.urls")),
    path("team/", include("jalon.web.team.urls")),
    path("direction/", include("jalon.web.direction.urls")),
    path("coaching/", include("jalon.web.coaching.urls")),
    path("weekly/", include("jalon.web.weekly.urls")),
    path("reviews/", include("jalon.web.reviews.urls")),
    path("learnings/", include("jalon.web.learnings.urls")),
    path("", include("jalon.web.surveys.urls")),
    path("themes/", include("jalon.web.themes.urls")),
    path("objectives/<str:objective_id>/field/", field, name="objective_field"),
    path("funnel/", include("jalon.web.funnel.urls")),
    path("pacing/", include("jalon.web.pacing.urls")),
    path("cascade/", include("jalon.web.diagram.urls")),
    path("objectives/", include("jalon.web.retarget.urls")),
    path("objectives/", include("jalon.web.adjust.urls")),
    path("evidence/", include("jalon.web.evidence.urls")),
    path("pay/", include("jalon.web.pay.urls")),
    path("planning/", include("jalon.web.planning.urls")),
    path("planning/", include("jalon.web.agreement.urls")),
    path("territories/", include("jalon.web.territories.urls")),
    path("explorer/", include("jalon.web.explorer.urls")),
    path("data/quality/", include("jalon.web.quality.urls")),
    path("data/", include("jalon.web.data.urls")),
    path("", include("jalon.web.sources.urls")),
    path("views/", include("jalon.web.saved_views.urls")),
    path("undo/", include("jalon.web.undo.urls")),
    path("settings/", include("jalon.web.company_settings.urls")),
    path("start/", include("jalon.web.wizard.urls")),
    path("kpis/", include("jalon.web.catalogue.urls")),
    path("account/", include("jalon.web.machines.urls")),
    path("who-sees/", include("jalon.web.who_sees.urls")),
    path("api/", include("jalon.api.urls")),
]

handler403 = "jalon.web.errors.views.forbidden"
handler404 = "jalon.web.errors.views.not_found"
handler500 = "jalon.web.errors.views.broken"
