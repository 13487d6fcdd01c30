"""Send one mail in plain text; a failure says whether trying again may help."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.mail import EmailMessage, get_connection

SILENT = "silent"  # nobody answered, or without a reason one can be told
PERMANENT = 500  # SMTP answers from here on will not change by themselves
log = logging.getLogger(__name__)


class UnsentError(Exception):
    """The mail did not leave; `permanent` where trying again changes nothing."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


def send(to: str, *, subject: str, text: str) -> None:
    """Send a mail to one address.

    Raises:
        UnsentError: If the server refused it or did not answer.
    """
    message = EmailMessage(subject=" ".join(subject.split()), body=text, to=[to])
    try:
        message.send()
    except smtplib.SMTPResponseException as error:
        raise UnsentError(str(error), permanent=error.smtp_code >= PERMANENT) from error
    except (smtplib.SMTPException, OSError) as error:
        log.warning("a mail did not leave: %s", error)
        raise UnsentError(SILENT, permanent=False) from error


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one address."""

    to: str
    subject: str
    text: str


def send_all(letters: Iterable[Letter]) -> frozenset[str]:
    """Send many mails over one connection; return the addresses that got none.

    A server that does not answer is asked once, not once a mail.
    """
    waiting = list(letters)
    connection = get_connection()
    unsent: set[str] = set()
    try:
        if waiting:
            connection.open()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("%s mails did not leave: %s", len(waiting), error)
        return frozenset(one.to for one in waiting)
    for one in waiting:
        subject = " ".join(one.subject.split())
        mail = EmailMessage(subject, one.text, to=[one.to], connection=connection)
        try:
            mail.send()
        except (smtplib.SMTPException, OSError) as error:
            log.warning("mail to %s did not leave: %s", one.to, error)
            unsent.add(one.to)
    connection.close()
    return frozenset(unsent)
