"""What headers do not say: outcomes, costs, keys, currencies, worked out and told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from jalon.connectors.files import content, wordbook
from jalon.connectors.files.guesses import (
    LIKELY,
    POSSIBLE,
    Draft,
    Guess,
    header_named,
    in_formula,
    joined,
    value_of,
)
from jalon.connectors.files.mapping import SourceShape
from jalon.connectors.files.outcomes import with_outcome
from jalon.connectors.files.wordbook import TableWords, VendorWords
from jalon.connectors.files.wording import best, folded
from jalon.domain.facts.tables import TABLES, ColumnType

_NUMBERED = {
    "deals": "deal_id",
    "leads": "lead_id",
    "activities": "activity_id",
    "tickets": "ticket_id",
}
_NUMBERING = frozenset(
    ("ref", "reference", "id", "code", "numero", "number", "num", "no", "n", "cle")
)


def completed(
    draft: Draft, source: SourceShape, words: TableWords, vendor: VendorWords | None
) -> Draft:
    """Return the draft with what its table needs and no header gives by itself."""
    draft = _with_either(draft, source, vendor) if vendor else draft
    if words.table == "deals":
        draft = with_outcome(draft, source, vendor)
    elif words.table == "order_lines":
        draft = _with_amount_and_cost(draft, source, words)
    elif words.table == "people":
        draft = _with_full_name(draft, source, words)
    elif words.table == "answers":
        draft = _with_survey(draft, source)
    elif words.table == "stage_changes":
        draft = _with_constant(draft, "origin", "observed", "constant")
    return _with_currency(_with_key(draft, source), source)


def _with_either(draft: Draft, source: SourceShape, vendor: VendorWords) -> Draft:
    """Return the draft with the columns that one of several headers fills."""
    for column, groups in vendor.either.items():
        for group in groups:
            present = [one for name in group if (one := header_named(source, name))]
            if not present or not _vendor_lacks(draft, column):
                continue
            formula = joined(present, "")
            guess = Guess(vendor.table, column, formula, LIKELY, "computed")
            draft = draft.without(column).having(guess, computed={column: formula})
    return draft


def _vendor_lacks(draft: Draft, column: str) -> bool:
    """Return whether no header of the vendor's own gives a column."""
    given = {guess.column for guess in draft.guesses if guess.reason == "vendor"}
    return column not in given and column not in draft.mapping.computed


def _with_amount_and_cost(
    draft: Draft, source: SourceShape, words: TableWords
) -> Draft:
    parts = _parts(source, words)
    if draft.lacks("amount") and (formula := amount_formula(source, words)):
        guess = Guess("order_lines", "amount", formula, POSSIBLE, "computed")
        draft = draft.having(guess, computed={"amount": formula})
    amount = draft.mapping.columns.get("amount", "")
    if draft.lacks("cost") and amount and "profit" in parts:
        formula = f"{in_formula(amount)} - {in_formula(parts['profit'])}"
        guess = Guess("order_lines", "cost", formula, LIKELY, "computed")
        draft = draft.having(guess, computed={"cost": formula})
    return draft


def amount_formula(source: SourceShape, words: TableWords) -> str:
    """Return quantity × unit price less the discount, where the file has them."""
    parts = _parts(source, words)
    if not {"quantity", "unit_price"} <= set(parts):
        return ""
    formula = f"{in_formula(parts['quantity'])} * {in_formula(parts['unit_price'])}"
    if "discount" not in parts:
        return formula
    return f"{formula} * (1 - {in_formula(parts['discount'])})"


def _parts(source: SourceShape, words: TableWords) -> dict[str, str]:
    found = {}
    for name, wordings in words.parts.items():
        for confidence, _, header in best(source.headers, wordings):
            samples = source.samples.get(header, ())
            number = name.endswith("_name") or content.fits(ColumnType.NUMBER, samples)
            if confidence >= LIKELY and number:
                found[name] = header
                break
    return found


