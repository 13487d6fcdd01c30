"""How mails leave: by an SMTP server named in one address, else as files one can read.

`smtp://user:password@host:587` speaks STARTTLS, `smtps://host:465` TLS at once,
`smtp+plain://localhost:25` neither.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

BACKENDS = "django.core.mail.backends."
SECONDS = 10
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class BadMailAddressError(ValueError):
    """`JALON_MAIL` is none of the addresses known."""

    def __init__(self, scheme: str) -> None:
        super().__init__(
            f"JALON_MAIL begins with {scheme!r}. Expected e.g. "
            "smtp://user:password@mail.example.com:587."
        )


def mail(address: str, *, folder: Path) -> dict[str, object]:
    """Return the settings of Django for an address; "" writes files in the folder.

    Raises:
        BadMailAddressError: If it begins with none of smtp, smtps, smtp+plain.
    """
    if not address:
        return {
            "EMAIL_BACKEND": BACKENDS + "filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
            "MAIL_LEAVES": False,
        }
    found = urlsplit(address)
    if found.scheme not in _PORTS or not found.hostname:
        raise BadMailAddressError(found.scheme)
    return {
        "EMAIL_BACKEND": BACKENDS + "smtp.EmailBackend",
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": found.port or _PORTS[found.scheme],
        "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(found.password or ""),
        "EMAIL_USE_TLS": found.scheme == "smtp",
        "EMAIL_USE_SSL": found.scheme == "smtps",
        "EMAIL_TIMEOUT": SECONDS,
        "MAIL_LEAVES": True,
    }
