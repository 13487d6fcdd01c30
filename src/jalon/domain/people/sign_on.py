"""The company's own log-in (OpenID Connect): how it is set, what its groups are.

    JALON_OIDC_ISSUER=https://id.example.com     JALON_OIDC_CLIENT=jalon
    JALON_OIDC_SECRET=…                          JALON_OIDC_NAME="Exemple SA"
    JALON_OIDC_ROLES="sales-heads=director; sales=salesperson"

Somebody in several groups has the role that stands first in `Role`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal

PREFIX = "JALON_OIDC_"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """One provider; `roles` gives the role of a group, empty: roles are kept here."""

    issuer: str
    client: str
    secret: str = ""
    name: str = "SSO"
    groups_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    newcomers: bool = False  # an account is made for whoever the provider sends
    trust_email: bool = False  # where the provider does not say it verified it
    scope: str = "openid email profile"


class BadSignOnError(Refusal, ValueError):
    """The settings of the company's log-in cannot be used."""


def sign_on_of(environment: Mapping[str, str]) -> SignOn | None:
    """Return the company's log-in, None where none is set.

    Raises:
        BadSignOnError: If it is half set, or a role is none.
    """
    told = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and value.strip()
    }
    if not told:
        return None
    if not told.get("issuer") or not told.get("client"):
        raise BadSignOnError(
            "The company's log-in is half set. Expected JALON_OIDC_ISSUER and "
            "JALON_OIDC_CLIENT, e.g. https://id.example.com and jalon."
        )
    return SignOn(
        issuer=told["issuer"].rstrip("/"),
        client=told["client"],
        secret=told.get("secret", ""),
        name=told.get("name", "SSO"),
        groups_claim=told.get("groups_claim", "groups"),
        roles=_roles(told.get("roles", "")),
        newcomers=told.get("newcomers") == "1",
        trust_email=told.get("trust_email") == "1",
        scope=told.get("scope", "openid email profile"),
    )


def role_of_groups(groups: Collection[str], roles: Mapping[str, Role]) -> Role | None:
    """Return the first role any of the groups gives, None where none does."""
    given = {roles[group] for group in groups if group in roles}
    return next((role for role in Role if role in given), None)


def _roles(text: str) -> dict[str, Role]:
    found = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        group, equals, role = part.rpartition("=")
        if not equals or role.strip() not in set(Role):
            raise BadSignOnError(
                "JALON_OIDC_ROLES holds {value}. Expected e.g. "
                "sales-heads=director; sales=salesperson.",
                value=part,
            )
        found[group.strip()] = Role(role.strip())
    return found
