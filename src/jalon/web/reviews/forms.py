"""What is typed in a review, as the use cases take it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import Kind, Side, Word
from jalon.queries.review_document import Said
from jalon.usecases.learn import Lesson
from jalon.usecases.review import Decision

FIELDS = (
    *("do", "text", "owner", "kpi", "due", "tried", "gave", "context"),
    *("next_time", "carried_by", "changed_on", "until"),
)
_NO_DAY = "{found} is no date. Expected e.g. 2026-07-01."
_NO_KIND = "{found} is no kind of review. Expected monthly or quarterly."


def kind(text: str) -> Kind:
    """Return the kind of review.

    Raises:
        Refusal: If it is none.
    """
    try:
        return Kind(text)
    except ValueError as error:
        raise Refusal(_NO_KIND, found=text or "?") from error


def day(text: str) -> datetime.date | None:
    """Return the day typed, None where there is none.

    Raises:
        Refusal: If it is no date.
    """
    if not text.strip():
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refusal(_NO_DAY, found=text) from error


def number(text: str) -> int:
    """Return a whole number, 0 where it is none."""
    return int(text) if text.isdecimal() else 0


def word(data: Mapping[str, str], side: Side) -> Word:
    """Return the word of a side."""
    return Word(
        side=side,
        level=number(data.get("level", "")),
        proud=data.get("proud", ""),
        harder=data.get("harder", ""),
        needs=data.get("needs", ""),
    )


def decision(data: Mapping[str, str]) -> Decision:
    """Return the decision typed.

    Raises:
        Refusal: If its date is none.
    """
    return Decision(
        text=data.get("text", ""),
        owner=data.get("owner", ""),
        kpi=data.get("kpi", ""),
        due=day(data.get("due", "")),
    )


def lesson(data: Mapping[str, str], *, on: datetime.date) -> Lesson:
    """Return the learning typed; what came after goes on until today by default.

    Raises:
        Refusal: If a date is missing or is none.
    """
    changed = day(data.get("changed_on", ""))
    if changed is None:
        raise Refusal(_NO_DAY, found="?")
    return Lesson(
        kpi=data.get("kpi", ""),
        owner=data.get("owner", ""),
        tried=data.get("tried", ""),
        gave=data.get("gave", ""),
        context=data.get("context", ""),
        next_time=data.get("next_time", ""),
        carried_by=data.get("carried_by", ""),
        changed_on=changed,
        until=day(data.get("until", "")) or on,
    )


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, to be shown again; every field has a text."""
    return {name: data.get(name, "") for name in FIELDS}


def again(data: Mapping[str, str], error: str, form: str) -> dict[str, object]:
    """Return what was typed in a form that was refused, to be shown there again."""
    if not error or data.get("do") != form:
        return {}
    names = {"note": ("text",), "word": ("proud", "harder", "needs")}[form]
    told: dict[str, object] = {name: data.get(name, "") for name in names}
    return told | ({"level": number(data.get("level", ""))} if form == "word" else {})


def mine(own: Said | None) -> dict[str, object]:
    """Return one's own word, to be completed."""
    names = ("level", "proud", "harder", "needs")
    return {name: getattr(own, name) if own else "" for name in names}
