"""Runs of the sources: asked for, scheduled, claimed by one worker, retried, reaped.

A run is a row first. A moment of the schedule makes one row at most, since (source,
moment) is unique: any number of schedulers may look. Whoever turns WAITING into RUNNING
in one statement has the run, and holds the lock of the source's folder while it lives:
the system frees it with the process, so that a RUNNING run without a held lock is one
that was killed. Moments are UTC: no hour of the schedule comes twice or never.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from jalon.connectors.contract import LimitReachedError, SourceError
from jalon.connectors.files.reading import Progress
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records.sources import ConnectedSource, RunState, SourceRun, Why
from jalon.usecases.acting import SYSTEM, Actor, authorise, note
from jalon.usecases.evaluate import evaluate
from jalon.usecases.refresh import Asked, Outcome, place_of, read_source
from jalon.usecases.sources import UnknownSourceError, named
from jalon.warehouse.generations import WriterBusyError
from jalon.workspace import worker
from jalon.workspace.folder import Workspace

Clock = Callable[[], datetime.datetime]
LOG = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=1)
SWEEP_EVERY = datetime.timedelta(hours=20)
NIGHT = (0, 6)  # hours UTC between which the sweep is made
KEPT_RUNS = 500
_INTERRUPTED = "The run was interrupted: its process ended before it did."
_BROKEN = "Something nobody foresaw happened; the log of the worker says more."
_BEING_READ = "{name} is being read already. Wait for its end, then try again."


class AlreadyReadingError(Refusal):
    """Somebody reads this source now."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended; `fault` is None where it went well."""

    run_id: int
    source: str
    state: str
    counts: Mapping[str, int]
    generation: str
    fault: Mapping[str, object] | None
    said: tuple[Mapping[str, object], ...]


