"""Whether a deal is won, lost or open: its flags say, else the words of its stage."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from jalon.connectors.files import content, wordbook
from jalon.connectors.files.guesses import (
    LIKELY,
    WEAK,
    Draft,
    Guess,
    header_named,
    joined,
    meant,
    value_of,
    with_values,
)
from jalon.connectors.files.mapping import SourceShape
from jalon.connectors.files.wordbook import VendorWords, Wordings
from jalon.domain.facts.tables import TABLES

_FLAGS: Wordings = {
    "won": ("is won", "IsWon", "is closed won", "won", "gagnée", "gagné"),
    "closed": ("is closed", "IsClosed", "closed", "fermée", "clôturée", "clôturé"),
    "lost": ("is lost", "is closed lost", "lost", "perdue", "perdu"),
}
_MARK = "/"


def with_outcome(
    draft: Draft, source: SourceShape, vendor: VendorWords | None
) -> Draft:
    """Return the draft with its outcome; a won flag wins over the stage."""
    flags = _flags(source, vendor.flags if vendor else _FLAGS)
    stage = draft.mapping.columns.get("stage", "")
    if "won" in flags or ("active" in flags and stage):
        return _of_flags(draft, source, flags, stage)
    if not draft.lacks("outcome") or not stage:
        return draft
    column = TABLES["deals"].column("outcome")
    surely = meant("deals", column, source.samples.get(stage, ()))
    surety = LIKELY if surely else WEAK
    guess = Guess("deals", "outcome", stage, surety, "stage_words")
    return with_values(draft.having(guess, columns={"outcome": stage}), source, column)


def _flags(source: SourceShape, wordings: Wordings) -> dict[str, str]:
    """Return the header of each flag whose cells are all yes or no."""
    found: dict[str, str] = {}
    for name, headers in wordings.items():
        for header in filter(None, (header_named(source, one) for one in headers)):
            samples = content.said(source.samples.get(header, ()))
            if samples and all(content.is_flag(one) for one in samples):
                found.setdefault(name, header)
    return found


def _of_flags(
    draft: Draft, source: SourceShape, flags: Mapping[str, str], stage: str
) -> Draft:
    """Return the draft whose outcome joins flags (and stage), each joining mapped."""
    used = dict(flags)
    if stage and ("won" not in flags or len(flags) == 1):
        used["stage"] = stage
    formula = joined(used.values(), _MARK)
    values = {
        _MARK.join(cells): _meaning(dict(zip(used, cells, strict=True)))
        for cells in itertools.product(*(_cells(source, one) for one in used.values()))
    }
    kept = {
        name: one for name, one in draft.mapping.columns.items() if name != "outcome"
    }
    others = {
        name: one for name, one in draft.mapping.values.items() if name != "outcome"
    }
    mapping = replace(draft.mapping, columns=kept, values={**others, "outcome": values})
    guesses = tuple(guess for guess in draft.guesses if guess.column != "outcome")
    guess = Guess("deals", "outcome", formula, LIKELY, "flags")
    return Draft(mapping, guesses).having(guess, computed={"outcome": formula})


def _cells(source: SourceShape, header: str) -> Sequence[str]:
    return tuple(dict.fromkeys((*source.samples.get(header, ()), "")))


def _meaning(cells: Mapping[str, str]) -> str:
    words = wordbook.values()["deals", "outcome"].words
    of_stage = value_of(cells.get("stage", ""), words)
    if content.is_yes(cells.get("won", "")):
        return "won"
    if "won" not in cells and of_stage == "won":
        return "won"
    closed = any(content.is_yes(cells.get(name, "")) for name in ("lost", "closed"))
    inactive = "active" in cells and content.is_no(cells["active"])
    return "lost" if closed or inactive or of_stage == "lost" else "open"
