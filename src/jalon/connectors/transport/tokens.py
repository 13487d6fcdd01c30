"""Tokens by client credentials (OAuth 2): asked once, asked again when refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jalon.connectors.contract import KeyRefusedError
from jalon.connectors.transport.client import Client, NotThereError, Question

_KEY = "{vendor} refuses this client or its secret."


class Tokens:
    """Gives the header of a token; `opened` opens the client that asks at `path`."""

    def __init__(
        self, opened: Callable[[], Client], path: str, *, identity: str, secret: str
    ) -> None:
        self._opened, self._path = opened, path
        self._form = {
            "grant_type": "client_credentials",
            "client_id": identity,
            "client_secret": secret,
        }
        self._token = ""

    def __call__(self, renew: bool) -> Mapping[str, str]:  # noqa: FBT001 - as a client asks
        """Return the header, with a new token if the former was refused.

        Raises:
            KeyRefusedError: If the client or its secret is refused.
        """
        if renew or not self._token:
            self._token = self._asked()
        return {"Authorization": f"Bearer {self._token}"}

    def _asked(self) -> str:
        question = Question(self._path, method="POST", form=self._form)
        with self._opened() as client:
            try:
                found = client.ask(question)
            except NotThereError as error:  # a bad secret is a bad request there
                raise KeyRefusedError(_KEY, vendor=client.vendor) from error
        return str(found["access_token"])
