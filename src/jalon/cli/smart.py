"""`jalon smart`: sentences read as objectives, what they lack, and how to say them.

Without data it is pure and quick. In a workspace with data, baselines and the history
of the KPI come from there. Exit 1 when some sentence is not SMART.
"""

from __future__ import annotations  # noqa: I001

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import click

from jalon.cli.door import Door, light_door, set_up
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.critique.evidence import NOTHING, Evidence
from jalon.domain.smart.critique.letters import Verdict
from jalon.domain.smart.critique.review import Critique, critique
from jalon.domain.smart.reading import Reading, read
from jalon.locale.sentences import look_up, reason, told

NOT_SMART = 1


@click.command("smart")
@click.argument("sentences", nargs=-1)
@click.option(
    "--owner",
    default="company",
    show_default=True,
    metavar="OWNER",
    help="Whose data tell the baseline: company, team:ID or person:ID.",
)
@click.option("--no-data", is_flag=True, help="Read the sentences alone, without data.")
@light_door
def command(door: Door, sentences: tuple[str, ...], owner: str, no_data: bool) -> int:  # noqa: FBT001
    """Say of each SENTENCE what it sets, what it lacks, and how to write it.

    Sentences come as arguments, else one a line on standard input.
    """
    evidence = _Evidence(door, owner, alone=no_data)
    smart = True
    for text in sentences or _lines(sys.stdin):
        reading = read(text)
        found = critique(reading, on=door.on, evidence=evidence.of(reading))
        smart = smart and reading.smart
        if door.json:
            door.emit(document(found))
        else:
            for line in _card(found):
                door.echo(line)
    return 0 if smart else NOT_SMART


def _lines(stream: Iterable[str]) -> Iterator[str]:
    return (line.strip() for line in stream if line.strip())


class _Evidence:
    """The data behind a reading, nothing where there are none; each asked once."""

    def __init__(self, door: Door, owner: str, *, alone: bool) -> None:
        self.door, self.owner = door, owner
        self.known = not alone and (door.workspace.warehouse / "CURRENT").exists()

    def of(self, reading: Reading) -> Evidence:
        if not self.known or reading.kpi is None:
            return NOTHING
        found: Evidence = self._source().of(reading)
        return found

    @cache  # noqa: B019 - one per command
    def _source(self) -> Any:  # noqa: ANN401 - imported only where data are
        set_up(self.door.lang)
        from jalon.queries.smart_evidence import Source  # noqa: PLC0415 - needs Django
        from jalon.usecases.prepare_database import (  # noqa: PLC0415
            prepare_database,
        )

        prepare_database(self.door.workspace)
        return Source(self.door.workspace, owner=self.owner, on=self.door.on)


def document(found: Critique) -> dict[str, Any]:
    """Return the answer of one sentence as JSON gives it."""
    reading = found.reading
    lang = reading.lang
    letters = {one.letter: one for one in found.verdicts}
    return {
        "text": reading.text,
        "lang": lang,
        "smart": {
            "specific": reading.specific,
            "measurable": reading.measurable,
            "time_bound": reading.time_bound,
            "achievable": _letter(letters["A"], lang, probability=True),
            "relevant": _letter(letters["R"], lang),
        },
        **_fields(reading),
        "issues": [
            {
                "code": fault.code,
                "message": told(fault, "message", lang=lang),
                "why": told(fault, "why", lang=lang),
                "suggestion": told(fault, "suggestion", lang=lang),
                "choices": list(fault.choices),
            }
            for fault in found.faults
        ],
        "rewrite": found.rewrites[0] if found.rewrites else None,
        "rewrites": list(found.rewrites),
    }


def _fields(reading: Reading) -> dict[str, Any]:
    return {
        "kpi": reading.kpi,
        "direction": reading.direction,
        "amount": _amount(reading.amount),
        "filters": [
            {"dimension": one.dimension, "value": one.value} for one in reading.filters
        ],
        "per": {"period": reading.per.period, "who": reading.per.who},
        "deadline": reading.deadline
        and {"kind": reading.deadline.kind, "value": _number(reading.deadline.value)},
        "vague_reason": list(reading.vague) or None,
        "compound": reading.compound,
        "also": [
            {
                "kpi": goal.kpi,
                "direction": goal.direction,
                "amount": _amount(goal.amount),
            }
            for goal in reading.also
        ],
        "domain": reading.domain,
    }


def _amount(found: Amount | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "kind": found.kind,
        "value": _number(found.value),
        "from": _number(found.base),
        "unit": found.unit,
    }


def _number(value: str | float | None) -> str | float | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _letter(
    verdict: Verdict, lang: str, *, probability: bool = False
) -> dict[str, Any]:
    percent = verdict.figures.get("percent")
    share = percent / 100 if isinstance(percent, int) else None
    likely = {"probability": share} if probability else {}
    return {
        "verdict": verdict.answer.value,
        **likely,
        "why": reason(verdict, lang=lang),
    }


def _card(found: Critique) -> Iterator[str]:
    """Yield the card of one sentence in words, in its own language."""
    lang = found.reading.lang
    look = look_up(lang)
    yield found.reading.text
    for verdict in found.verdicts:
        name = look(f"smart.letter.{verdict.letter}")
        answer = look(f"smart.answer.{verdict.answer}")
        yield f"  {verdict.letter}  {name}: {answer} ({reason(verdict, lang=lang)})"
    for fault in found.faults:
        message = told(fault, "message", lang=lang)
        yield f"  - {message} {told(fault, 'suggestion', lang=lang)}"
    for sentence in found.rewrites:
        yield f"  → {sentence}"
    yield ""
