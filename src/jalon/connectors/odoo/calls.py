"""Calling Odoo's models, by JSON-2 (from 19) or by XML-RPC (before 22).

Both give the same answers here: arguments are named, refusals are the contract's. An
access that is denied says so in the body, not only in the status.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from jalon.connectors.contract import (
    Account,
    KeyRefusedError,
    RepeatedCursorError,
    RightsCutError,
    SourceError,
    UnreadableAnswerError,
)
from jalon.connectors.odoo.credentials import EXAMPLE
from jalon.connectors.transport.address import cleaned
from jalon.connectors.transport.canonical import moment_of
from jalon.connectors.transport.client import Client, NotThereError, Question
from jalon.connectors.transport.policy import Policy

PAGE = 1000
LATE = timedelta(minutes=10)  # a transaction that is committed late is read again
JSON_SINCE = 19
_KEY = "Odoo refuses this login or this key."
_RIGHTS = "This user may not read {model} in Odoo."
_CUT = "Odoo gave an answer that is cut short or is not XML-RPC."
_ENDLESS = "Odoo gives the same page of {model} again and again."
_DENIED, _FORBIDDEN = 3, 4  # Odoo's fault codes
_ALL = {"active_test": False}  # lost and archived records too

Domain = Sequence[Sequence[object] | str]


class Odoo(Protocol):
    """A way to call a model's method with named arguments."""

    def call(self, model: str, method: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Return what a method answers.

        Raises:
            SourceError: If it does not, or may not be asked.
        """
        ...


class Json2:
    """Odoo 19 and later."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def call(self, model: str, method: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Return what a method answers."""
        return self._client.post(f"/json/2/{model}/{method}", arguments)


class XmlRpc:
    """Odoo before 19. Arguments that a method takes by place are put in their place."""

    _PLACED: Mapping[str, tuple[str, ...]] = {
        "search_read": ("domain",),
        "search_count": ("domain",),
        "read": ("ids",),
        "has_group": ("ids", "group_ext_id"),
        "create": ("vals_list",),
        "write": ("ids", "vals"),
    }

    def __init__(self, client: Client, account: Account) -> None:
        self._client, self._account = client, account
        self._user = 0

    def call(self, model: str, method: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Return what a method answers."""
        if not self._user:
            self._user = self._authenticated()
        placed = [arguments.pop(name) for name in self._PLACED.get(method, ())]
        given: tuple[Any, ...] = (
            self._account.setting("database"),
            self._user,
            self._account.setting("key"),
            model,
            method,
            placed,
            arguments,
        )
        return self._sent("/xmlrpc/2/object", "execute_kw", given, model)

    def _authenticated(self) -> int:
        given: tuple[Any, ...] = (
            self._account.setting("database"),
            self._account.setting("login"),
            self._account.setting("key"),
            {},
        )
        found = self._sent("/xmlrpc/2/common", "authenticate", given, "res.users")
        if not found:
            raise KeyRefusedError(_KEY)
        return int(found)

    def _sent(self, path: str, method: str, given: tuple[Any, ...], model: str) -> Any:  # noqa: ANN401
        content = xmlrpc.client.dumps(given, method, allow_none=True).encode()
        for tried in range(1, self._client.attempts + 1):
            question = Question(
                path, method="POST", content=content, kind="text/xml", as_json=False
            )
            body: bytes = self._client.ask(question)
            try:
                return _loaded(body, model)
            except UnreadableAnswerError as error:
                if tried == self._client.attempts:
                    raise
                self._client.wait(error, tried)
        raise AssertionError


def _loaded(body: bytes, model: str) -> Any:  # noqa: ANN401 - a vendor's answer
    """Return the value of an XML-RPC answer.

    Raises:
        SourceError: If it is a fault, or no answer at all.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"methodResponse" not in body:
        raise UnreadableAnswerError(_CUT)
    try:
        found, _ = xmlrpc.client.loads(body, use_builtin_types=True)
    except xmlrpc.client.Fault as fault:
        raise _refusal(fault, model) from None  # its text is a traceback of theirs
    except Exception as error:  # expat, and whatever a cut value brings
        raise UnreadableAnswerError(_CUT) from error
    return found[0]


def _refusal(fault: xmlrpc.client.Fault, model: str) -> SourceError:
    if fault.faultCode == _DENIED:
        return KeyRefusedError(_KEY)
    return RightsCutError(_RIGHTS, model=model)


def opened(client: Client, account: Account) -> tuple[Odoo, str]:
    """Return the way to call this Odoo, and its version."""
    wished = account.setting("protocol")
    version = _version(client)
    number = int(version.split(".")[0].split("~")[-1] or 0) if version else 0
    if wished == "json2" or (not wished and number >= JSON_SINCE):
        return Json2(client), version
    return XmlRpc(client, account), version


def _version(client: Client) -> str:
    """Return Odoo's version as it tells it without a key, "" where it does not."""
    try:
        found = client.get("/web/version")
    except NotThereError:
        return ""
    return str(found.get("version", "")) if isinstance(found, dict) else ""


def client(account: Account, policy: Policy | None) -> Client:
    """Return a client that bears the account's key, for JSON-2."""
    key, database = account.setting("key"), account.setting("database")

    def keys(renew: bool) -> Mapping[str, str]:  # noqa: FBT001 - the client's shape
        told = {"Authorization": f"Bearer {key}", "X-Odoo-Database": database}
        return {} if renew else told

    url = cleaned(account.setting("url"), example=EXAMPLE)
    return Client(url, vendor="Odoo", keys=keys, policy=policy)


def fields_of(odoo: Odoo, model: str, wanted: Sequence[str]) -> list[str]:
    """Return those of the wanted fields that this Odoo has: it is never guessed."""
    found = odoo.call(model, "fields_get", attributes=["type"])
    return [name for name in wanted if name in found]


def pages(odoo: Odoo, model: str, fields: Sequence[str], domain: Domain = ()) -> Any:  # noqa: ANN401 - an iterator of vendor's rows
    """Yield the records of a model, archived ones too, by id from page to page.

    Raises:
        RepeatedCursorError: If a page does not go on from the former.
    """
    last = 0
    while True:
        rows = odoo.call(
            model,
            "search_read",
            domain=[*domain, ["id", ">", last]],
            fields=list(fields),
            limit=PAGE,
            order="id",
            context=_ALL,
        )
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        if max(one["id"] for one in rows) <= last:
            raise RepeatedCursorError(_ENDLESS, model=model)
        last = max(one["id"] for one in rows)


def newest(odoo: Odoo, model: str) -> str:
    """Return when a record last changed, by Odoo's clock; "" where there is none."""
    rows = odoo.call(
        model,
        "search_read",
        domain=[],
        fields=["write_date"],
        limit=1,
        order="write_date desc",
        context=_ALL,
    )
    return str(rows[0]["write_date"]) if rows else ""


def since(cursor: str, field: str = "write_date") -> list[list[object]]:
    """Return the domain of what changed since a cursor, less what is committed late."""
    return [[field, ">=", written(moment_of(cursor) - LATE)]] if cursor else []


def written(at: datetime) -> str:
    """Return a moment as Odoo writes it: UTC, no zone."""
    return at.strftime("%Y-%m-%d %H:%M:%S")
