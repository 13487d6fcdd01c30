"""What the worker does beside the sources: alerts to tell, track records to keep.

Each is looked at no more often than its pause; records are computed one a look, so
that a source never waits long.
"""

from __future__ import annotations

import datetime
import logging

from jalon.workspace.address import read_at
from jalon.workspace.folder import Workspace

LOG = logging.getLogger(__name__)
EACH = {
    "alerts": datetime.timedelta(minutes=1),
    "hooks": datetime.timedelta(seconds=20),
    "late": datetime.timedelta(minutes=5),
    "recognition": datetime.timedelta(minutes=15),
    "record": datetime.timedelta(0),
}
RESTED = datetime.timedelta(hours=1)  # when no record is lacking
_next: dict[str, datetime.datetime] = {}


def beside(workspace: Workspace, *, at: datetime.datetime, on: datetime.date) -> None:
    """Tell alerts, webhooks, sources that are late; keep a track record."""
    each = (
        ("alerts", _tell),
        ("hooks", _hooks),
        ("late", _late),
        ("recognition", _recognise),
        ("record", _keep),
    )
    for name, work in each:
        if at < _next.get(name, at):
            continue
        _next[name] = at + EACH[name]
        try:
            work(workspace, at, on)
        except Exception:  # the sources must not wait for this
            LOG.exception("the worker could not do this beside the sources: %s", name)
            _next[name] = at + RESTED


def _tell(workspace: Workspace, at: datetime.datetime, _on: datetime.date) -> None:
    from jalon.usecases.tell_alerts import tell_alerts  # noqa: PLC0415 - needs Django

    tell_alerts(workspace, at=at, link=f"{read_at()}/alerts/")


def _late(_workspace: Workspace, at: datetime.datetime, _on: datetime.date) -> None:
    from jalon.usecases.tell_late import tell_late  # noqa: PLC0415 - needs Django

    tell_late(at=at, link=f"{read_at()}/data/sources/")


def _hooks(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.tell_hooks import tell_hooks  # noqa: PLC0415 - needs Django

    tell_hooks(workspace, at=at, on=on)


def _recognise(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.cheer import cheer  # noqa: PLC0415 - needs Django
    from jalon.usecases.recognise import propose  # noqa: PLC0415

    propose(workspace, on=on, at=at)
    cheer(workspace, on=on, at=at)


def _keep(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.keep_track_record import (  # noqa: PLC0415 - needs Django
        keep_track_record,
    )

    if not keep_track_record(workspace, on=on, most=1):
        _next["record"] = at + RESTED
