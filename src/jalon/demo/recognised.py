"""Words said at the sample company: some successes greeted, a few thanks.

The other successes wait for the manager's word, so that the page is seen at work.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from jalon.demo.company import DIRECTOR, PEOPLE, Person
from jalon.demo.staff import email
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.notifications import recognition_words
from jalon.queries.recognition import proposals
from jalon.usecases.acting import SYSTEM, Actor
from jalon.usecases.recognise import propose, say, thank
from jalon.workspace.folder import Workspace

GREETED = 4
THANKS = (
    (3, 5, "Merci pour ton aide sur le dossier de Lyon, sans toi il glissait."),
    (7, 3, "Ta trame de découverte m’a fait gagner deux rendez-vous cette semaine."),
    (5, 9, "Merci d’avoir tenu la permanence vendredi, et avec le sourire."),
    (
        11,
        5,
        "Ton argumentaire face au concurrent marche : je l’ai repris mot pour mot.",
    ),
)


def write_recognition(workspace: Workspace, *, on: date) -> None:
    """Propose what deserves a word, greet some of it, thank."""
    at = datetime.combine(on, time(9), tzinfo=UTC)
    propose(workspace, on=on, at=at)
    waiting = proposals(workspace, SYSTEM.viewer, on=on)
    here = [one for one in PEOPLE if one.left_days_ago is None]
    director = next(one for one in here if one.person_id == DIRECTOR)
    for rank, line in enumerate(waiting[:GREETED]):
        say(
            line.id,
            recognition_words.draft(line, lang="fr"),
            wall=True,
            lang="fr",
            actor=_actor(director, Role.DIRECTOR),
            at=at - timedelta(days=rank),
        )
    for rank, (giver, receiver, text) in enumerate(THANKS):
        thank(
            workspace,
            here[receiver].person_id,
            text,
            wall=True,
            lang="fr",
            actor=_actor(here[giver], Role.SALESPERSON),
            on=on,
            at=at - timedelta(days=2 * rank + 1),
        )


def _actor(who: Person, role: Role) -> Actor:
    return Actor(Viewer(role, who.person_id), email(who.name))
