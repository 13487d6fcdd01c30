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
