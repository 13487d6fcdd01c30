"""Send one mail in plain text; a failure says whether trying again may help."""

from __future__ import annotations

import logging
import smtplib

from django.core.mail import EmailMessage

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
        raise UnsentError(str(error), permanent=False) from error
