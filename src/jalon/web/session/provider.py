"""Speaking with the company's identity provider: OpenID Connect, code flow with PKCE.

What it says is believed only from a token signed by its keys, made for us, for this
very log-in (nonce), and not over.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from jalon.domain.people.sign_on import SignOn
from jalon.domain.refusals import Refusal
from jalon.usecases.sign_on import Claims

log = logging.getLogger(__name__)
SECONDS = 10
LEEWAY = 60
VERIFIER = 48
ALGORITHMS = ["RS256", "PS256", "ES256"]


class ProviderError(Refusal):
    """The provider did not answer, or its answer cannot be believed."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where to send the browser, and what to remember until it is back."""

    address: str
    state: str
    nonce: str
    verifier: str

    def kept(self) -> dict[str, str]:
        """Return what the session keeps."""
        return {"state": self.state, "nonce": self.nonce, "verifier": self.verifier}


def leaving(setting: SignOn, *, back: str) -> Leaving:
    """Return the address of the provider's log-in, with a challenge (PKCE, S256).

    Raises:
        ProviderError: If the provider does not answer.
    """
    try:
        with _client(setting, back) as client:
            told = _described(setting)
            nonce, verifier = generate_token(32), generate_token(VERIFIER)
            address, state = client.create_authorization_url(
                told["authorization_endpoint"], nonce=nonce, code_verifier=verifier
            )
    except (httpx.HTTPError, OAuthError, ValueError, KeyError) as error:
        raise _unanswered(setting, error) from error
    return Leaving(address, state, nonce, verifier)


def claims(
    setting: SignOn, kept: Mapping[str, str], *, back: str, address: str
) -> Claims:
    """Return what the provider says of whoever came back to an address.

    Raises:
        ProviderError: If it does not answer, or its answer cannot be believed.
    """
    try:
        with _client(setting, back, state=kept["state"]) as client:
            told = _described(setting)
            token = client.fetch_token(
                told["token_endpoint"],
                authorization_response=address,
                code_verifier=kept["verifier"],
            )
            keys = KeySet.import_key_set(_read(told["jwks_uri"]))  # type: ignore[arg-type]
            found = _believed(setting, token, keys, nonce=kept["nonce"])
            if "email" not in found and "userinfo_endpoint" in told:
                more = client.get(told["userinfo_endpoint"])
                more.raise_for_status()
                found = _completed(found, more.json())
    except (httpx.HTTPError, OAuthError, JoseError, ValueError, KeyError) as error:
        raise _unanswered(setting, error) from error
    groups = found.get(setting.groups_claim) or ()
    return Claims(
        subject=str(found["sub"]),
        email=str(found.get("email") or ""),
        email_verified=found.get("email_verified") in (True, "true"),
        name=str(found.get("name") or ""),
        groups=(groups,) if isinstance(groups, str) else tuple(map(str, groups)),
    )


def _client(setting: SignOn, back: str, **more: str) -> Any:  # noqa: ANN401 - untyped
    return OAuth2Client(
        setting.client,
        setting.secret or None,
        token_endpoint_auth_method="client_secret_basic" if setting.secret else "none",
        scope=setting.scope,
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=SECONDS,
        **more,
    )


def _described(setting: SignOn) -> dict[str, Any]:
    """Return the addresses of the provider, as it says itself.

    Raises:
        ValueError: If it says it is another one.
    """
    told = _read(f"{setting.issuer}/.well-known/openid-configuration")
    if str(told["issuer"]).rstrip("/") != setting.issuer:
        raise ValueError(told["issuer"])
    return told


def _read(address: str) -> dict[str, Any]:
    answer = httpx.get(address, timeout=SECONDS, follow_redirects=True)
    answer.raise_for_status()
    return cast("dict[str, Any]", answer.json())


def _believed(
    setting: SignOn,
    token: Mapping[str, Any],
    keys: KeySet,
    *,
    nonce: str,
) -> dict[str, Any]:
    """Return the claims of the identity token, checked.

    Raises:
        JoseError: If the signature, the audience, the issuer or the time is wrong.
    """
    found = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS).claims
    jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "values": [setting.issuer, setting.issuer + "/"]},
        aud={"essential": True, "value": setting.client},
        sub={"essential": True},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(found)
    return dict(found)


def _completed(found: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return the claims with those of the user's page, if they speak of the same."""
    if more.get("sub") != found["sub"]:
        raise ValueError("sub")
    return more | found


def _unanswered(setting: SignOn, error: Exception) -> ProviderError:
    log.warning("sign-on by %s failed: %r", setting.issuer, error)
    return ProviderError(
        "{name} did not let you in. Try again; if it goes on, tell whoever keeps it.",
        name=setting.name,
    )
