"""Where a distribution stands: drawn up as often as wished, then decided or dropped."""

from __future__ import annotations

from enum import StrEnum

from jalon.domain.refusals import Refusal


class Stage(StrEnum):
    """A draft, or what became of it."""

    DRAFT = "draft"
    APPLIED = "applied"
    DROPPED = "dropped"


NEXT = {
    (Stage.DRAFT, Stage.DRAFT),
    (Stage.DRAFT, Stage.APPLIED),
    (Stage.DRAFT, Stage.DROPPED),
}


class DecidedError(Refusal):
    """The distribution was decided on already."""

    def __init__(self) -> None:
        super().__init__(
            "This distribution was decided on already and is kept as it is."
            " Draw up a new one."
        )


def moved_on(stage: Stage, wanted: Stage) -> Stage:
    """Return the stage wanted.

    Raises:
        DecidedError: If it cannot follow.
    """
    if (stage, wanted) not in NEXT:
        raise DecidedError
    return wanted
