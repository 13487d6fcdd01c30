"""All that is kept of somebody, as one document they can take away.

Their record, stays and absences, objectives with every version, plan, receipt and
evaluation, their pay and who looked at it, what was said of their figures, what they
themselves wrote and chose.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict

from jalon.domain.people.roster import Person
from jalon.queries.own_words import own_words, shared_words
from jalon.queries.pay_own import own_pay
from jalon.queries.retargets import told
from jalon.records import evaluation_rows, objective_rows
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.records.objectives import Move
from jalon.records.plannings import PlanningWord
from jalon.warehouse.generations import Generations
from jalon.warehouse.typed import held
from jalon.workspace.folder import Workspace

Document = dict[str, object]


def own_data(workspace: Workspace, owner: str, *, on: datetime.date) -> Document:
    """Return the document; `on` is the day it was made.

    `pay` and `mine_alone` are not for whoever may read the rest.
    """
    key = owner.partition(":")[2]
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    roster = held(generations)
    person = roster.people.get(key) or Person(person_id=key)
    accounts = list(User.objects.filter(person_id=key).order_by("email"))
    mine = [one for one in objective_rows.load().values() if one.owner == owner]
    return {
        "company": workspace.settings.company,
        "made_on": on,
        "person": asdict(person),
        "accounts": [
            {
                "email": one.email,
                "name": one.name,
                "role": one.role,
                "language": one.language,
            }
            for one in accounts
        ],
        "teams": [asdict(one) for one in roster.stays(key)],
        "absences": [asdict(one) for one in roster.away(key)],
        "objectives": [
            {
                **asdict(one),
                "retargets": [asdict(version) for version in told(one.id)],
                "evaluations": [asdict(e) for e in evaluation_rows.history(one.id)],
                "moves": list(
                    Move.objects.filter(objective_id=one.id)
                    .order_by("on", "id")
                    .values("on", "former", "new", "by", "comment")
                ),
            }
            for one in mine
        ],
        "pay": own_pay(key),
        "said_of_my_figures": list(
            PlanningWord.objects.filter(owner=owner)
            .order_by("id")
            .values("planning_id", "word", "figure", "confidence", "text", "by", "on")
        ),
        "written_by_me": list(
            AuditLine.objects.filter(by__in=[one.email for one in accounts])
            .order_by("at", "id")
            .values("at", "verb", "noun", "key", "details")
        ),
        "shared_words": shared_words(key, [one.email for one in accounts]),
        "mine_alone": own_words(key, accounts),
    }
