"""What is guessed of a file: each guess with its reason, and the mapping they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jalon.connectors.files import content, wordbook
from jalon.connectors.files.mapping import SourceShape, TableMapping
from jalon.connectors.files.wordbook import VendorWords, Wordings
from jalon.connectors.files.wording import best, folded, holds, literal
from jalon.domain.facts.tables import TABLES, Column

CERTAIN, LIKELY, POSSIBLE, WEAK = 0.98, 0.85, 0.6, 0.4
REASONS = (
    *("table", "header", "part_of_header", "vendor", "computed", "constant"),
    *("currency_sign", "survey_of_scores", "flags", "stage_words", "value"),
    *("unknown_value", "key_made", "tells_rows", "joined"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing that was guessed: `column` of `table` is `source`, and why.

    `reason` is a code (`guess.<reason>` in the sentences), `parameters` fill it.
    `column` is empty where the guess is the table itself.
    """

    table: str
    column: str
    source: str
    confidence: float
    reason: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A table being recognised: its mapping so far, and the guesses that made it."""

    mapping: TableMapping
    guesses: tuple[Guess, ...] = ()

    def having(self, guess: Guess, **parts: Mapping[str, str]) -> Draft:
        """Return the draft with one guess more; parts are merged into the mapping."""
        merged = {
            name: {**getattr(self.mapping, name), **entries}
            for name, entries in parts.items()
        }
        changed = replace(self.mapping, **merged)  # type: ignore[arg-type]
        return Draft(changed, (*self.guesses, guess))

    def without(self, column: str) -> Draft:
        """Return the draft as if a column had not been guessed."""
        kept = {k: v for k, v in self.mapping.columns.items() if k != column}
        guesses = tuple(one for one in self.guesses if one.column != column)
        return Draft(replace(self.mapping, columns=kept), guesses)

    def lacks(self, column: str) -> bool:
        """Return whether a column of the table is still without a value."""
        return column not in self.mapping.filled()


def header_named(source: SourceShape, wanted: str) -> str:
    """Return the header that is exactly a vendor's, but for case and accents."""
    plain = literal(wanted)
    return next((one for one in source.headers if literal(one) == plain), "")


def columns_of(source: SourceShape, table: str, wordings: Wordings) -> dict[str, Guess]:
    """Return the best header of each canonical column, where its cells agree."""
    found = {}
    for name, words in wordings.items():
        column = TABLES[table].column(name)
        for confidence, _, header in best(source.headers, words):
            if _agrees(table, column, source, header):
                reason = "header" if confidence >= LIKELY else "part_of_header"
                found[name] = Guess(table, name, header, confidence, reason)
                break
    return found


def columns_of_vendor(source: SourceShape, vendor: VendorWords) -> dict[str, Guess]:
    """Return the columns that a vendor's own headers give."""
    parameters = {"vendor": vendor.vendor}
    found = {}
    for name, headers in vendor.columns.items():
        column = TABLES[vendor.table].column(name)
        for header in filter(None, (header_named(source, one) for one in headers)):
            if _agrees(vendor.table, column, source, header):
                found[name] = Guess(
                    vendor.table, name, header, CERTAIN, "vendor", parameters
                )
                break
    return found


def _agrees(table: str, column: Column, source: SourceShape, header: str) -> bool:
    samples = source.samples.get(header, ())
    if column.allowed:
        return meant(table, column, samples)
    if column.key or column.name.endswith("_id") or column.name == "name":
        return bool(samples) or not source.samples
    return content.fits(column.type, samples)


def meant(table: str, column: Column, samples: Sequence[str]) -> bool:
    """Return whether the cells hold words of a column that allows only some values."""
    words = wordbook.values().get((table, column.name))
    if words is None:
        return all(one in column.allowed for one in content.said(samples))
    known = [value_of(one, words.words) for one in content.said(samples)]
    if column.name == "outcome":
        return "won" in known or "lost" in known
    surely = sum(bool(one) for one in known)
    return surely > 0 and (bool(words.unknown) or surely * 2 >= len(known))


def drafted(source: SourceShape, table: str, guesses: Mapping[str, Guess]) -> Draft:
    """Return the mapping that guesses of columns make, with what their words mean."""
    columns = {name: guess.source for name, guess in guesses.items()}
    mapping = TableMapping(
        into=table, file=source.name, sheet=source.sheet, columns=columns
    )
    draft = Draft(mapping, tuple(guesses.values()))
    for column in TABLES[table].columns:
        if column.allowed and column.name in columns:
            draft = with_values(draft, source, column)
    return draft


def with_values(draft: Draft, source: SourceShape, column: Column) -> Draft:
    """Return the draft with what each word not met yet in a closed column means."""
    table, header = draft.mapping.into, draft.mapping.columns[column.name]
    words = wordbook.values().get((table, column.name))
    if words is None:
        return draft
    met = draft.mapping.values.get(column.name, {})
    for sample in (one for one in source.samples.get(header, ()) if one not in met):
        meaning = value_of(sample, words.words)
        surety = LIKELY if meaning else WEAK
        parameters = {"value": sample, "meaning": meaning or words.unknown}
        reason = "value" if meaning else "unknown_value"
        guess = Guess(table, column.name, header, surety, reason, parameters)
        told = () if folded(sample) == meaning else (guess,)
        known = draft.mapping.values.get(column.name, {})
        entries = {**known, sample: meaning or words.unknown}
        values = {**draft.mapping.values, column.name: entries}
        draft = Draft(replace(draft.mapping, values=values), (*draft.guesses, *told))
    return draft


def value_of(text: str, words: Wordings) -> str:
    """Return the canonical value whose wording a cell holds; the longest decides."""
    cell = folded(text)
    found = [
        (len(phrase), value)
        for value, phrases in words.items()
        for phrase in map(folded, phrases)
        if holds(cell, phrase)
    ]
    return max(found)[1] if found else ""


def in_formula(header: str) -> str:
    """Return a header as an expression names it: quoted unless it is a plain word."""
    plain = header.isascii() and header.isidentifier()
    return header if plain else '"' + header.replace('"', '""') + '"'


def joined(headers: Iterable[str], mark: str) -> str:
    """Return the expression that joins the texts of columns with a mark between."""
    return f" || '{mark}' || ".join(map(in_formula, headers))
