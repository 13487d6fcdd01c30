"""The two mails of accounts, in the language of whoever receives them.

Without a mail server a mail is a file of the workspace, and whoever invites is shown
the link to hand over.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from jalon.notifications.mail import UnsentError, send
from jalon.usecases.accounts import DAYS_TO_ACCEPT, Invited

log = logging.getLogger(__name__)


def send_invitation(invited: Invited, link: str, *, company: str, by: str) -> bool:
    """Send the link; return whether the mail really left."""
    with translation.override(invited.language):
        subject = _("{by} invites you to follow your objectives at {company}").format(
            by=by, company=company
        )
        text = _(
            "Hello,\n\n{by} opened an account for you at {company}. Choose your "
            "password within {days} days:\n\n{link}\n\nIf you expected nothing of "
            "the kind, ignore this message.\n"
        ).format(by=by, company=company, days=DAYS_TO_ACCEPT, link=link)
    return _sent(invited.email, subject, text)


def send_reset(email: str, link: str, *, language: str) -> bool:
    """Send the link to choose a new password; return whether the mail really left."""
    with translation.override(language):
        subject = _("Choose a new password")
        text = _(
            "Hello,\n\nSomebody asked for a new password for this address. If it was "
            "you, choose it within four hours:\n\n{link}\n\nOtherwise ignore this "
            "message: nothing changes.\n"
        ).format(link=link)
    return _sent(email, subject, text)


def _sent(to: str, subject: str, text: str) -> bool:
    try:
        send(to, subject=subject, text=text)
    except UnsentError as error:
        log.warning("mail to %s did not leave: %s", to, error)
        return False
    return bool(getattr(settings, "MAIL_LEAVES", False))
