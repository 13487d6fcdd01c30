"""Find a Chromium for the browser tests, or install one; print which one is used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """Return the path of a browser already on this machine."""
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), None)


def install() -> str:
    """Install Debian's browser as root on Debian, else Playwright's own."""
    if Path("/etc/debian_version").exists() and os.geteuid() == 0:
        print("No Chromium here: installing Debian's.", file=sys.stderr)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        command.append("chromium")
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        return installed() or "chromium"
    print("No Chromium here: installing Playwright's.", file=sys.stderr)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=True)
    return "Playwright's Chromium"


if __name__ == "__main__":
    print(f"Browser tests use {installed() or install()}.")
