"""The tokens of an account, as a page and the terminal list them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from jalon.records.machines import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """One token: never the token itself, only what tells it from the others."""

    id: int
    account: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime.datetime
    expires_at: datetime.datetime
    used_at: datetime.datetime | None
    state: str  # "open", "revoked", "expired"


def tokens(
    *, at: datetime.datetime, account: int | None = None
) -> tuple[TokenLine, ...]:
    """Return the tokens of an account, or all; the newest first."""
    rows = Token.objects.select_related("user").order_by("-made_at", "-pk")
    if account is not None:
        rows = rows.filter(user_id=account)
    return tuple(
        TokenLine(
            id=row.pk,
            account=row.user.email,
            name=row.name,
            hint=row.hint,
            scopes=tuple(row.scopes),
            made_by=row.made_by,
            made_at=row.made_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
            state=_state(row, at),
        )
        for row in rows
    )


def _state(row: Token, at: datetime.datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "open" if row.expires_at > at else "expired"
