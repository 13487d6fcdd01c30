"""`jalon serve` as a person starts it: a process, a port, a page, a stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.worlds import followed

PATIENCE_SECONDS = 60
START = "from jalon.cli.main import main; main()"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The address and the number of a server of its own, stopped afterwards."""
    workspace = followed.company(tmp_path / "company")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("DATABASE_URL", None)
    command = [
        sys.executable,
        "-c",
        START,
        "serve",
        "--workspace",
        str(workspace.folder),
        "--port",
        port,
        "--no-worker",
    ]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as running:
        yield f"http://127.0.0.1:{port}", running.pid
        running.terminate()
        running.wait(timeout=PATIENCE_SECONDS)


def body(address: str) -> str:
    """Return a page, waiting for the server to be up."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(address) as response:
                return response.read().decode()  # type: ignore[no-any-return]
        except (URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_a_server_shows_the_workspace_it_was_given(server: tuple[str, int]) -> None:
    address, _ = server
    assert "La petite entreprise" in body(f"{address}/login/")
    assert "--accent" in body(f"{address}/static/app.css")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_a_process_that_is_killed_is_replaced(server: tuple[str, int]) -> None:
    address, leader = server
    body(f"{address}/login/")
    (answering,) = _led_by(leader)
    os.kill(answering, signal.SIGKILL)
    assert "La petite entreprise" in body(f"{address}/login/")
    assert answering not in _led_by(leader)


def _led_by(leader: int) -> list[int]:
    told = Path(f"/proc/{leader}/task/{leader}/children").read_text("ascii")
    return [int(one) for one in told.split()]
