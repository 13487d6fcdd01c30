"""The second factor of one's own account: asked, proven, used, taken away.

A code counts once. Ten recovery codes are shown when the factor is proven, kept as
digests, and each is gone once used.
"""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlencode

from django.db import transaction

from jalon.domain.people import second_factor as codes
from jalon.domain.refusals import Refusal
from jalon.records.accounts import User
from jalon.records.sessions import SecondFactor
from jalon.usecases.accounts import own_or_changeable
from jalon.usecases.acting import Actor, note
from jalon.workspace.folder import Workspace
from jalon.workspace.vault import sealed, unsealed

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that reads like another
_HALF = 5


class WrongCodeError(Refusal):
    """The code is not the one of now, or was used already."""

    def __init__(self) -> None:
        super().__init__(
            "This code is not the one of now, or was used already. Expected the six "
            "digits your application shows, e.g. 492 039."
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A factor to prove: its secret as people type it, its address for a picture."""

    secret: str
    address: str


def address(secret: str, *, account: str, issuer: str) -> str:
    """Return the `otpauth:` address an application of codes reads."""
    told = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{told}"


def has_second_factor(user_id: int) -> bool:
    """Return whether logging in asks for a code."""
    return SecondFactor.objects.filter(user=user_id, proven_at__isnull=False).exists()


def recovery_left(user_id: int) -> int:
    """Return how many recovery codes are left."""
    found = SecondFactor.objects.filter(user=user_id).first()
    return len(found.recovery) if found else 0


def ask_second_factor(workspace: Workspace, user_id: int) -> Asked:
    """Return the factor to prove; the same one until it is, so a page may be read anew.

    Raises:
        Refusal: If the account has one already.
    """
    user = User.objects.get(pk=user_id)
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(user=user).first()
        if found and found.proven_at:
            raise Refusal(
                "A second factor is set already. Take it away first to set another."
            )
        if found is None:
            made = codes.written(secrets.token_bytes(codes.BYTES))
            found = SecondFactor.objects.create(
                user=user, secret=sealed(workspace, {"totp": made})
            )
    secret = unsealed(workspace, found.secret)["totp"]
    issuer = f"Jalon {workspace.settings.company}"
    return Asked(secret, address(secret, account=user.email, issuer=issuer))


def prove_second_factor(
    workspace: Workspace,
    user_id: int,
    code: str,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> tuple[str, ...]:
    """Turn the factor on by a code of it, and return the recovery codes, this once.

    Raises:
        WrongCodeError: If the code is not the one of now.
    """
    with transaction.atomic():
        user = own_or_changeable(user_id, actor)
        found = SecondFactor.objects.select_for_update().get(user=user)
        step = _step(workspace, found, code, at)
        if step is None:
            raise WrongCodeError
        fresh = _recovery_codes()
        found.proven_at, found.last_step = at, step
        found.recovery = [_digest(one) for one in fresh]
        found.save()
        note(actor, "second_factor", "account", user.email, at=at, after={"set": True})
    return fresh


def use_code(
    workspace: Workspace, user_id: int, code: str, *, at: datetime.datetime
) -> bool:
    """Return whether a code, or a recovery code, lets the account in; it is used up."""
    with transaction.atomic():
        found = (
            SecondFactor.objects.select_for_update()
            .filter(user=user_id, proven_at__isnull=False)
            .first()
        )
        if found is None:
            return False
        step = _step(workspace, found, code, at)
        if step is not None:
            found.last_step = step
            found.save(update_fields=["last_step"])
            return True
        digest = _digest(code)
        if digest not in found.recovery:
            return False
        found.recovery = [one for one in found.recovery if one != digest]
        found.save(update_fields=["recovery"])
    return True


def take_away_second_factor(
    user_id: int, *, actor: Actor, at: datetime.datetime
) -> None:
    """Let an account in by its password alone again: one's own, or one to change.

    Raises:
        ForbiddenError: If it is neither.
    """
    with transaction.atomic():
        user = own_or_changeable(user_id, actor)
        gone, _each = SecondFactor.objects.filter(user=user).delete()
        if gone:
            told = {"set": False}
            note(actor, "second_factor", "account", user.email, at=at, after=told)


def _step(
    workspace: Workspace, found: SecondFactor, code: str, at: datetime.datetime
) -> int | None:
    secret = unsealed(workspace, found.secret)["totp"]
    seconds = int(at.timestamp())
    return codes.step_of(code, secret=secret, seconds=seconds, after=found.last_step)


def _recovery_codes() -> tuple[str, ...]:
    def half() -> str:
        return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))

    return tuple(f"{half()}-{half()}" for _ in range(codes.RECOVERY_CODES))


def _digest(code: str) -> str:
    return sha256(codes.recovery_form(code).encode()).hexdigest()