def _with_full_name(draft: Draft, source: SourceShape, words: TableWords) -> Draft:
    """Return the draft with first and last names joined, where they stand apart."""
    parts = _parts(source, words)
    if not {"first_name", "last_name"} <= set(parts):
        return draft
    halves_of_name = (parts["first_name"], parts["last_name"])
    formula = joined(halves_of_name, " ")
    columns = draft.mapping.columns
    halves = [name for name, one in columns.items() if one in parts.values()]
    kept = {name: one for name, one in columns.items() if name not in halves}
    guesses = tuple(one for one in draft.guesses if one.column not in halves)
    draft = Draft(replace(draft.mapping, columns=kept), guesses)
    for column in ("person_id", "name"):
        if draft.lacks(column):
            guess = Guess("people", column, formula, LIKELY, "computed")
            draft = draft.having(guess, computed={column: formula})
    return draft


def _with_survey(draft: Draft, source: SourceShape) -> Draft:
    """Return the draft with the kind of survey, told by name, header or scores."""
    if not draft.lacks("survey"):
        return draft
    header = draft.mapping.columns.get("score", "")
    words = wordbook.values()["answers", "survey"].words
    scores = content.said(source.samples.get(header, ()))
    text = f"{header} {PurePath(source.name).name} {source.sheet}"
    named = value_of(text, words)
    top = max(
        (float(one.replace(",", ".")) for one in scores if _plain(one)), default=0
    )
    survey = named or ("csat" if 0 < top <= 5 else "nps")  # noqa: PLR2004
    reason = "constant" if named else "survey_of_scores"
    draft = _with_constant(draft, "survey", survey, reason)
    scale = "10" if survey == "nps" or top > 5 else "5"  # noqa: PLR2004
    missing = draft.lacks("scale")
    return _with_constant(draft, "scale", scale, "constant") if missing else draft


def _plain(text: str) -> bool:
    return text.strip().replace(",", ".", 1).replace(".", "", 1).isdigit()


def _with_currency(draft: Draft, source: SourceShape) -> Draft:
    names = [column.name for column in TABLES[draft.mapping.into].columns]
    if "currency" not in names or not draft.lacks("currency"):
        return draft
    for name in ("amount", "mrr", "size"):
        header = draft.mapping.columns.get(name, "")
        code = content.currency_of(header, source.samples.get(header, ()))
        if code:
            return _with_constant(draft, "currency", code, "currency_sign")
    return draft


def _with_constant(draft: Draft, column: str, value: str, reason: str) -> Draft:
    guess = Guess(draft.mapping.into, column, value, LIKELY, reason)
    return draft.having(guess, constants={column: value})


def _with_key(draft: Draft, source: SourceShape) -> Draft:
    """Return the draft with what tells its rows apart, where no header says it.

    A column that no guess uses and that has another code on each row; else, of deals,
    a key made of parts: a name alone would merge two deals of the same name into one.
    """
    mapping = draft.mapping
    key = _NUMBERED.get(mapping.into, "")
    given = mapping.columns.get(key, "")
    if not key or key in mapping.computed:
        return draft
    if given and given != mapping.columns.get("name", ""):
        return draft
    if header := _numbering(draft, source):
        guess = Guess(mapping.into, key, header, LIKELY, "tells_rows")
        return draft.without(key).having(guess, columns={key: header})
    return _with_key_made(draft) if mapping.into == "deals" else draft


def _numbering(draft: Draft, source: SourceShape) -> str:
    """Return the header nothing else uses whose codes tell the rows apart, or none.

    Bare numbers count only where the header says that they number something.
    """
    used = {guess.source for guess in draft.guesses}
    telling = [
        one for one in source.headers if one in source.telling and one not in used
    ]
    named = [one for one in telling if _NUMBERING & set(folded(one).split())]
    mixed = [one for one in telling if not any(map(str.isdigit, source.samples[one]))]
    return next(iter((*named, *mixed)), "")


def _with_key_made(draft: Draft) -> Draft:
    """Return the deals with a key of their name, account and date of creation."""
    columns = draft.mapping.columns
    parts = [
        columns[one] for one in ("name", "account_id", "created_on") if one in columns
    ]
    if not parts:
        return draft
    formula = joined(dict.fromkeys(parts), "-")
    guess = Guess("deals", "deal_id", formula, POSSIBLE, "key_made")
    return draft.without("deal_id").having(guess, computed={"deal_id": formula})
