"""The five letters: a verdict each, with the evidence it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from jalon.domain.smart.critique.evidence import FEWEST, Evidence
from jalon.domain.smart.reading import Reading

UNREALISTIC, VERY_AMBITIOUS, STRETCH, ATTAINABLE, PRUDENT = 0.1, 0.3, 0.5, 0.75, 0.9
_BY_PROBABILITY = (
    (UNREALISTIC, "unrealistic"),
    (VERY_AMBITIOUS, "very_ambitious"),
    (STRETCH, "stretch"),
    (ATTAINABLE, "ambitious"),
    (PRUDENT, "prudent"),
    (1.01, "too_easy"),
)


class Answer(StrEnum):
    """What is thought of one letter."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One letter, its answer, and why: codes of the locale with their figures."""

    letter: str
    answer: Answer
    why: str
    figures: dict[str, object] = field(default_factory=dict)


def verdicts(reading: Reading, evidence: Evidence) -> tuple[Verdict, ...]:
    """Return S, M, A, R and T, in this order."""
    return (
        _flag("S", reading.specific, reading.vague, ("no_kpi", "ambiguous_kpi")),
        _flag(
            "M", reading.measurable, reading.vague, ("no_amount", "placeholder_amount")
        ),
        achievable(evidence),
        relevant(evidence),
        _flag("T", reading.time_bound, reading.vague, ("no_deadline",)),
    )


def _flag(
    letter: str,
    good: bool,  # noqa: FBT001
    vague: tuple[str, ...],
    reasons: tuple[str, ...],
) -> Verdict:
    if good:
        return Verdict(letter, Answer.YES, f"{letter}.yes")
    found = next((one for one in reasons if one in vague), reasons[0])
    return Verdict(letter, Answer.NO, found)


def achievable(evidence: Evidence) -> Verdict:
    """Return whether the data make the target likely, or what cannot be told."""
    if evidence.probability is not None:
        name = next(
            name for most, name in _BY_PROBABILITY if evidence.probability < most
        )
        good = name not in {"unrealistic", "very_ambitious"}
        figures: dict[str, object] = {"percent": round(evidence.probability * 100)}
        return Verdict("A", _answer(good), f"A.{name}", figures)
    if evidence.target is None or len(evidence.history) < FEWEST:
        return Verdict("A", Answer.UNKNOWN, f"A.{evidence.reason or 'short_history'}")
    reached = sum(_reaches(value, evidence) for value in evidence.history)
    figures = {"reached": reached, "periods": len(evidence.history)}
    if reached:
        return Verdict("A", Answer.YES, "A.reached_before", figures)
    best = (min if evidence.lower_is_better else max)(evidence.history)
    stretch = abs(evidence.target - best) / abs(best) if best else 1.0
    figures["stretch"] = round(stretch * 100)
    near = stretch <= UNREALISTIC * 2
    return Verdict("A", _answer(near), "A.near_best" if near else "A.never", figures)


def _reaches(value: float, evidence: Evidence) -> bool:
    target = evidence.target or 0.0
    return value <= target if evidence.lower_is_better else value >= target


def relevant(evidence: Evidence) -> Verdict:
    """Return whether it serves a parent, suits the role, and lies within reach."""
    if evidence.role_fits is False:
        return Verdict("R", Answer.NO, "R.other_role")
    if evidence.within_reach is False:
        return Verdict("R", Answer.NO, "R.out_of_reach")
    if evidence.parent:
        return Verdict("R", Answer.YES, "R.serves", {"parent": evidence.parent})
    if evidence.role_fits and evidence.within_reach:
        return Verdict("R", Answer.YES, "R.suits")
    return Verdict("R", Answer.UNKNOWN, "R.no_person")


def _answer(good: bool) -> Answer:  # noqa: FBT001
    return Answer.YES if good else Answer.NO
