"""The review of the SME team's last quarter, frozen, and two learnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from jalon.demo import company
from jalon.demo.planning import actor_of
from jalon.demo.wishes import quarter
from jalon.domain.reviews.review import Kind, Side, Word
from jalon.usecases.learn import Lesson, learn
from jalon.usecases.review import (
    Decision,
    answer_for,
    decide,
    freeze,
    give_word,
    keep_note,
    prepare,
)
from jalon.workspace.folder import Workspace

TEAM = f"team:{company.SME}"
MANAGER = company.MANAGERS[company.SME]
CALLED_BACK = Lesson(
    kpi="win_rate",
    owner=TEAM,
    tried="Rappeler chaque proposition sous trois jours",
    context="Équipe PME au complet, sans concurrent nouveau sur le marché.",
    gave="Les clients disent l'apprécier ; le closing ne tranche pas encore.",
    next_time="Commencer par les affaires où un concurrent est cité.",
    carried_by=f"person:{MANAGER}",
    changed_on=date.min,
    until=date.max,
)
E_INVOICE = Lesson(
    kpi="revenue",
    owner=f"team:{company.RETENTION}",
    tried="Présenter la facture électronique à chaque renouvellement",
    context="Offre nouvelle, clients déjà équipés.",
    gave="Les ventes additionnelles sont venues avec le renouvellement.",
    next_time="En parler soixante jours avant l'échéance, pas le jour même.",
    carried_by="person:P05",
    changed_on=date.min,
    until=date.max,
)


def write_reviewed(workspace: Workspace, *, on: date) -> int:
    """Write them as of a day; return the number of the review."""
    held = min(quarter(on).first + timedelta(days=6), on)
    at = datetime.combine(held, time(14), tzinfo=UTC)
    director = actor_of(workspace, company.DIRECTOR, on)
    manager = actor_of(workspace, MANAGER, on, role="manager")
    review = prepare(
        workspace,
        TEAM,
        Kind.QUARTERLY,
        actor=director,
        on=held,
        at=at,
        first=quarter(on, 1).first,
    )
    for side, who, proud, harder, needs in (
        (
            Side.OWNER,
            manager,
            "Un trimestre tenu malgré le mois d'août.",
            "Deux nouveaux arrivants encore en montée en charge.",
            "Des références clients récentes.",
        ),
        (
            Side.LEAD,
            director,
            "Une équipe qui s'entraide, des prévisions justes.",
            "Le cycle s'allonge sur les plus grosses affaires.",
            "Relire ensemble les affaires de plus de 20 000 €.",
        ),
    ):
        word = Word(side, 4, proud, harder, needs)
        give_word(review, word, lang="fr", actor=who, at=at)
    keep_note(
        review,
        "results",
        "Le trimestre est tenu ; septembre a compensé août.",
        actor=director,
        at=at,
    )
    decision = decide(
        workspace,
        review,
        Decision(
            text="Relire chaque vendredi les affaires de plus de 20 000 €",
            owner=f"person:{MANAGER}",
            kpi="sales_cycle_days",
            due=quarter(on).after - timedelta(days=1),
        ),
        lang="fr",
        actor=director,
        on=held,
        at=at,
    )
    changed = on - timedelta(days=150)
    learn(
        workspace,
        _dated(CALLED_BACK, changed, changed + timedelta(days=62)),
        lang="fr",
        actor=director,
        on=on,
        at=at,
        review=review,
    )
    freeze(workspace, review, actor=director, on=held, at=at)
    started = on - timedelta(days=company.RECENT_DAYS)
    learn(
        workspace,
        _dated(E_INVOICE, started, started + timedelta(days=100)),
        lang="fr",
        actor=director,
        on=on,
        at=at + timedelta(days=1),
    )
    answer_for(
        decision,
        kept=True,
        answer="Cinq vendredis sur six",
        actor=manager,
        at=datetime.combine(on, time(9), tzinfo=UTC),
    )
    return review


def _dated(lesson: Lesson, changed: date, until: date) -> Lesson:
    return replace(lesson, changed_on=changed, until=until)
