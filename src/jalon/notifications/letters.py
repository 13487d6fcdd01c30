"""Send one mail laid out: plain text and HTML, pictures inside, a way out in one click.

The way out is RFC 8058: a mail program posts to the address of `leave` without showing
a page. Pictures are named by the HTML as `cid:<name>`.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives

from jalon.notifications.mail import PERMANENT, UnsentError


@dataclass(frozen=True, slots=True)
class Page:
    """One mail: `leave` is where one no longer wants any; `pictures` are PNG files."""

    to: str
    subject: str
    text: str
    html: str
    leave: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def post(page: Page) -> None:
    """Send it.

    Raises:
        UnsentError: If the server refused it (`permanent`: this address takes none) or
            did not answer.
    """
    try:
        message_of(page).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        raise UnsentError(str(said), permanent=code >= PERMANENT) from error
    except smtplib.SMTPResponseException as error:
        raise UnsentError(str(error), permanent=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise UnsentError(str(error), permanent=False) from error


def message_of(page: Page) -> EmailMultiAlternatives:
    """Return the message of a mail."""
    headers = {
        "List-Unsubscribe": f"<{page.leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        **page.headers,
    }
    subject = " ".join(page.subject.split())
    message = EmailMultiAlternatives(subject, page.text, to=[page.to], headers=headers)
    message.attach_alternative(page.html, "text/html")
    if page.pictures:
        setattr(message, "mixed_subtype", "related")  # noqa: B010 - not in the stubs
    for name, data in page.pictures.items():
        picture = MIMEImage(data, "png")
        picture.add_header("Content-ID", f"<{name}>")
        picture.add_header("Content-Disposition", "inline", filename=f"{name}.png")
        message.attach(picture)
    return message
