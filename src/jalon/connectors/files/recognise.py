"""Which canonical tables a file holds, told by its name, headers and cells.

Nothing is guessed in silence: each guess says how sure it is (0 to 1) and why, and the
headers that no guess uses are listed. One file may hold several tables: a flat export
of order lines also says who the customers are and what the products are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from jalon.connectors.files import wordbook
from jalon.connectors.files.completion import amount_formula, completed
from jalon.connectors.files.guesses import (
    Draft,
    Guess,
    columns_of,
    columns_of_vendor,
    drafted,
    header_named,
    in_formula,
    with_values,
)
from jalon.connectors.files.mapping import FileMapping, SourceShape, TableMapping
from jalon.connectors.files.wordbook import TableWords, VendorWords, Wordings
from jalon.connectors.files.wording import folded, holds
from jalon.domain.facts.tables import TABLES

_VENDOR_BONUS, _NAME_BONUS = 20.0, 3.0
_TELLING, _PLAIN = 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file was recognised as; no table where nothing was."""

    source: SourceShape
    tables: tuple[TableMapping, ...]
    guesses: tuple[Guess, ...]
    unmapped: tuple[str, ...]
    vendor: str = ""

    @property
    def mapping(self) -> FileMapping:
        """Return the mapping file that says the same."""
        return FileMapping(self.tables)


def recognise(source: SourceShape) -> Recognition:
    """Return the tables a file holds, with each guess, how sure it is and why."""
    ranked = sorted(
        (_candidate(source, words) for words in wordbook.tables()),
        key=lambda found: -found[0],
    )
    score, words, vendor, guesses = ranked[0]
    if score <= 0:
        return Recognition(source, (), (), source.headers)
    table = Guess(words.table, "", source.name, _surety(guesses), "table")
    draft = completed(drafted(source, words.table, guesses), source, words, vendor)
    drafts = (draft, *_inside(source, words.table))
    said = (table, *(guess for one in drafts for guess in one.guesses))
    used = {guess.source for guess in said} | set(_headers_in_formulas(drafts, source))
    return Recognition(
        source=source,
        tables=tuple(one.mapping for one in drafts),
        guesses=said,
        unmapped=tuple(header for header in source.headers if header not in used),
        vendor=vendor.vendor if vendor else "",
    )


def recognised_as(source: SourceShape, table: str) -> Recognition:
    """Return the columns a file gives a table that a person says it is."""
    (words,) = (one for one in wordbook.tables() if one.table == table)
    _, _, vendor, guesses = _candidate(source, words)
    draft = completed(drafted(source, table, guesses), source, words, vendor)
    used = {guess.source for guess in draft.guesses}
    used |= set(_headers_in_formulas([draft], source))
    return Recognition(
        source=source,
        tables=(draft.mapping,),
        guesses=draft.guesses,
        unmapped=tuple(header for header in source.headers if header not in used),
        vendor=vendor.vendor if vendor else "",
    )


def renewed(former: FileMapping, source: SourceShape) -> Recognition | None:
    """Return a remembered mapping with the words it had not met; None if it met all.

    What it says already is kept: a person may have corrected it.
    """
    drafts = []
    for table in former.tables:
        draft = Draft(table)
        for column in TABLES[table.into].columns:
            if column.allowed and column.name in {*table.values} & {*table.columns}:
                draft = with_values(draft, source, column)
        drafts.append(draft)
    mappings = tuple(draft.mapping for draft in drafts)
    if mappings == former.tables:
        return None
    guesses = tuple(guess for draft in drafts for guess in draft.guesses)
    return Recognition(source, mappings, guesses, ())


def _candidate(
    source: SourceShape, words: TableWords
) -> tuple[float, TableWords, VendorWords | None, dict[str, Guess]]:
    vendor = _vendor(source, words.table)
    guesses = columns_of(source, words.table, words.columns)
    if vendor:
        guesses |= columns_of_vendor(source, vendor)
    if not _sufficient(source, words, guesses):
        return 0.0, words, vendor, guesses
    score = sum(
        guess.confidence * (_TELLING if column in words.telling else _PLAIN)
        for column, guess in guesses.items()
    )
    score += _VENDOR_BONUS if vendor else 0.0
    return score + _name_bonus(source, words.names), words, vendor, guesses


def _sufficient(
    source: SourceShape, words: TableWords, guesses: Mapping[str, Guess]
) -> bool:
    computable = {"amount"} if amount_formula(source, words) else set()
    filled = set(guesses) | computable
    if any(folded(one) in _folds(words.never_with) for one in source.headers):
        return False
    several = len({guess.source for guess in guesses.values()} | computable) > 1
    return several and any(set(group) <= filled for group in words.needs)


def _folds(wordings: Sequence[str]) -> frozenset[str]:
    return frozenset(map(folded, wordings))


def _name_bonus(source: SourceShape, names: Sequence[str]) -> float:
    """Return more where the file's name holds more words of the table's names."""
    stem = PurePath(source.name).name.partition(".")[0]
    text = folded(f"{stem} {source.sheet}")
    lengths = [len(name.split()) for name in map(folded, names) if holds(text, name)]
    return _NAME_BONUS + max(lengths) if lengths else 0.0


def _surety(guesses: Mapping[str, Guess]) -> float:
    return min((guess.confidence for guess in guesses.values()), default=0.0)


def _vendor(source: SourceShape, table: str) -> VendorWords | None:
    for vendor in wordbook.vendors():
        if vendor.table == table and any(
            all(header_named(source, mark) for mark in group) for group in vendor.marks
        ):
            return vendor
    return None


def _inside(source: SourceShape, primary: str) -> tuple[Draft, ...]:
    """Return the customers, products and people that the rows of a fact also say."""
    if primary in _NOT_FACTS:
        return ()
    drafts = []
    for words in wordbook.tables():
        if not words.inside or words.table == primary:
            continue
        wordings = {**words.inside, **_missing(words, primary)}
        guesses = columns_of(source, words.table, wordings)
        key = TABLES[words.table].keys[0]
        if key in guesses and _says_more(words, guesses, key):
            draft = drafted(source, words.table, guesses)
            mapping = replace(draft.mapping, distinct=True, attributes={})
            drafts.append(Draft(mapping, draft.guesses))
    return tuple(drafts)


_NOT_FACTS = frozenset(
    {"accounts", "products", "people", "teams", "memberships", "markets", "rates"}
)


def _missing(words: TableWords, primary: str) -> Wordings:
    own = {column.name for column in TABLES[primary].columns}
    return {
        name: (*words.inside.get(name, ()), *wordings)
        for name, wordings in words.missing.items()
        if name not in own
    }


def _says_more(words: TableWords, guesses: Mapping[str, Guess], key: str) -> bool:
    """Return whether the file says more of the thing than what it is called."""
    distinct = {
        name for name, guess in guesses.items() if guess.source != guesses[key].source
    } | {key}
    return any(set(group) <= distinct for group in words.inside_needs)


def _headers_in_formulas(drafts: Iterable[Draft], source: SourceShape) -> Iterable[str]:
    formulas = " ".join(
        formula for draft in drafts for formula in draft.mapping.computed.values()
    )
    return (header for header in source.headers if in_formula(header) in formulas)
