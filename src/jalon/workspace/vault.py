"""Secrets sealed before they are stored: the key is a file, never in the database.

The file is `sources.key` of the workspace, readable by its owner alone;
`JALON_KEY_FILE` names another place, so that a copy of the folder opens nothing.
Sealed by Fernet (AES-128-CBC, HMAC-SHA256).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from jalon.domain.refusals import Refusal
from jalon.workspace.folder import Workspace

FILE, ELSEWHERE = "sources.key", "JALON_KEY_FILE"
OWNER_ONLY = 0o600


class KeyLostError(Refusal):
    """What was sealed cannot be opened: its key is not there, or another one is."""


def key_file(workspace: Workspace) -> Path:
    """Return where the key is kept."""
    named = os.environ.get(ELSEWHERE, "")
    return Path(named) if named else workspace.folder / FILE


def sealed(workspace: Workspace, secrets: Mapping[str, str]) -> str:
    """Return secrets as a text that says nothing; the key is made the first time."""
    plain = json.dumps(dict(secrets), ensure_ascii=False, sort_keys=True)
    return Fernet(_made(key_file(workspace))).encrypt(plain.encode()).decode("ascii")


def unsealed(workspace: Workspace, text: str) -> dict[str, str]:
    """Return the secrets of a sealed text.

    Raises:
        KeyLostError: If the key that sealed it is not there.
    """
    if not text:
        return {}
    path = key_file(workspace)
    try:
        plain = Fernet(path.read_bytes()).decrypt(text.encode("ascii"))
    except (OSError, InvalidToken, ValueError) as error:
        raise KeyLostError(
            "The secrets of this source cannot be opened: {file} is not the file they "
            "were sealed with. Put it back from a backup, or give the key again.",
            file=path.name,
        ) from error
    found: dict[str, str] = json.loads(plain)
    return found


def _made(path: Path) -> bytes:
    """Return the key, made now if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as out:
        out.write(Fernet.generate_key())
    return path.read_bytes()
