"""What the page shows of a sentence: its parts, the controls, chips for what lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jalon.domain.smart.critique.review import Critique, cadence
from jalon.domain.smart.measuring import OTHER
from jalon.domain.smart.reading import Reading
from jalon.domain.smart.rewrite import names, said_deadline
from jalon.domain.smart.times import Deadline
from jalon.locale.sentences import kpi_name, reason, told
from jalon.web.new_objective.correcting import (
    DEADLINES,
    DIRECTIONS,
    KINDS,
    RHYTHMS,
    choices_of,
    deadline_of,
)

Choice = tuple[str, str, bool]  # value, label, chosen


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the sentence, and the field it gave ("" for none)."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A proposal: a control's name and value, or a whole sentence."""

    name: str
    value: str
    label: str


def pieces(reading: Reading) -> tuple[Piece, ...]:
    """Return the sentence cut where fields begin and end."""
    found: list[Piece] = []
    place = 0
    for span in reading.spans:
        if span.start < place or span.end <= span.start:
            continue
        if span.start > place:
            found.append(Piece(reading.text[place : span.start], ""))
        found.append(Piece(reading.text[span.start : span.end], span.field))
        place = span.end
    if place < len(reading.text):
        found.append(Piece(reading.text[place:], ""))
    return tuple(found)


def kpis(reading: Reading, lang: str) -> list[Choice]:
    """Return the KPIs to choose among, in the order of their names."""
    named = [
        (key, kpi_name(key, lang))
        for key in names()
        if key != "conversion_rate" or reading.kpi == key
    ]
    named.sort(key=lambda pair: pair[1].casefold())
    first = (OTHER, _("Not in the catalogue")) if reading.kpi == OTHER else ("", "…")
    blank = [(*first, True)] if reading.kpi in {None, OTHER} else []
    return [*blank, *((key, _capital(name), key == reading.kpi) for key, name in named)]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def directions(reading: Reading) -> list[Choice]:
    """Return the ways a goal may go."""
    labels = {
        "increase": _("Increase"),
        "decrease": _("Reduce"),
        "reach": _("Reach"),
        "maintain": _("Maintain"),
    }
    blank = [] if reading.direction else [("", "…", True)]
    chosen = reading.direction
    return [*blank, *((one, labels[one], one == chosen) for one in DIRECTIONS)]


def kinds(reading: Reading) -> list[Choice]:
    """Return how much may be told."""
    labels = {
        "relative_percent": _("by … %"),
        "points": _("by … points"),
        "absolute": _("to …"),
        "from_to": _("from … to …"),
        "delta": _("by an amount of …"),
    }
    kind = reading.amount.kind if reading.amount else "absolute"
    chosen = "absolute" if kind == "count" else kind
    return [(one, labels[one], one == chosen) for one in KINDS]


def deadlines(reading: Reading, lang: str) -> list[Choice]:
    """Return the ends to choose among, the one written included."""
    chosen = _deadline_name(reading.deadline)
    known = [
        (one, _capital(said_deadline(deadline_of(one), lang)), one == chosen)
        for one in DEADLINES
    ]
    written = reading.deadline is not None and chosen not in {*DEADLINES, "date"}
    as_is = (
        [("as_is", _capital(said_deadline(reading.deadline, lang)), True)]
        if written and reading.deadline is not None
        else []
    )
    none = [("none", _("none"), reading.deadline is None)]
    return [*none, *as_is, *known, ("date", _("On a date"), chosen == "date")]


def until(reading: Reading) -> str:
    """Return the date of a deadline told as one, for the date control."""
    when = reading.deadline
    full = 10  # letters of 2027-03-31
    dated = when is not None and when.kind == "date" and len(str(when.value)) == full
    return str(when.value) if when is not None and dated else ""


def _deadline_name(when: Deadline | None) -> str:
    if when is None:
        return ""
    if when.kind == "date":
        return "date"
    if when.kind.startswith("in_") and when.value is not None:
        return f"{when.kind}:{float(when.value):g}"
    return f"{when.kind}{when.value or ''}"


def rhythms(reading: Reading) -> list[Choice]:
    """Return the rhythms of a target."""
    labels = {
        "day": _("per day"),
        "week": _("per week"),
        "month": _("per month"),
        "quarter": _("per quarter"),
        "year": _("per year"),
    }
    chosen = reading.per.period
    known = [(one, labels[one], one == chosen) for one in RHYTHMS]
    return [("", _("once"), chosen is None), *known]


def bearers(reading: Reading) -> list[Choice]:
    """Return whom a target may be counted by."""
    who = reading.per.who
    return [
        ("", _("in all"), who is None),
        ("person", _("per person"), who == "person"),
        ("team", _("per team"), who == "team"),
    ]


def chips(found: Critique, lang: str) -> list[Chip]:
    """Return what is missing as proposals, one press each."""
    reading = found.reading
    every = [Chip("mean", key, kpi_name(key, lang)) for key in choices_of(reading)]
    if "no_deadline" in reading.vague:
        usual = {"d'ici la fin de l'année", "by the end of the year"}
        yearly = cadence(reading.kpi, lang) in usual
        ends = ["end_of_quarter", "end_of_year", "in_months:6"]
        ends = [ends[1], ends[0], ends[2]] if yearly else ends
        every += [
            Chip("deadline", one, said_deadline(deadline_of(one), lang)) for one in ends
        ]
    for fault in found.faults:
        if fault.code == "percent_on_rate":
            every.append(Chip("kind", "points", fault.choices[0]))
    return every


def letters(found: Critique, lang: str) -> list[Mapping[str, str]]:
    """Return the five letters in words."""
    return [
        {
            "letter": one.letter,
            "code": f"smart.letter.{one.letter}",
            "answer": one.answer.value,
            "answer_code": f"smart.answer.{one.answer.value}",
            "why": reason(one, lang=lang),
        }
        for one in found.verdicts
    ]


def faults(found: Critique, lang: str) -> list[Mapping[str, str]]:
    """Return each fault in words: what, why it matters, what to write."""
    return [
        {part: told(one, part, lang=lang) for part in ("message", "why", "suggestion")}
        for one in found.faults
    ]
