"""One client for every vendor: asks, waits, asks again, and says what went wrong.

What may pass (a limit, a fault of the server, an answer cut short) is asked again as
`Policy` says, then told as the contract's error. What cannot pass (a refused key) is
told at once. No message holds a header, a body or the question part of an address:
that is where keys are. Redirections are not followed and the environment's proxies not
used: both would call an address that was not judged.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

from jalon.connectors.contract import (
    KeyRefusedError,
    LimitReachedError,
    RightsCutError,
    SourceError,
    UnreachableError,
    UnreadableAnswerError,
)
from jalon.connectors.transport.address import GuardedNetwork
from jalon.connectors.transport.policy import Pace, Policy, asked_wait, wait

_SILENT = "{vendor} does not answer ({why})."
_FAULT = "{vendor} has a fault of its own (HTTP {status})."
_CUT = "{vendor} gave an answer that is cut short or is not JSON, at {path}."
_LARGE = "{vendor} gave an answer of more than {most} MB, at {path}."
_MOVED = "{vendor} sends elsewhere (HTTP {status}): give the address it ends at."
_LIMIT = "{vendor} asks to slow down."
_DAILY = "The day's quota of {vendor} is spent: it comes back tomorrow."
_KEY = "{vendor} refuses this key. Make a new one there, then give it here."
_RIGHTS = "This key of {vendor} may not read {path}: {why}."
_NOT_THERE = "{vendor} has nothing at {path} (HTTP {status})."
HOUR = 3600.0  # who asks for more means another day
_SERVER, _UNPROCESSABLE = 500, (400, 404, 405, 409, 410, 422)

for _name in ("httpx", "httpcore"):  # they log whole addresses, keys and all
    logging.getLogger(_name).setLevel(logging.WARNING)

Judge = Callable[["Answer"], SourceError | None]


class NotThereError(SourceError):
    """The vendor says the question cannot be answered (400, 404…); `body` is its own.

    `status` and `body` are for the source to judge, never for a message.
    """

    permanent = True

    def __init__(self, sentence: str, /, *, answer: Answer, **told: str | int) -> None:
        super().__init__(sentence, retry_after=None, **told)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What the vendor answered: its status, its headers in small letters, its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:  # noqa: ANN401 - a vendor's JSON
        """Return the body as JSON, numbers with a point as written.

        Raises:
            ValueError: If it is not.
        """
        return json.loads(self.body, parse_float=str)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `content` is sent as it is, `data` as JSON, `form` as a form."""

    path: str
    method: str = "GET"
    query: Mapping[str, str | int] = field(default_factory=dict)
    data: object = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    kind: str = ""
    as_json: bool = True


