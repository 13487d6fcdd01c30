"""The small company with its objectives and its users, on 16 June 2025.

Alice directs, Mona leads « Nouveaux clients » where Bob sells, Marc leads
« Fidélisation » where Charlie sells. Inès is Bob's team-mate. Olga is RevOps, René reads.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jalon.domain.objectives.objective import (
    Action,
    Bands,
    Direction,
    Objective,
    Revision,
)
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period
from jalon.workspace.folder import Workspace
from tests.worlds import small
from tests.worlds.kept import kept
from tests.worlds.loaded import workspace as loaded

ON = datetime.date(2025, 6, 16)
AT = datetime.datetime(2025, 4, 2, 9, 0, tzinfo=datetime.UTC)
PASSWORD = "objectifs-2025"
SETTINGS = 'company = "La petite entreprise"\n'
USERS = {
    "alice": ("Alice Martin", "director"),
    "mona": ("Mona Petit", "manager"),
    "marc": ("Marc Roux", "manager"),
    "bob": ("Bob Durand", "salesperson"),
    "ines": ("Inès Faure", "salesperson"),
    "charlie": ("Charlie Moreau", "salesperson"),
    "olga": ("Olga Data", "revops"),
    "rene": ("René Lecteur", "reader"),
}
QUARTER = Period(datetime.date(2025, 4, 1), datetime.date(2025, 7, 1))
YEAR = Period(datetime.date(2025, 1, 1), datetime.date(2026, 1, 1))
ACTIONS = (
    Action(
        action="Relancer les propositions de mai",
        owner="person:bob",
        due=datetime.date(2025, 6, 20),
    ),
    Action(
        action="Revoir la démonstration",
        owner="person:mona",
        due=datetime.date(2025, 5, 15),
        done=True,
    ),
)
LOWERED = Revision(
    former=Decimal(60000),
    new=Decimal(45000),
    effective_on=datetime.date(2025, 5, 12),
    reason="market",
    text="Un appel d'offres est reporté à l'automne",
    by="mona",
)


def _revenue(
    name: str, owner: str, target: int, parent: str = "", **more: object
) -> Objective:
    told: dict[str, object] = {
        "statement": f"Signer {target} € au deuxième trimestre",
        "period": QUARTER,
        "state": State.ACTIVE,
    } | more
    return Objective(  # type: ignore[misc]
        id=name,
        kpi="revenue",
        owner=owner,
        direction=Direction.UP,
        original_target=Decimal(target),
        parent=parent,
        **told,  # type: ignore[arg-type]
    )


OBJECTIVES = (
    _revenue(
        "ca-2025",
        "company",
        240000,
        period=YEAR,
        statement="Atteindre 240 000 € en 2025",
    ),
    _revenue(
        "ca-t2",
        "company",
        110000,
        "ca-2025",
        bands=Bands(Decimal(95000), Decimal(125000)),
        statement="Signer 110 000 € au deuxième trimestre",
    ),
    _revenue(
        "ca-t2-nouveaux",
        "team:nouveaux",
        60000,
        "ca-t2",
        actions=ACTIONS,
        revisions=(LOWERED,),
    ),
    _revenue("ca-t2-fidelite", "team:fidelite", 40000, "ca-t2"),
    _revenue("ca-t2-bob", "person:bob", 45000, "ca-t2-nouveaux", actions=ACTIONS[:1]),
    _revenue("ca-t2-ines", "person:ines", 9000, "ca-t2-nouveaux"),
    _revenue("ca-t2-charlie", "person:charlie", 20000, "ca-t2-fidelite"),
    _revenue(
        "ca-t3-bob",
        "person:bob",
        30000,
        state=State.PROPOSED,
        period=Period(datetime.date(2025, 7, 1), datetime.date(2025, 10, 1)),
    ),
    Objective(
        id="closing-bob",
        kpi="win_rate",
        owner="person:bob",
        period=QUARTER,
        direction=Direction.UP,
        original_target=Decimal("0.7"),
        baseline=Decimal("0.5"),
        statement="Passer le taux de closing de 50 % à 70 %",
    ),
    Objective(
        id="cycle-nouveaux",
        kpi="sales_cycle_days",
        owner="team:nouveaux",
        period=QUARTER,
        direction=Direction.DOWN,
        original_target=Decimal(35),
        baseline=Decimal(60),
        statement="Ramener le cycle de vente de 60 à 35 jours",
    ),
)


def company(folder: Path) -> Workspace:
    """Return the workspace with its facts; users and objectives need the database."""
    return loaded(folder, small.ROWS, settings=SETTINGS)


def people(workspace: Workspace) -> None:
    """Write users, objectives and their evaluations to the database."""
    from django.conf import settings

    from jalon.queries.evaluations import current_snapshot

    key = (current_snapshot(workspace), *settings.PASSWORD_HASHERS)
    kept(key, lambda: _written(workspace))


def _written(workspace: Workspace) -> None:
    from django.contrib.auth import get_user_model

    from jalon.usecases.acting import SYSTEM
    from jalon.usecases.evaluate import evaluate
    from jalon.usecases.set_objective import set_objectives

    users = get_user_model().objects
    for key, (name, role) in USERS.items():
        users.create_user(
            f"{key}@exemple.fr", PASSWORD, name=name, person_id=key, role=role
        )  # type: ignore[attr-defined]
    set_objectives(workspace, OBJECTIVES, actor=SYSTEM, on=ON, at=AT)
    evaluate(workspace, on=ON)


def alert_of_bob() -> int:
    """Write that Bob's revenue became unlikely on 2 June; return the alert's number."""
    from jalon.domain.drift.alerts import Alert
    from jalon.records import alert_rows

    alert = Alert(
        about="objective:ca-t2-bob",
        owner="person:bob",
        state="amber",
        former="green",
        since=datetime.date(2025, 6, 2),
        fired_on=datetime.date(2025, 6, 9),
    )
    alert_rows.keep([alert_rows.Raised(alert=alert, probability=Decimal("0.42"))])
    return alert_rows.some(["person:bob"], objective="ca-t2-bob")[0].id


def word_to_bob_and_screen() -> tuple[int, str]:
    """Propose a word to Bob, open a screen; return its number and the screen's token."""
    from jalon.records.recognition import Word
    from jalon.usecases.acting import SYSTEM
    from jalon.usecases.recognise import open_screen

    word = Word.objects.create(
        person_id="bob",
        kind="reached",
        merit="reached:ca-t2-bob",
        objective="ca-t2-bob",
        earned_on=ON,
        at=AT,
    )
    return word.pk, open_screen("Hall", actor=SYSTEM, at=AT).token


