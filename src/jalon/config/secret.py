"""The key that signs sessions: made once, kept in the workspace."""

from __future__ import annotations

import secrets
from pathlib import Path

FILE = "secret.key"
OWNER_ONLY = 0o600


def secret_key(folder: Path) -> str:
    """Return the workspace's key; make it the first time.

    Where the folder does not exist yet (no workspace: checks, tests, `--help`) the key
    lives for this process only.
    """
    path = folder / FILE
    if not folder.is_dir():
        return secrets.token_urlsafe(50)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(OWNER_ONLY)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError:
        return secrets.token_urlsafe(50)
    return path.read_text("ascii")
