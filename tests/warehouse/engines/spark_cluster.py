"""A standalone Spark on loopback: a master and two workers, from the package itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

_READY = {
    "Master": re.compile(r"Starting Spark master at (spark://\S+)"),
    "Worker": re.compile(r"Successfully registered with master"),
}
_PATIENCE = 60  # seconds


class Cluster:
    """A master and its workers, each a process with children of its own."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        """Say where logs go, and how many workers are wanted."""
        self._folder = folder
        self._wanted = workers
        self._master: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def __enter__(self) -> Self:
        """Start the master, then the workers, and wait until they know each other."""
        self._master, told = self._started("Master", "0")
        self.address = told
        for rank in range(self._wanted):
            memory = ("--cores", "1", "--memory", "1g")
            place = ("--work-dir", str(self._folder / f"work{rank}"))
            worker, _ = self._started("Worker", "0", *memory, *place, self.address)
            self.workers.append(worker)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every process that was started here."""
        for process in (*self.workers, self._master):
            if process is not None:
                kill(process)

    def _started(
        self, role: str, port: str, *words: str
    ) -> tuple[subprocess.Popen[bytes], str]:
        import pyspark

        home = Path(pyspark.__file__).parent
        log = self._folder / f"{role}{len(self.workers)}.log"
        process = subprocess.Popen(
            [
                str(home / "bin" / "spark-class"),
                f"org.apache.spark.deploy.{role.lower()}.{role}",
                *("--host", "127.0.0.1", "--port", port, "--webui-port", "0"),
                *words,
            ],
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            env=os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
            start_new_session=True,
        )
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = _READY[role].search(log.read_text("utf-8", "replace"))
            if found:
                return process, found[1] if found.groups() else ""
            if process.poll() is not None:
                break
            time.sleep(0.1)
        kill(process)
        raise AssertionError(log.read_text("utf-8", "replace"))


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children, as a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
