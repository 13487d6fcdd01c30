"""What set-up asks of a database: its address without the password, the tables."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from jalon.connectors.contract import Account, KeyRefusedError, Setting

SETTINGS = (
    Setting(
        name="url",
        label="Address of the database, without the password",
        help="postgresql://, mysql:// (MariaDB too) or sqlite:///",
        example="postgresql://reader@db.example.com:5432/crm",
    ),
    Setting(name="password", label="Password", secret=True, required=False),
    Setting(
        name="tables",
        label="Tables to read, each with the column that tells when a row changed",
        help="Without such a column a table is read whole each time.",
        example="deals:updated_at, accounts:updated_at, users",
    ),
    Setting(
        name="mapping",
        label="Mapping file (TOML)",
        help="Its file = is a table's name. Columns are recognised if left empty.",
        example="/srv/jalon/mappings/database.toml",
        required=False,
    ),
)
_SCHEMES = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
}
_BAD = (
    "{url} is no address of a database. Expected e.g. "
    "postgresql://reader@db.example.com:5432/crm or sqlite:////srv/crm.sqlite"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is; `engine` is postgresql, mysql or sqlite."""

    engine: str
    host: str
    port: int | None
    database: str
    user: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table to read, and the column that tells when a row changed ("" if none)."""

    table: str
    cursor: str = ""


def address(account: Account) -> Address:
    """Return where the database is.

    Raises:
        KeyRefusedError: If what was given is no address.
    """
    url = account.setting("url")
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError as error:
        raise KeyRefusedError(_BAD, url=url) from error
    engine = _SCHEMES.get(found.scheme, "")
    database = unquote(found.path.removeprefix("/"))
    if not engine or not database:
        raise KeyRefusedError(_BAD, url=url)
    user = unquote(found.username or "")
    host = unquote(found.hostname or "localhost")
    return Address(engine, host, port, database, user)


def wanted(account: Account) -> tuple[Wanted, ...]:
    """Return the tables to read, in the order given."""
    words = account.setting("tables").replace("\n", ",").split(",")
    pairs = [word.strip().partition(":") for word in words if word.strip()]
    return tuple(Wanted(name.strip(), cursor.strip()) for name, _, cursor in pairs)
