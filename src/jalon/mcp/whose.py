"""Whose rights an assistant has: those of the token's account, looked up at each call.

A token taken back, an account closed, a role changed count from the next question on.
"""

from __future__ import annotations

import datetime
import os
from zoneinfo import ZoneInfo

from jalon.domain.refusals import Refusal
from jalon.queries.machines import Asker
from jalon.queries.viewers import viewer as viewer_of
from jalon.usecases.tokens import Scope, bearer
from jalon.workspace.folder import Workspace

TOKEN = "JALON_TOKEN"  # noqa: S105 - the name of a variable
LANGUAGES = ("fr", "en")


def asked_by(
    workspace: Workspace,
    token: str,
    *,
    scope: Scope | None = None,
    lang: str | None = None,
) -> Asker:
    """Return who asks, if the token opens and is good for the scope.

    Raises:
        Refusal: If it is not.
    """
    at = datetime.datetime.now(datetime.UTC)
    found = bearer(token, at=at)
    if found is None:
        raise Refusal("This token opens nothing: it is unknown, over or taken back.")
    if scope is not None and scope.value not in found.scopes:
        raise Refusal(
            "This token is not for that: it lacks the scope {scope}. Make another "
            "on the page of your tokens, or with: jalon tokens make.",
            scope=scope.value,
        )
    named = os.environ.get("JALON_TODAY")
    zone = ZoneInfo(workspace.settings.timezone)
    on = datetime.date.fromisoformat(named) if named else at.astimezone(zone).date()
    viewer = viewer_of(
        workspace,
        person_id=found.user.person_id,
        role=found.user.role,
        grants=found.user.grants,
        on=on,
    )
    spoken = lang or found.user.language
    return Asker(workspace, viewer, on, spoken if spoken in LANGUAGES else LANGUAGES[0])
