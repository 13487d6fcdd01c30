"""Tell those who connect sources that one is late: once, until it is read again.

A source is late when it missed two of its moments. Who may connect sources is told by
mail; the board, the Data page and `trust` say it to everybody else meanwhile.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jalon.domain.people.permission import Act, Viewer, may_somewhere
from jalon.domain.people.roles import Role
from jalon.notifications import mail
from jalon.queries.sources import Late, SourceView, fault_message, late, source
from jalon.records import notice_rows
from jalon.records.notice_rows import LATE, Account, Leaving
from jalon.records.sources import ConnectedSource
from jalon.usecases.acting import SYSTEM, Actor, note
from jalon.usecases.leaving import leaving

_SUBJECT = "{name} is late: figures may lag behind"
_TEXT = (
    "The source {name} was last read on {read}. It missed its last refreshes.\n"
    "{why}\nIts runs and its settings: {link}"
)
_NO_FAULT = "No run failed: is the worker running (jalon serve, or jalon worker)?"


def tell_late(*, at: datetime.datetime, link: str) -> tuple[str, ...]:
    """Tell of the sources late since the last look; return their names.

    `link` is the address of the sources' pages, ending with a slash.
    """
    found = {one.name: one for one in late(at=at)}
    told = ConnectedSource.objects.exclude(told_late_at=None)
    told.exclude(name__in=found).update(told_late_at=None)
    fresh = [one for one in found.values() if _claimed(one.name, actor=SYSTEM, at=at)]
    people = _whom() if fresh else ()
    for one in fresh:
        for account in people:
            _mail(one, account, link=link, at=at)
    return tuple(one.name for one in fresh)


def _claimed(name: str, *, actor: Actor, at: datetime.datetime) -> bool:
    """Mark a source told, in one statement; False where another worker was first."""
    waiting = ConnectedSource.objects.filter(name=name, told_late_at=None)
    with transaction.atomic():
        if not waiting.update(told_late_at=at):
            return False
        note(actor, "tell_late", "source", name, at=at)
    return True


def _whom() -> Sequence[Account]:
    return [
        one
        for one in notice_rows.accounts()
        if may_somewhere(Viewer(Role(one.role), grants=_granted(one)), Act.CONNECT)
    ]


def _granted(one: Account) -> frozenset[Act]:
    known = {act.value for act in Act}
    return frozenset(Act(name) for name in one.grants if name in known)


def _mail(one: Late, account: Account, *, link: str, at: datetime.datetime) -> None:
    view = source(one.name)
    with override(account.language):
        text = _(_TEXT).format(
            name=one.name,
            read=f"{one.read_at:%Y-%m-%d %H:%M} UTC" if one.read_at else "–",
            why=_why(view),
            link=f"{link}{one.name}/",
        )
        subject = _(_SUBJECT).format(name=one.name)
        message = Leaving(user=account.id, kind=LATE, about=one.name)
        try:
            with leaving(message, at=at):
                mail.send(account.email, subject=subject, text=text)
        except mail.UnsentError:
            return  # the log and the pages say it; the next spell is told anew


def _why(view: SourceView | None) -> str:
    fault = view.last.fault if view and view.last else None
    if fault is None:
        return _(_NO_FAULT)
    sentence, parameters = fault_message(fault)
    return _(sentence).format(**parameters)
