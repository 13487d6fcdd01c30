"""What every source honours: its settings, its check, its refresh, its sweep.

A source is a folder of `connectors/` whose `source.py` holds `SOURCE: Source`. It is
given an `Account` and the state its last run reached; it yields pieces. It reads no
clock (`at` is given), keeps nothing, writes nothing at the vendor's, knows neither
Django nor the warehouse. Whoever runs it (`usecases/refresh.py`) keeps the state only
once everything is published, so that a run that fails is as if it never was.

The nine points, and where they are:

1. `check` says plainly what the key sees: version, rights, time zone, currency, a
   cursor probe with a future date that returns nothing, readable history, the limits.
2. The cursor is (modified, id), asked with `>=` and an overlap; rows are merged by key,
   so that reading one twice changes nothing. It is JSON, under the stream's name.
3. Deletions: `Gone` where the vendor lists them, and `living` for the nightly sweep,
   which is refused when more than `SWEEP_GUARD` of a table would vanish.
4. History: a stream mapped into `stage_changes` with origin "observed". What the vendor
   does not tell is inferred between two refreshes. Nothing of it is ever rewritten.
5. `Rows` are payloads as the vendor gave them; they are kept as they came before `flat`
   and `mapping` translate them. Custom fields are chosen by label (`Checked.fields`).
6. Limits: `LimitReachedError` tells a burst (retried by the source itself, with jitter)
   from a day's quota (`daily`); `RepeatedCursorError` ends an endless paging.
7. Stages are mapped by a person (`Choices.stages`); won and lost come from the vendor's
   flag (`Stage.won`, `Stage.lost`), never from a label.
8. An amount has its currency; deals, quotes, orders and invoices are streams apart.
9. Read-only; a secret never is in an error, a `repr` or a payload that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from jalon.connectors.files.mapping import FileMapping
from jalon.domain.refusals import Refusal

Payload = Mapping[str, Any]  # JSON, as the vendor gave it
Flat = Mapping[str, str | int | float | bool | None]  # one row of cells
State = Mapping[str, Any]  # JSON; what the next run starts from, by stream

SWEEP_GUARD = 0.2  # a sweep that would remove more than this share is refused
STAGE_ROLES = ("lead", "mql", "sql", "opportunity", "won", "lost")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing set-up asks: an address, a key, a choice.

    `label` and `help` are English sentences, translated by the pages.
    """

    name: str
    label: str
    help: str = ""
    example: str = ""
    secret: bool = False
    required: bool = True
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose at set-up.

    `stages` is the vendor's stage key to one of `STAGE_ROLES`; `fields` is
    "table.column" of the canonical tables (or "table.any name", kept in attributes) to
    the name of the vendor's field.
    """

    stages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """Which account to read: the settings given (secrets too), the choices made.

    `name` is what people call the source; `timezone` and `currency` are the company's.
    """

    name: str
    settings: Mapping[str, str] = field(repr=False)
    choices: Choices = field(default_factory=Choices)
    timezone: str = "UTC"
    currency: str = "EUR"

    def setting(self, name: str) -> str:
        """Return a setting, empty where it was not given."""
        return self.settings.get(name, "").strip()


class Level(StrEnum):
    """How a check ended: all is well, something to know, it cannot be used so."""

    FINE = "fine"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One plain answer: an English sentence with placeholders, and what fills them.

    "This key sees {seen} of {all} deals: use an administrator's."
    """

    level: Level
    sentence: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the vendor: its key, its label, what its flags say.

    `suggested` is one of `STAGE_ROLES` or empty: what the set-up page proposes.
    """

    key: str
    label: str
    pipeline: str = ""
    won: bool = False
    lost: bool = False
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class VendorField:
    """A field that can be mapped by its label; `table` is the canonical table."""

    name: str
    label: str
    table: str = "deals"
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found; `counts` is what the key sees, by canonical table."""

    findings: tuple[Finding, ...]
    version: str = ""
    timezone: str = ""
    currency: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    fields: tuple[VendorField, ...] = ()

    @property
    def usable(self) -> bool:
        """Return whether nothing found forbids to use the account."""
        return all(one.level is not Level.REFUSED for one in self.findings)


@dataclass(frozen=True, slots=True)
class Rows:
    """Payloads of one stream ("deals", "stage_history"…), as the vendor gave them."""

    stream: str
    payloads: Sequence[Payload]


@dataclass(frozen=True, slots=True)
class File:
    """A file that holds a stream's rows already flat (Parquet, CSV…), under a name.

    `mapped` is False where its columns are to be recognised, as of a file imported.
    """

    stream: str
    path: Path
    name: str = ""
    mapped: bool = True


@dataclass(frozen=True, slots=True)
class Gone:
    """Rows the vendor says are deleted or merged away, by key of a canonical table."""

    table: str
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reached:
    """The whole state reached; the last one of a run is kept once it is published."""

    state: State


@dataclass(frozen=True, slots=True)
class Said:
    """Something to keep in the run's log: a limit met, a stream not readable."""

    finding: Finding


Piece = Rows | File | Gone | Reached | Said


@dataclass(frozen=True, slots=True)
class Living:
    """Ids that exist now: the sweep removes what the warehouse holds besides.

    Every id of a table must be yielded, in as many pieces as one likes.
    """

    table: str
    ids: Sequence[str]


class Source(Protocol):
    """One kind of source: what `SOURCE` of `connectors/<kind>/source.py` must be."""

    kind: str  # the folder's name
    title: str  # what people call it: "HubSpot"
    settings: tuple[Setting, ...]

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the key sees, in plain answers; `at` is aware.

        Raises:
            SourceError: If nothing answers at all.
        """
        ...

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield what changed since `state` (all of it where it is empty).

        `room` is an empty folder for files; it is thrown away afterwards.

        Raises:
            SourceError: If the run cannot go on; nothing of it is kept then.
        """
        ...

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids that exist now; nothing where the source cannot tell."""
        ...

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload, None to leave it out; pure.

        Every payload of a stream gives the same columns.
        """
        ...

    def mapping(self, account: Account) -> FileMapping:
        """Return how the flat streams become canonical tables; pure.

        The file of a `[[table]]` is the stream's name with ".parquet":
        TableMapping(into="deals", file="deals.parquet", columns={…}).
        """
        ...

    def links(self, account: Account) -> Mapping[str, str]:
        """Return the address of a record by canonical table, "{id}" for its key."""
        ...


class SourceError(Refusal):
    """The vendor could not be read: what happened, what to do.

    `permanent` is True where trying again cannot help; `retry_after` is in seconds.
    """

    permanent = False

    def __init__(
        self,
        sentence: str,
        /,
        *,
        retry_after: float | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(sentence, **parameters)
        self.retry_after = retry_after


class UnreachableError(SourceError):
    """No answer, or a fault of the vendor's server, after the source's own retries."""


class UnreadableAnswerError(SourceError):
    """An answer that is not what the vendor documents: cut short, not JSON."""


class KeyRefusedError(SourceError):
    """The key is wrong, expired or withdrawn."""

    permanent = True


class RightsCutError(SourceError):
    """The key sees less than it must: going on would look like deletions."""

    permanent = True


class LimitReachedError(SourceError):
    """The vendor asks to wait; `daily` where insisting before tomorrow does harm."""

    def __init__(
        self,
        sentence: str,
        /,
        *,
        daily: bool = False,
        retry_after: float | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(sentence, retry_after=retry_after, **parameters)
        self.daily = daily


class RepeatedCursorError(SourceError):
    """A page gave the cursor of a former one: the paging would never end."""
