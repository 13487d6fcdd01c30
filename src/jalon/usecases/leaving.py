"""Write a message in the log before it leaves, and what came of it after."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from jalon.notifications.mail import UnsentError
from jalon.records import notice_rows
from jalon.records.notice_rows import Leaving


@contextmanager
def leaving(message: Leaving, *, at: datetime.datetime) -> Iterator[None]:
    """Log the message that is sent inside; one cut short stays as being sent.

    Raises:
        UnsentError: As what is inside does, once it is written down.
    """
    ids = notice_rows.begin([message], at=at)
    try:
        yield
    except UnsentError as error:
        notice_rows.stayed(ids, reason=str(error))
        raise
    notice_rows.left(ids)
