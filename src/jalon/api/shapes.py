"""The shapes of what the API takes and gives, as its OpenAPI document says them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

YEARS = range(1970, 2200)


def iso_day(told: object) -> object:
    """Return a day written as 2026-04-01, of this century or so; nothing else is one.

    Raises:
        PydanticCustomError: If it is none.
    """
    if told is None or isinstance(told, datetime.date):
        return told
    written = str(told)
    try:
        day = datetime.date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or day.isoformat() != written or day.year not in YEARS:
        raise PydanticCustomError("date_parsing", "no date")
    return day


Day = Annotated[datetime.date, BeforeValidator(iso_day)]
Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Id = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f/]+$")]
Given = Annotated[
    Decimal,
    Field(ge=-1_000_000_000_000, le=1_000_000_000_000, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": -1e12, "maximum": 1e12}),
]


class Strict(Schema):
    """A body: what is not known is refused, so that no word is lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    """One thing wrong with what was sent."""

    field: str
    detail: str
    model_config = ConfigDict(extra="allow")


class ProblemShape(Schema):
    """A refusal (RFC 9457): `detail` is one line for a person, `code` for a program."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[Fault] | None = None
    current_etag: str | None = None
    model_config = ConfigDict(extra="allow")


class Me(Schema):
    """Whom the token acts as."""

    email: str
    name: str
    role: str
    person_id: str | None
    scopes: list[str]
    expires_at: datetime.datetime
    today: datetime.date
    company: str


class Landing(Schema):
    """Where a figure will probably end."""

    p10: Number | None
    p50: Number | None
    p90: Number | None
    reason: str | None


class Action(Schema):
    """A line of the plan; `rank` names it."""

    rank: int
    action: str
    owner: str
    due: datetime.date | None
    done: bool
    lever: str
    effect: str
    done_on: datetime.date | None
    done_by: str
    result: str


class Revision(Schema):
    """A re-target: both targets, from when, why, by whom."""

    former: Number | None
    new: Number
    effective_on: datetime.date
    reason: str
    text: str
    by: str
    at: datetime.datetime | None


class Objective(Schema):
    """One objective and where it stands: as `jalon objectives status --json`."""

    id: str
    statement: str
    kpi: str
    unit: str
    currency: str | None
    owner: str
    owner_name: str
    where: list[str]
    first: datetime.date
    after: datetime.date
    direction: str
    baseline: Number | None
    target: Number | None
    original_target: Number | None
    joined_target: Number | None
    actual: Number | None
    numerator: Number | None
    denominator: Number | None
    expected_to_date: Number | None
    attainment: Number | None
    original_attainment: Number | None
    gap: Number | None
    status: str
    state: str
    landing: Landing
    probability: Number | None
    trust: dict[str, Any]
    since: datetime.date
    reason: str | None
    horizon: str
    nature: str
    margin: Number | None
    weight: Number
    parent: str | None
    revisions: list[Revision]
    on: datetime.date
    snapshot: str
    frozen: bool
    actions: list[Action]


class NewObjective(Strict):
    """An objective to create: the columns of the objectives file."""

    id: Id
    kpi: Short
    owner: Annotated[Short, Field(examples=["person:12", "team:3", "company"])]
    first: Day
    after: Annotated[Day, Field(description="The first day after.")]
    statement: Text = ""
    lang: Literal["fr", "en"] = "fr"
    target: Given | None = None
    change: Annotated[Short, Field(examples=["+15 %"])] = ""
    baseline: Annotated[
        Given | Literal["N-1", "previous"] | None, Field(examples=["N-1"])
    ] = None
    direction: Literal["", "up", "down", "maintain"] = ""
    minimum: Given | None = None
    excellent: Given | None = None
    where: Annotated[list[Short], Field(max_length=20, default_factory=list)]
    parent: Short = ""
    weight: Annotated[Given, Field(ge=0)] = Decimal(1)
    state: Literal["draft", "proposed", "active"] = "draft"


class NewTarget(Strict):
    """A new target for an objective: from when, why, and what is said to people."""

    new: Given
    effective_on: Day
    reason: Literal[
        "market",
        "territory",
        "organisation",
        "absence",
        "product",
        "strategy",
        "correction",
        "other",
    ]
    text: Annotated[Text, Field(min_length=1)]
    carry: bool = False
    credit: bool = True
    priorities: Text = ""
    message: Text = ""


class NewAction(Strict):
    """An action to add to the plan."""

    action: Annotated[Text, Field(min_length=1)]
    owner: Short = ""
    due: Day | None = None
    lever: Short = ""
    effect: Short = ""


class ActionChange(Strict):
    """Say that an action is done, with what it gave; or that it is not, after all."""

    done: bool
    result: Text = ""


class Rows(Schema):
    """The rows counted in a figure: the formula, the components, the rows of each."""

    objective: str
    formula_words: Any
    value: Number | None
    reason: str | None
    components: list[dict[str, Any]]
    snapshot: str


class LandingOf(Schema):
    """Where an objective will land, and how probable its target is."""

    objective: str
    kpi: str
    unit: str
    currency: str | None
    actual: Number | None
    target: Number | None
    landing: Landing
    probability: Number | None
    on: datetime.date
    snapshot: str


class GapOf(Schema):
    """A gap in drivers that add up to it: as `jalon gap --json`."""

    objective: str
    kpi: str
    unit: str
    currency: str | None = None
    first: datetime.date
    after: datetime.date
    against: str
    compared_with: dict[str, datetime.date]
    actual: Number
    reference: Number
    gap: Number
    convention: str
    drivers: list[dict[str, Any]]
    residual: Any
    slices: list[dict[str, Any]]
    suspects: list[dict[str, Any]]
    levers: list[dict[str, Any]]
    snapshot: str


class Kpi(Schema):
    """One KPI of the catalogue."""

    key: str
    label: str
    question: str
    unit: str
    better: str
    kind: str
    formula: str
    own: bool


class Value(Schema):
    """The answer of `jalon kpi value --json`; `hidden` groups are not yours to see."""

    kpi: str
    unit: str
    first: Annotated[datetime.date, Field(alias="from")]
    after: Annotated[datetime.date, Field(alias="to")]
    snapshot: str
    basis: str | None
    rows: list[dict[str, Any]]
    hidden: int
    model_config = ConfigDict(populate_by_name=True)


class Forecast(Schema):
    """Where a KPI will land by owner: as `jalon forecast --json`."""

    kpi: str
    unit: str
    first: datetime.date
    after: datetime.date
    on: datetime.date
    hidden: int
    rows: list[dict[str, Any]]


class Team(Schema):
    """A team and who is in it today."""

    id: str
    name: str
    parent: str | None
    purpose: str | None
    people: list[str]


class Person(Schema):
    """A person of the facts; the e-mail of those the caller answers for."""

    id: str
    name: str
    team: str | None
    manager: str | None
    email: str | None
    started_on: datetime.date | None
    left_on: datetime.date | None


class Point(Schema):
    """A check-in the caller may read."""

    id: int
    person_id: str
    person: str | None
    week: datetime.date
    rhythm: str
    confidence: int | None
    blocks: str
    field: str
    kind: str
    about: str | None
    private: str | None
    handed_at: datetime.datetime | None
    read_at: datetime.datetime | None
    answer: str | None


class Alert(Schema):
    """A change of state, said once."""

    id: int
    fired_on: datetime.date
    owner: str
    objective: str | None
    state: str
    former: str
    change: Literal["worsening", "recovering"]
    since: datetime.date
    probability: Number | None
    said: str
    waiting: bool


class Import(Schema):
    """Files given: where they stand, and what came of them."""

    id: str
    state: str
    step: str | None
    share: Number | None
    files: list[str]
    refusal: str | None
    report: dict[str, Any] | None


class Run(Schema):
    """One reading of a source."""

    id: int
    why: str
    by: str
    state: str
    at: datetime.datetime
    seconds: Number | None
    attempts: int
    counts: dict[str, int]
    generation: str | None
    fault: str | None


class Source(Schema):
    """A source connected; none of its keys."""

    name: str
    kind: str
    title: str
    every: int
    read_at: datetime.datetime | None
    checked_at: datetime.datetime | None
    runs: list[Run]


class Asked(Schema):
    """A reading asked for: the worker does it soon."""

    run: int
