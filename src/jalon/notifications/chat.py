"""Send one message through Apprise: Slack, Teams, a webhook, a telephone.

An address names its service (`slack://…`, `msteams://…`, `json://host/path`) and holds
its secrets: it is never written in a log, nor shown whole on a page.
"""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import Any

from jalon.notifications.mail import UnsentError

FORBIDDEN = {"file", "dbus", "gnome", "macosx", "windows", "syslog", "custom"}


@cache
def _apprise() -> Any:  # noqa: ANN401 - the library has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what it imports
        import apprise  # noqa: PLC0415 - slow, and only who sends pays for it

        apprise.Apprise.instantiate("json://localhost")  # reads its services now
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses
    return apprise


def known(address: str) -> bool:
    """Return whether the address names a service that Apprise knows and we allow."""
    if address.partition(":")[0].lower() in FORBIDDEN:
        return False
    return _apprise().Apprise.instantiate(address, suppress_exceptions=True) is not None


def veiled(address: str) -> str:
    """Return what a page may show of an address: its service, nothing secret."""
    return address.partition("://")[0].lower() + "://…"


def send(address: str, *, subject: str, text: str) -> None:
    """Send a message to one address.

    Raises:
        UnsentError: If the service refused it or did not answer.
    """
    if not known(address):
        raise UnsentError("unknown service", permanent=True)
    told = _apprise().Apprise()
    told.add(address)
    if not told.notify(title=subject, body=text):
        service = veiled(address)
        raise UnsentError(f"{service} did not take the message", permanent=False)
