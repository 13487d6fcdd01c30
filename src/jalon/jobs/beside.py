"""What the worker does beside the sources: mails that are due, records to keep.

Each is looked at no more often than its pause; records are computed one a look, so
that a source never waits long. Mails that nobody waits for leave by day, at the
company's time; each use case keeps what it sent, so that nobody hears twice.
"""

from __future__ import annotations

import datetime
import logging
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from django.urls import reverse

from jalon.workspace.address import read_at
from jalon.workspace.folder import Workspace

LOG = logging.getLogger(__name__)
EACH = {
    "alerts": datetime.timedelta(minutes=1),
    "digests": datetime.timedelta(minutes=1),
    "figures": datetime.timedelta(minutes=1),
    "hooks": datetime.timedelta(seconds=20),
    "late": datetime.timedelta(minutes=5),
    "points": datetime.timedelta(minutes=15),
    "recognition": datetime.timedelta(minutes=15),
    "record": datetime.timedelta(0),
    "surveys": datetime.timedelta(minutes=15),
    "weekly": datetime.timedelta(minutes=15),
}
FIRST_HOUR, LAST_HOUR = 8, 18  # mails leave from 8:00 to 18:59
SATURDAY = 6
RESTED = datetime.timedelta(hours=1)  # when no record is lacking
_next: dict[str, datetime.datetime] = {}
_evaluated: dict[Path, tuple[datetime.date, str]] = {}


def beside(workspace: Workspace, *, at: datetime.datetime, on: datetime.date) -> None:
    """Do what is due: tell, ask, send, bring answers; keep a track record."""
    each = (
        ("figures", _evaluate),
        ("alerts", _tell),
        ("digests", _digests),
        ("hooks", _hooks),
        ("late", _late),
        ("points", _points),
        ("recognition", _recognise),
        ("surveys", _surveys),
        ("weekly", _weekly),
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


def by_day(at: datetime.datetime, zone: str) -> bool:
    """Return whether it is day where the company is: no mail leaves by night."""
    return FIRST_HOUR <= at.astimezone(ZoneInfo(zone)).hour <= LAST_HOUR


def at_work(at: datetime.datetime, zone: str) -> bool:
    """Return whether it is day, from Monday to Friday: when customers hear."""
    weekday = at.astimezone(ZoneInfo(zone)).isoweekday()
    return by_day(at, zone) and weekday < SATURDAY


def _evaluate(workspace: Workspace, _at: datetime.datetime, on: datetime.date) -> None:
    """Evaluate what nobody did: a new day, a refresh killed once it had published."""
    from jalon.queries.evaluations import current_snapshot  # noqa: PLC0415 - needs Django
    from jalon.usecases.evaluate import evaluate  # noqa: PLC0415

    here = on, current_snapshot(workspace)
    if here[1] and _evaluated.get(workspace.folder) != here:
        evaluate(workspace, on=on)
        _evaluated[workspace.folder] = here


def _tell(workspace: Workspace, at: datetime.datetime, _on: datetime.date) -> None:
    from jalon.usecases.tell_alerts import tell_alerts  # noqa: PLC0415 - needs Django

    tell_alerts(workspace, at=at, link=f"{read_at()}/alerts/")


def _late(_workspace: Workspace, at: datetime.datetime, _on: datetime.date) -> None:
    from jalon.usecases.tell_late import tell_late  # noqa: PLC0415 - needs Django

    tell_late(at=at, link=f"{read_at()}/data/sources/")


def _hooks(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.tell_hooks import tell_hooks  # noqa: PLC0415 - needs Django

    tell_hooks(workspace, at=at, on=on)


def _points(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.points_by_mail import (  # noqa: PLC0415 - needs Django
        linking,
        remind,
    )

    if by_day(at, workspace.settings.timezone):
        remind(workspace, link=linking(read_at()), on=on, at=at)


def _digests(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.queries.snapshots import NoDataError  # noqa: PLC0415 - needs Django
    from jalon.usecases.acting import SYSTEM  # noqa: PLC0415
    from jalon.usecases.send_digests import MOST, links, send_digests  # noqa: PLC0415

    if not at_work(at, workspace.settings.timezone):
        return
    with suppress(NoDataError):  # a week without figures has nothing to say
        where = links(read_at())
        send_digests(
            workspace, where, actor=SYSTEM, on=on, at=at, most=MOST, by_hours=True
        )


def _surveys(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.answer_survey import (  # noqa: PLC0415 - needs Django
        deliver,
        settle,
    )
    from jalon.usecases.send_surveys import linking, send_due  # noqa: PLC0415

    settle(at=at)
    deliver(workspace, on=on, at=at)
    if at_work(at, workspace.settings.timezone):
        send_due(workspace, link=linking(read_at()), on=on, at=at)


def _recognise(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.cheer import cheer  # noqa: PLC0415 - needs Django
    from jalon.usecases.recognise import propose  # noqa: PLC0415

    propose(workspace, on=on, at=at)
    cheer(workspace, on=on, at=at)


def _weekly(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.queries.snapshots import NoDataError  # noqa: PLC0415 - needs Django
    from jalon.usecases.acting import SYSTEM  # noqa: PLC0415
    from jalon.usecases.send_weekly import send_to_leads  # noqa: PLC0415

    def page(team: str) -> str:
        return f"{read_at()}{reverse('weekly')}?team={team}&step=1"

    if not at_work(at, workspace.settings.timezone):
        return
    with suppress(NoDataError):  # a week without figures has nothing to say
        send_to_leads(workspace, page, actor=SYSTEM, on=on, at=at)


def _keep(workspace: Workspace, at: datetime.datetime, on: datetime.date) -> None:
    from jalon.usecases.keep_track_record import (  # noqa: PLC0415 - needs Django
        keep_track_record,
    )

    if not keep_track_record(workspace, on=on, most=1):
        _next["record"] = at + RESTED
