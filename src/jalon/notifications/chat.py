"""Send one message through Apprise: Slack, Teams, a webhook, a telephone.

An address names its service (`slack://…`, `msteams://…`, `json://host/path`) and holds
its secrets: it is never written in a log, nor shown whole on a page. Anybody may type
one: machines of a private network are out of reach unless `JALON_PRIVATE_HOSTS` allows
them, and only services that look names up as the others do are known.
"""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import Any

from jalon.connectors.transport.guarded import only_outward
from jalon.notifications.mail import SILENT, UnsentError

PRIVATE, UNKNOWN = "private", "unknown"
THIS_MACHINE = {"dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"}
NO_HTTP = {"amqp", "deltachat", "growl", "irc", "mqtt", "nostr", "rsyslog", "smpp"}
NO_HTTP |= {"xmpp"}
FORBIDDEN = {"file", "custom"} | THIS_MACHINE | NO_HTTP


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
    service = address.partition(":")[0].lower()
    if service in FORBIDDEN or service.removesuffix("s") in FORBIDDEN:
        return False
    return _apprise().Apprise.instantiate(address, suppress_exceptions=True) is not None


def veiled(address: str) -> str:
    """Return what a page may show of an address: its service, nothing secret."""
    return address.partition("://")[0].lower() + "://…"


def send(address: str, *, subject: str, text: str) -> None:
    """Send a message to one address.

    Raises:
        UnsentError: If the service refused it or did not answer; `permanent` where its
            address is private or names no service.
    """
    if not known(address):
        raise UnsentError(UNKNOWN, permanent=True)
    told = _apprise().Apprise()
    told.add(address)
    with only_outward() as refused:
        sent = told.notify(title=subject, body=text)
    if refused:
        raise UnsentError(PRIVATE, permanent=True)
    if not sent:
        raise UnsentError(SILENT, permanent=False)
