"""A client of the API with a token, its writes each under a key of their own."""

from __future__ import annotations

import datetime
import itertools
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

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
    wanted = Wanted(name="tests", scopes=scopes or [one.value for one in Scope])
    at = datetime.datetime.now(datetime.UTC)
    viewer = followed_viewer(user)
    token = tokens.make(wanted, account=user.pk, actor=viewer, at=at)
    return Machine(token, Client(raise_request_exception=False))


def followed_viewer(user: Any) -> Actor:
    from jalon.domain.people.permission import Viewer
    from jalon.domain.people.roles import Role

    return Actor(Viewer(Role(user.role), user.person_id), user.email)