class Client:
    """Asks one vendor's server; `vendor` is its name in messages.

    `keys` gives the headers that open the door; it is asked again once when the vendor
    says 401, since a token may have expired. `judge` may see in an answer an error
    that its status does not tell (a daily quota behind a 429).
    """

    def __init__(
        self,
        root: str,
        *,
        vendor: str,
        keys: Callable[[bool], Mapping[str, str]] = lambda _renew: {},
        judge: Judge = lambda _answer: None,
        policy: Policy | None = None,
    ) -> None:
        self.root, self.vendor = root.rstrip("/"), vendor
        self._keys, self._judge = keys, judge
        self._policy = policy or Policy()
        self._pace = Pace(self._policy.per_second)
        transport = httpx.HTTPTransport(trust_env=False)
        transport._pool.close()  # noqa: SLF001 - httpx leaves no door to the network
        transport._pool = httpcore.ConnectionPool(  # noqa: SLF001
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=GuardedNetwork(),
            max_connections=4,
        )
        self._http = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            timeout=self._policy.timeout,
            headers={"User-Agent": "Jalon", "Accept": "application/json"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON at a path.

        Raises:
            SourceError: As `ask`.
        """
        return self.ask(Question(path, query=query))

    def post(self, path: str, data: object) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON answered to JSON.

        Raises:
            SourceError: As `ask`.
        """
        return self.ask(Question(path, method="POST", data=data))

    def ask(self, question: Question) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON (or, if not wished, the body) of an answer that is well.

        Raises:
            KeyRefusedError: If the key opens nothing.
            RightsCutError: If it does not open this.
            LimitReachedError: If the vendor asks to wait, longer than we do.
            UnreachableError: If nothing answers, or only faults.
            UnreadableAnswerError: If what answers is not what is documented.
            NotThereError: If the question cannot be answered.
        """
        renew = False
        for tried in range(1, self._policy.attempts + 1):
            try:
                return self._once(question)
            except SourceError as error:
                renew = isinstance(error, KeyRefusedError) and not renew
                if renew and self._keys(True):
                    continue
                if error.permanent or tried == self._policy.attempts:
                    raise
                self.wait(error, tried)
        raise AssertionError  # attempts is at least one

    @property
    def attempts(self) -> int:
        """Return how many times a question is asked at most."""
        return self._policy.attempts

    def wait(self, error: SourceError, tried: int) -> None:
        """Wait before asking again; do not, where waiting would be too long.

        Raises:
            SourceError: The same, where the vendor asks for more than our patience.
        """
        asked = error.retry_after or 0.0
        daily = isinstance(error, LimitReachedError) and error.daily
        if daily or asked > self._policy.longest_wait:
            raise error
        time.sleep(wait(self._policy, tried, error.retry_after))

    def _once(self, question: Question) -> Any:  # noqa: ANN401 - JSON
        self._pace.keep()
        answer = self._sent(question)
        wrong = self._judge(answer) or self._wrong(answer, question)
        if wrong is not None:
            raise wrong
        if not question.as_json:
            return answer.body
        try:
            return answer.json()
        except ValueError as error:
            raise UnreadableAnswerError(
                _CUT, vendor=self.vendor, path=question.path
            ) from error

    def _sent(self, question: Question) -> Answer:
        headers = dict(self._keys(False))
        content = question.content
        if question.data is not None:
            content = json.dumps(question.data, default=str).encode()
        if question.kind or question.data is not None:
            headers["Content-Type"] = question.kind or "application/json"
        try:
            with self._http.stream(
                question.method,
                self.root + question.path,
                params=dict(question.query) or None,
                headers=headers,
                content=content,
                data=dict(question.form) if question.form else None,
            ) as found:
                body = self._body(found, question)
                return Answer(found.status_code, dict(found.headers), body)
        except httpx.RemoteProtocolError as error:
            raise UnreadableAnswerError(
                _CUT, vendor=self.vendor, path=question.path
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = type(error).__name__  # its text may hold the address, keys and all
            raise UnreachableError(_SILENT, vendor=self.vendor, why=why) from None

    def _body(self, found: httpx.Response, question: Question) -> bytes:
        most, parts, size = self._policy.largest_answer, [], 0
        for part in found.iter_bytes():
            size += len(part)
            if size > most:
                raise UnreadableAnswerError(
                    _LARGE, vendor=self.vendor, most=most >> 20, path=question.path
                )
            parts.append(part)
        return b"".join(parts)

    def _wrong(self, answer: Answer, question: Question) -> SourceError | None:  # noqa: PLR0911
        """Return what an answer's status says, None where all is well."""
        told: dict[str, Any] = {"vendor": self.vendor}
        status, headers = answer.status, answer.headers
        asked = asked_wait(headers.get("retry-after"), date=headers.get("date"))
        if 200 <= status < 300:  # noqa: PLR2004
            return None
        if status == 429:  # noqa: PLR2004
            daily = asked is not None and asked >= HOUR
            return LimitReachedError(
                _DAILY if daily else _LIMIT, daily=daily, retry_after=asked, **told
            )
        if status == 401:  # noqa: PLR2004
            return KeyRefusedError(_KEY, **told)
        if status == 403:  # noqa: PLR2004
            return RightsCutError(_RIGHTS, path=question.path, why="403", **told)
        if status >= _SERVER or status == 408:  # noqa: PLR2004
            return UnreachableError(_FAULT, status=status, retry_after=asked, **told)
        if status in _UNPROCESSABLE:
            return NotThereError(
                _NOT_THERE, path=question.path, status=status, answer=answer, **told
            )
        return UnreachableError(_MOVED, status=status, **told)


def spent(vendor: str) -> LimitReachedError:
    """Return the error of a day's quota that is spent."""
    return LimitReachedError(_DAILY, daily=True, vendor=vendor)