def review_of_the_team(workspace: Workspace) -> int:
    """Prepare the quarterly review of Bob's team, left open; return its number."""
    from jalon.domain.reviews.review import Kind
    from jalon.usecases.acting import SYSTEM
    from jalon.usecases.review import prepare

    return prepare(
        workspace,
        "team:nouveaux",
        Kind.QUARTERLY,
        actor=SYSTEM,
        on=ON,
        at=AT,
        first=QUARTER.first,
    )


def token_and_hook(workspace: Workspace, holder: Any, keeper: Any) -> tuple[int, int]:
    """Make a token of one user and a webhook of another; return both."""
    from jalon.queries.tokens import tokens
    from jalon.usecases.hooks import make
    from tests.worlds.asking import actor_of, token_of

    token_of(holder)
    (line,) = tokens(at=AT, account=holder.pk)
    hook, _secret = make(
        workspace,
        "https://1.1.1.1/jalon/a-long-address-of-one-word-that-no-telephone-holds-on-a-line",
        ["target.changed", "objective.reached"],
        actor=actor_of(keeper),
        at=AT,
    )
    return line.id, hook


def views_of_bob(at: datetime.datetime) -> tuple[int, str, int]:
    """Keep two views of Bob's: share one, delete the other; what takes it back."""
    from jalon.domain.people.permission import Viewer
    from jalon.domain.people.roles import Role
    from jalon.records.views import SavedView
    from jalon.usecases import saved_views
    from jalon.usecases.acting import Actor

    bob = Actor(Viewer(Role.SALESPERSON, person_id="bob"), "bob@exemple.fr")
    kept, gone = (
        saved_views.keep("objectives", name, "when=all&page=3", actor=bob, at=at)
        for name in ("Tout", "Rien")
    )
    saved_views.share(kept, shared=True, actor=bob, at=at)
    link = SavedView.objects.get(pk=kept).link
    return kept, str(link), saved_views.drop(gone, actor=bob, at=at)
