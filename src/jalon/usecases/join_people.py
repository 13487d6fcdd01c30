"""Follow up people known by name who got a key: objectives, accounts, former snapshots.

The import itself joined them in the snapshot it published.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from jalon.records.joining import follow
from jalon.usecases.acting import Actor, note
from jalon.warehouse.generations import Generations
from jalon.warehouse.joining import Join, rename
from jalon.workspace.folder import Workspace


def follow_people(
    workspace: Workspace,
    joins: Sequence[Join],
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Put the new keys in the place of the former ones, wherever people are named.

    Former snapshots too: a closed period is explained by the snapshot it was closed on.
    """
    if not joins:
        return
    with transaction.atomic():
        follow({one.former: one.key for one in joins})
        for one in joins:
            told = {"former": one.former, "name": one.name}
            note(actor, "join", "person", one.key, at=at, **told)
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    generations.rewrite(lambda connection: rename(connection, joins))
