"""Where people read Jalon: the address that links of mails begin with."""

from __future__ import annotations

import os

HERE = "http://127.0.0.1:8000"


def read_at(told: str | None = None) -> str:
    """Return the address told, else the first of JALON_ORIGINS, else this machine."""
    named = told or os.environ.get("JALON_ORIGINS", "").split(",")[0]
    return (named or HERE).rstrip("/")
