"""Which database a workspace writes to: SQLite in its folder, or `DATABASE_URL`.

The SQLite options were measured: without IMMEDIATE and WAL, four writers lose rows.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from jalon.domain.refusals import Refusal

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
KEPT_SECONDS = 60  # a connection serves the pages of a minute
POSTGRES_SCHEMES = ("postgres", "postgresql")
EXAMPLE = "postgresql://jalon:secret@localhost:5432/jalon"


class BadDatabaseUrlError(Refusal, ValueError):
    """`DATABASE_URL` cannot be read."""

    def __init__(self, scheme: str) -> None:
        super().__init__(
            'DATABASE_URL starts with "{scheme}". '
            "Expected a PostgreSQL address, e.g. {example}.",
            scheme=scheme,
            example=EXAMPLE,
        )


def database(url: str, *, file: Path) -> dict[str, object]:
    """Return Django's settings of the database: the address, or the SQLite file.

    Raises:
        BadDatabaseUrlError: If the address is given and is not PostgreSQL's.
    """
    return _postgresql(url) if url else _sqlite(file)


def _sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in POSTGRES_SCHEMES:
        raise BadDatabaseUrlError(parts.scheme)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": KEPT_SECONDS,
        "OPTIONS": options,
    }
