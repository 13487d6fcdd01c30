"""A real HTTP server on loopback, and what may go wrong between it and us.

A `Fault` is drawn before each answer. Faults never come more than `in_a_row` at once,
unless a test asks for a vendor that is down. The clock is the world's own.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.server
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.simulators.world import World

FAULTS = ("limit", "fault", "page", "cut", "not_json", "closed", "stale_token")
BETWEEN = ("twice", "change")


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    data: object = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps(self.data, ensure_ascii=False).encode()


Handler = Callable[[Asked], Reply]


class Simulator:
    """Routes on a world; subclasses add theirs with `route`."""

    key = "a-key-that-must-not-leak"

    def __init__(self, world: World) -> None:
        self.world = world
        self.routes: list[tuple[str, re.Pattern[str], Callable[..., Reply]]] = []
        self.asked: list[str] = []
        self.rng = random.Random(0)
        self.rate = 0.0
        self.kinds: tuple[str, ...] = ()
        self.in_a_row = 3
        self.daily = False
        self.skew = timedelta()
        self.repeat_cursor = False
        self._row = 0
        self._token = 0

    def route(self, method: str, path: str, answer: Callable[..., Reply]) -> None:
        self.routes.append((method, re.compile(path), answer))

    def misbehave(self, seed: int, rate: float = 0.25) -> None:
        """From now on, draw faults from a seed."""
        self.rng, self.rate = random.Random(seed), rate
        self.kinds = (*FAULTS, *BETWEEN)

    def behave(self) -> None:
        self.rate, self.kinds, self._row = 0.0, (), 0

    def authorised(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {self.key}"

    def limited(self) -> Reply:
        return Reply(429, {"policyName": "SECONDLY"}, {"Retry-After": "0"})

    def spent(self) -> Reply:
        return Reply(429, {"policyName": "DAILY"}, {"Retry-After": "0"})

    def expire(self) -> None:
        """Let the token at hand be refused from now on, where tokens expire."""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(f"{asked.method} {asked.path}")
        if self.daily:
            return self.spent()
        fault = self._fault()
        if fault == "change":
            self.world.anything(self.rng)
        elif fault == "stale_token":
            self.expire()
        elif fault and fault != "twice":
            return _broken(fault, self)
        reply = self._routed(asked)
        if fault == "twice" and reply.status == 200:
            reply.data = doubled(reply.data)
        if fault == "cut":
            reply.headers["X-Cut"] = "1"
        return reply

    def _fault(self) -> str:
        if not self.kinds or self.rng.random() >= self.rate:
            self._row = 0
            return ""
        kind = self.rng.choice(self.kinds)
        if kind in BETWEEN:
            return kind
        self._row += 1
        if self._row > self.in_a_row:
            self._row = 0
            return ""
        return kind

    def _routed(self, asked: Asked) -> Reply:
        for method, path, answer in self.routes:
            found = path.fullmatch(asked.path)
            if method == asked.method and found:
                if not self.open(asked):
                    return Reply(401, {"message": f"bad key {self.key}"})
                return answer(asked, *found.groups())
        return Reply(404, {"message": "no such path"})

    def open(self, asked: Asked) -> bool:
        return self.authorised(asked)


def doubled(data: Any) -> Any:
    """Return an answer whose list has its last row twice."""
    if isinstance(data, dict):
        for name in ("results", "data", "records"):
            if isinstance(data.get(name), list) and data[name]:
                return {**data, name: [*data[name], data[name][-1]]}
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return [*data, data[-1]]
    return data


def _broken(fault: str, simulator: Simulator) -> Reply:
    if fault == "limit":
        return simulator.limited()
    if fault == "fault":
        return Reply(500, {"message": "oops"})
    if fault == "page":
        return Reply(502, raw=b"<html>Bad gateway</html>")
    if fault == "not_json":
        return Reply(200, raw=b"<html>maintenance</html>")
    if fault == "closed":
        return Reply(-1)
    return Reply(200, raw=b'{"results": [{"id"', headers={"X-Cut": "1"})


@contextlib.contextmanager
def served(simulator: Simulator) -> Iterator[str]:
    """Serve a simulator on a port of the system's choice; yield its address."""

    class Door(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # one packet an answer: two would wait for each other

        def _any(self) -> None:
            at = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                at.path,
                dict(parse_qsl(at.query, keep_blank_values=True)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(size),
            )
            with lock:
                reply = simulator.answer(asked)
                body = reply.body() if reply.status > 0 else b""
                date = simulator.world.now + simulator.skew
            if reply.status < 0:
                self.close_connection = True
                return
            cut = reply.headers.pop("X-Cut", "")
            self.send_response_only(reply.status)
            self.send_header("Date", email.utils.format_datetime(date, usegmt=True))
            self.send_header("Content-Type", "application/json")
            length = len(body) + (50 if cut else 0)
            self.send_header("Content-Length", str(length))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = bool(cut)

        do_GET = do_POST = do_PUT = do_PATCH = _any  # noqa: N815 - the library's

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    lock = threading.Lock()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
