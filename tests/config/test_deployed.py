"""Django's own checks for deployment find nothing, as the guide has it served."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_checks_for_deployment_are_clean(tmp_path: Path) -> None:
    told = {
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "JALON_WORKSPACE": str(tmp_path),
        "JALON_HTTPS": "1",
        "JALON_HOSTS": "jalon.example.com",
        "JALON_ORIGINS": "https://jalon.example.com",
    }
    here = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level=WARNING"],
        env=here | told,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_passwords_are_kept_stretched_and_salted_each(tmp_path: Path) -> None:
    """As a workspace has it, not as tests that hurry do: PBKDF2, 600,000 rounds or more."""
    asked = (
        "import django; django.setup();"
        "from django.contrib.auth.hashers import make_password as m;"
        "print(m('objectifs-2025')); print(m('objectifs-2025'))"
    )
    told = {"DJANGO_SETTINGS_MODULE": "jalon.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | told | {"JALON_WORKSPACE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    one, other = (line.split("$") for line in done.stdout.split())

    assert one[0] == other[0] == "pbkdf2_sha256"
    assert int(one[1]) >= 600_000
    assert one[2] != other[2]
    assert len(one[2]) >= 16
