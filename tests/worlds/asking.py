"""A client of the API with a token, its writes each under a key of their own."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from jalon.api.here import now
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.usecases import tokens
from jalon.usecases.acting import Actor
from jalon.usecases.tokens import Scope, Wanted

_keys = itertools.count()


@dataclass
class Machine:
    """Asks /api/v1 with a token."""

    token: str
    client: Client

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self._with(headers))

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        told = {"Idempotency-Key": f"key-{next(_keys)}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._with(told),
        )

    def post(self, path: str, body: object, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def give(self, path: str, **files: Any) -> Any:
        told = self._with({"Idempotency-Key": f"key-{next(_keys)}"})
        return self.client.post(f"/api/v1{path}", files, headers=told)

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.token}"} | told


def machine(user: Any, *scopes: str) -> Machine:
    """Return a client with a token of a user, for all scopes unless some are told."""
    token = token_of(user, *scopes)
    return Machine(token, Client(raise_request_exception=False))


def token_of(user: Any, *scopes: str) -> str:
    """Return a token of a user, for all scopes unless some are told."""
    wanted = Wanted(name="tests", scopes=scopes or [one.value for one in Scope])
    return tokens.make(wanted, account=user.pk, actor=actor_of(user), at=now())


def actor_of(user: Any) -> Actor:
    """Return a user as a use case knows them, without the teams they lead."""
    return Actor(Viewer(Role(user.role), user.person_id), user.email)