def refresh(  # noqa: PLR0913 - what, who, when, how
    workspace: Workspace,
    name: str,
    *,
    actor: Actor,
    clock: Clock,
    on: datetime.date,
    sweep: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Done:
    """Read a source now, in this process; evaluate what it changes.

    `clock` is the door's: how long a run took is for its log.

    Raises:
        ForbiddenError: If the actor may not import data.
        AlreadyReadingError: If somebody reads it already.
    """
    authorise(actor, Act.IMPORT_DATA)
    record, at = named(name), clock()
    with _held(workspace, name) as held:
        if not held:
            raise AlreadyReadingError(_BEING_READ, name=name)
        _close_dead(record, at=at)
        run = SourceRun.objects.create(
            source=record,
            by=actor.name,
            state=RunState.RUNNING,
            due_at=at,
            not_before=at,
            started_at=at,
            attempts=MOST_ATTEMPTS,  # the person there tries again, not the worker
            sweep=sweep,
        )
        asked = Asked(at, clock, sweep, force, progress or (lambda *_: None))
        return _worked(workspace, run, asked, on=on, actor=actor)


def ask(
    name: str,
    *,
    actor: Actor,
    at: datetime.datetime,
    why: Why = Why.HAND,
    sweep: bool = False,
) -> int:
    """Have the worker read a source soon; return the run, the one that waits if any.

    Raises:
        ForbiddenError: If the actor may not import data.
    """
    authorise(actor, Act.IMPORT_DATA)
    record = named(name)
    with contextlib.suppress(IntegrityError), transaction.atomic():
        run = SourceRun.objects.create(
            source=record, why=why, by=actor.name, due_at=at, not_before=at, sweep=sweep
        )
        note(actor, "ask_refresh", "source", name, at=at)
        return int(run.pk)
    waiting = SourceRun.objects.filter(source=record, state=RunState.WAITING).first()
    return int(waiting.pk) if waiting else 0


def knock(name: str, word: str, *, at: datetime.datetime) -> int:
    """Ask for a refresh by a source's secret address; return the run.

    Raises:
        UnknownSourceError: If there is no such address, whichever part is wrong.
    """
    record = ConnectedSource.objects.filter(name=name).first()
    if record is None or not record.hook:
        raise UnknownSourceError("There is nothing at this address.")
    if not constant_time_compare(record.hook, word):
        raise UnknownSourceError("There is nothing at this address.")
    return ask(name, actor=Actor(SYSTEM.viewer, "webhook"), at=at, why=Why.WEBHOOK)


def make_due(*, at: datetime.datetime) -> int:
    """Make the runs whose moment has come; return how many were made here."""
    made = 0
    for record in ConnectedSource.objects.exclude(every=0).order_by("name"):
        due = due_moment(record.every, at=at)
        if record.read_at is not None and record.read_at >= due:
            continue
        with contextlib.suppress(IntegrityError), transaction.atomic():
            SourceRun.objects.create(
                source=record,
                why=Why.SCHEDULE,
                by=SYSTEM.name,
                due_at=due,
                not_before=due,
                sweep=_sweeps(record, at=at),
            )
            made += 1
    return made


def due_moment(every: int, *, at: datetime.datetime) -> datetime.datetime:
    """Return the last moment of a pace of so many minutes, counted from 1970 in UTC."""
    step = every * 60
    return datetime.datetime.fromtimestamp(
        int(at.timestamp()) // step * step, tz=datetime.UTC
    )


def reap(workspace: Workspace, *, at: datetime.datetime) -> int:
    """Put back the runs whose process died, or close them; return how many."""
    running = SourceRun.objects.filter(state=RunState.RUNNING).select_related("source")
    found = 0
    for run in running.order_by("pk"):
        with _held(workspace, run.source.name) as held:
            if held:
                found += _revived(run, at=at)
    return found


def work_next(workspace: Workspace, *, clock: Clock, on: datetime.date) -> Done | None:
    """Do the next run that waits, if there is one that nobody else does."""
    at = clock()
    waiting = SourceRun.objects.filter(state=RunState.WAITING, not_before__lte=at)
    for run in waiting.select_related("source").order_by("not_before", "pk"):
        with _held(workspace, run.source.name) as held:
            if not held or not _claimed(run, at=at):
                continue
            run.refresh_from_db()
            asked = Asked(at, clock, run.sweep)
            return _worked(workspace, run, asked, on=on, actor=_whose(run))
    return None


def _whose(run: SourceRun) -> Actor:
    return Actor(SYSTEM.viewer, run.by)


def _claimed(run: SourceRun, *, at: datetime.datetime) -> bool:
    """Turn a run that waits into one that runs; False where another was first."""
    waiting = SourceRun.objects.filter(pk=run.pk, state=RunState.WAITING)
    return bool(
        waiting.update(state=RunState.RUNNING, started_at=at, attempts=run.attempts + 1)
    )


@contextlib.contextmanager
def _held(workspace: Workspace, name: str) -> Iterator[bool]:
    """Hold the lock of a source as long as this lasts; False where it is held."""
    descriptor = worker.hold(place_of(workspace, name))
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _worked(
    workspace: Workspace,
    run: SourceRun,
    asked: Asked,
    *,
    on: datetime.date,
    actor: Actor,
) -> Done:
    """Do a claimed run to its end, whatever happens, and evaluate what it changed."""
    record = ConnectedSource.objects.get(pk=run.source_id)
    try:
        outcome = read_source(workspace, record, asked)
    except ImportRefusedError as error:
        told = {"code": error.code, "parameters": dict(error.parameters)}
        return _failed(run, told, asked, actor=actor)
    except Refusal as error:
        return _refused(run, error, asked, actor=actor)
    except Exception:
        LOG.exception("the run %s of %s broke", run.pk, record.name)
        told = {"sentence": _BROKEN, "parameters": {}}
        return _failed(run, told, asked, actor=actor)
    done = _kept(run, record, outcome, asked, actor=actor)
    if outcome.generation:
        evaluate(workspace, on=on)
    return done


def _kept(
    run: SourceRun,
    record: ConnectedSource,
    outcome: Outcome,
    asked: Asked,
    *,
    actor: Actor,
) -> Done:
    """Keep the state reached and what the run brought, once it is published."""
    changes = {"state": dict(outcome.state), "read_at": asked.at}
    if asked.sweep:
        changes["swept_at"] = asked.at
    run.state, run.ended_at = RunState.DONE, asked.clock()
    run.counts, run.generation = dict(outcome.counts), outcome.generation
    run.fault = None
    run.said = [
        {
            "level": one.level.value,
            "sentence": one.sentence,
            "parameters": {name: str(value) for name, value in one.parameters.items()},
        }
        for one in outcome.said
    ]
    with transaction.atomic():
        ConnectedSource.objects.filter(pk=record.pk).update(**changes)
        run.save()
        if outcome.generation:
            note(
                actor,
                "refresh",
                "source",
                record.name,
                at=asked.at,
                after=outcome.generation,
                counts=dict(outcome.counts),
            )
    _forget_old(record)
    return _done(run)


def _refused(run: SourceRun, error: Refusal, asked: Asked, *, actor: Actor) -> Done:
    """Close a run that cannot go on, or put it back where waiting may help."""
    at = asked.at
    told = {"sentence": error.sentence, "parameters": _plain(error)}
    again = isinstance(error, WriterBusyError) or (
        isinstance(error, SourceError) and not error.permanent
    )
    if again and run.attempts < MOST_ATTEMPTS:
        run.not_before = at + _wait(run, error, at=at)
        run.state, run.fault, run.ended_at = RunState.WAITING, told, asked.clock()
        with contextlib.suppress(IntegrityError), transaction.atomic():
            run.save()
            return _done(run)
    return _failed(run, told, asked, actor=actor)


def _wait(
    run: SourceRun, error: Refusal, *, at: datetime.datetime
) -> datetime.timedelta:
    """Return how long to wait: what the vendor says, else twice as long each time."""
    if isinstance(error, LimitReachedError) and error.daily:
        tomorrow = at.astimezone(datetime.UTC).date() + datetime.timedelta(days=1)
        midnight = datetime.datetime.combine(
            tomorrow, datetime.time(0, 5), tzinfo=datetime.UTC
        )
        return midnight - at
    doubled = min(FIRST_WAIT * (1 << max(run.attempts - 1, 0)), LONGEST_WAIT)
    jitter = doubled * random.random() * 0.25  # noqa: S311 - so that not all come back at once
    said = error.retry_after if isinstance(error, SourceError) else None
    return max(doubled, datetime.timedelta(seconds=said or 0.0)) + jitter


def _failed(
    run: SourceRun, told: Mapping[str, object], asked: Asked, *, actor: Actor
) -> Done:
    run.state, run.fault = RunState.FAILED, dict(told)
    run.ended_at = asked.clock()
    with transaction.atomic():
        run.save()
        note(actor, "fail_refresh", "source", run.source_id, at=asked.at, after=told)
    return _done(run)


def _revived(run: SourceRun, *, at: datetime.datetime) -> int:
    """Put back a run whose process died, unless it died too often; return 1 if so."""
    run.refresh_from_db()
    if run.state != RunState.RUNNING:
        return 0
    run.fault = {"sentence": _INTERRUPTED, "parameters": {}}
    if run.attempts < MOST_ATTEMPTS:
        run.state, run.not_before = RunState.WAITING, at
        with contextlib.suppress(IntegrityError), transaction.atomic():
            run.save()
            return 1
    run.state, run.ended_at = RunState.FAILED, at
    run.save()
    return 1


def _close_dead(record: ConnectedSource, *, at: datetime.datetime) -> None:
    """Close what a killed process left running; the lock is held here."""
    told = {"sentence": _INTERRUPTED, "parameters": {}}
    SourceRun.objects.filter(source=record, state=RunState.RUNNING).update(
        state=RunState.FAILED, ended_at=at, fault=told
    )


def _sweeps(record: ConnectedSource, *, at: datetime.datetime) -> bool:
    """Return whether the run of this moment also looks for what is deleted."""
    if record.swept_at is None:
        return record.read_at is not None
    aged = at - record.swept_at
    at_night = NIGHT[0] <= at.astimezone(datetime.UTC).hour < NIGHT[1]
    return aged >= SWEEP_EVERY and (at_night or aged >= 2 * SWEEP_EVERY)


def _forget_old(record: ConnectedSource) -> None:
    """Keep the log of the last runs."""
    latest = SourceRun.objects.filter(source=record).order_by("-pk")
    edge = latest.values_list("pk", flat=True)[KEPT_RUNS : KEPT_RUNS + 1]
    for last in list(edge):
        SourceRun.objects.filter(source=record, pk__lte=last).exclude(
            state__in=(RunState.WAITING, RunState.RUNNING)
        ).delete()


def _done(run: SourceRun) -> Done:
    return Done(
        run_id=int(run.pk),
        source=run.source_id,
        state=run.state,
        counts=run.counts,
        generation=run.generation,
        fault=run.fault,
        said=tuple(run.said),
    )


def _plain(error: Refusal) -> dict[str, str]:
    return {name: str(value) for name, value in error.parameters.items()}
