"""What people read of the sources: which there are, how fresh, their runs, checks."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalon.connectors.contract import STAGE_ROLES, Checked, Setting, Stage, VendorField
from jalon.connectors.shelf import kinds, source_of
from jalon.connectors.write_back import takes_targets
from jalon.domain.facts.tables import TABLES
from jalon.records.sources import ConnectedSource, RunState, SourceRun

SHOWN_RUNS = 30
__all__ = ["STAGE_ROLES", "Setting", "Stage", "VendorField"]


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of source that can be connected, and what it asks."""

    kind: str
    title: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """One plain answer: how it is, the sentence, what fills it."""

    level: str
    sentence: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunView:
    """One run: what asked for it, when, how long, what it brought or why it failed.

    `fault` is None where it went well; its `code` is that of an import refused.
    """

    run_id: int
    why: str
    by: str
    state: str
    at: datetime.datetime
    seconds: float | None
    attempts: int
    counts: Mapping[str, int]
    generation: str
    sweep: bool
    fault: Mapping[str, Any] | None
    said: tuple[FindingView, ...]
    next_at: datetime.datetime | None = None

    @property
    def at_work(self) -> bool:
        """Return whether it waits or runs."""
        return self.state in {RunState.WAITING, RunState.RUNNING}


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as the pages and the command line show it; never its secrets."""

    name: str
    kind: str
    title: str
    settings: Mapping[str, str]
    every: int
    read_at: datetime.datetime | None
    checked_at: datetime.datetime | None
    findings: tuple[FindingView, ...] = ()
    stages: tuple[Stage, ...] = ()
    fields: tuple[VendorField, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    chosen_stages: Mapping[str, str] = field(default_factory=dict)
    chosen_fields: Mapping[str, str] = field(default_factory=dict)
    hook: str = ""
    runs: tuple[RunView, ...] = ()
    version: str = ""
    writes_back: bool = False
    holds_targets: bool = False

    @property
    def last(self) -> RunView | None:
        """Return its latest run."""
        return self.runs[0] if self.runs else None

    @property
    def at_work(self) -> bool:
        """Return whether a run waits or goes on."""
        return any(one.at_work for one in self.runs)


def offered() -> tuple[KindView, ...]:
    """Return the kinds of sources that can be connected."""
    found = [(kind, source_of(kind)) for kind in kinds()]
    return tuple(KindView(kind, one.title, one.settings) for kind, one in found)


def offered_kind(kind: str) -> KindView | None:
    """Return one kind of source, None where there is none."""
    return next((one for one in offered() if one.kind == kind), None)


def sources() -> tuple[SourceView, ...]:
    """Return every source with its latest runs, in two queries."""
    records = list(ConnectedSource.objects.order_by("name"))
    runs: dict[str, list[SourceRun]] = {}
    latest = SourceRun.objects.order_by("-pk")[: SHOWN_RUNS * max(len(records), 1)]
    for run in latest:
        runs.setdefault(run.source_id, []).append(run)
    return tuple(_view(one, runs.get(one.name, [])[:5]) for one in records)


def source(name: str) -> SourceView | None:
    """Return one source with its last runs, None where there is none."""
    record = ConnectedSource.objects.filter(name=name).first()
    if record is None:
        return None
    runs = SourceRun.objects.filter(source=record).order_by("-pk")[:SHOWN_RUNS]
    return _view(record, list(runs))


def findings_of(checked: Checked) -> tuple[FindingView, ...]:
    """Return the answers of a check that was just made."""
    return tuple(
        FindingView(one.level.value, one.sentence, one.parameters)
        for one in checked.findings
    )


KIND = "source_kind."  # the code of what a key sees: "source_kind.deals"


def fault_message(fault: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the sentence that says why a run failed, and what fills it."""
    code = fault.get("code")
    said = f"import.refused.{code}" if code else str(fault["sentence"])
    return said, fault["parameters"]


def is_stale(view: SourceView, *, at: datetime.datetime) -> bool:
    """Return whether a scheduled source missed two of its moments."""
    return _missed(view.every, view.read_at or view.checked_at, at=at)


def _missed(
    every: int, since: datetime.datetime | None, *, at: datetime.datetime
) -> bool:
    pace = datetime.timedelta(minutes=every)
    return bool(every) and since is not None and at - since > 2 * pace


@dataclass(frozen=True, slots=True)
class Late:
    """A scheduled source that missed two of its moments; `read_at` may be None."""

    name: str
    read_at: datetime.datetime | None


def late(*, at: datetime.datetime) -> tuple[Late, ...]:
    """Return the sources whose facts are older than they should be, in one query."""
    scheduled = ConnectedSource.objects.exclude(every=0).order_by("name")
    return tuple(
        Late(one.name, one.read_at)
        for one in scheduled.only("name", "every", "read_at", "checked_at")
        if _missed(one.every, one.read_at or one.checked_at, at=at)
    )


def trusted(trust: Mapping[str, object], *, at: datetime.datetime) -> dict[str, object]:
    """Return the trust of a figure with the names of the sources that are late."""
    return {**trust, "late_sources": [one.name for one in late(at=at)]}


def links() -> dict[str, tuple[str, str]]:
    """Return (prefix of a row's source, address) for each "source/table" there is."""
    return {
        f"{one.name}/{table}": (f"{one.name}/", address)
        for one in ConnectedSource.objects.order_by("name")
        for table, address in (one.checked or {}).get("links", {}).items()
    }


def targets() -> tuple[str, ...]:
    """Return what a custom field may fill: "table.column" of the canonical tables."""
    return tuple(
        f"{table}.{column.name}"
        for table in ("deals", "accounts", "leads")
        for column in TABLES[table].columns
        if not column.key
    )


def _view(record: ConnectedSource, runs: Sequence[SourceRun]) -> SourceView:
    checked: dict[str, Any] = record.checked or {}
    return SourceView(
        name=record.name,
        kind=record.kind,
        title=source_of(record.kind).title if record.kind in kinds() else record.kind,
        settings=record.settings,
        every=record.every,
        read_at=record.read_at,
        checked_at=record.checked_at,
        findings=_findings(checked.get("findings", ())),
        stages=tuple(Stage(**one) for one in checked.get("stages", ())),
        fields=tuple(VendorField(**one) for one in checked.get("fields", ())),
        links=checked.get("links", {}),
        chosen_stages=record.stages,
        chosen_fields=record.fields,
        hook=record.hook,
        runs=tuple(_run(one) for one in runs),
        version=checked.get("version", ""),
        writes_back=record.writes_back,
        holds_targets=takes_targets(record.kind) is not None,
    )


def _run(run: SourceRun) -> RunView:
    took = None
    if run.started_at and run.ended_at:
        took = max((run.ended_at - run.started_at).total_seconds(), 0.0)
    return RunView(
        run_id=int(run.pk),
        why=run.why,
        by=run.by,
        state=run.state,
        at=run.started_at or run.due_at,
        seconds=took,
        attempts=run.attempts,
        counts=run.counts,
        generation=run.generation,
        sweep=run.sweep,
        fault=run.fault,
        said=_findings(run.said),
        next_at=run.not_before if run.state == RunState.WAITING else None,
    )


def _findings(found: Sequence[Mapping[str, Any]]) -> tuple[FindingView, ...]:
    return tuple(
        FindingView(one["level"], one["sentence"], one["parameters"]) for one in found
    )
