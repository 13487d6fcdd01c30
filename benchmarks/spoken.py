"""What a bench says: a figure beside its peer's of the same run, and the promise.

A ratio compares from one machine to another and from one commit to the next, where
seconds do not. What has no natural peer is divided by the yardstick: a fixed piece of
work of Python, measured in the same run.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: `ratio` is this over its peer; the least is best, unless `more`."""

    name: str
    what: str
    peer: str
    ratio: float
    goal: float | None = None
    more: bool = False
    seconds: float | None = None

    @property
    def kept(self) -> bool | None:
        """Return whether the promise is kept; None where nothing is promised."""
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.more else self.ratio <= self.goal

    def told(self) -> dict[str, Any]:
        """Return the figure as JSON keeps it."""
        return {**asdict(self), "kept": self.kept}


def yardstick() -> float:
    """Return the processor seconds of a fixed piece of work, the best of five."""
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        words: dict[str, int] = {}
        for number in range(200_000):
            word = str(number * 7919 % 1009)
            words[word] = words.get(word, 0) + number
        sorted(words.items(), key=lambda pair: pair[1])
        best = min(best, time.process_time() - started)
    return best


def table(results: list[dict[str, Any]]) -> list[str]:
    """Return the results as lines of a Markdown table."""
    return [
        "| name | what | seconds | ÷ | ratio | promised | kept |",
        "| --- | --- | --: | --- | --: | --: | --- |",
        *(_line(one) for one in results),
    ]


def _line(one: dict[str, Any]) -> str:
    seconds = "" if one["seconds"] is None else f"{one['seconds']:,.2f}"
    sign = "≥" if one["more"] else "≤"
    goal = "" if one["goal"] is None else f"{sign} {one['goal']:g}"
    kept = {True: "yes", False: "**no**", None: ""}[one["kept"]]
    return (
        f"| `{one['name']}` | {one['what']} | {seconds} | {one['peer']} "
        f"| {one['ratio']:,.3g} | {goal} | {kept} |"
    )
