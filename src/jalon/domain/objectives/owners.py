"""Whose objective it is, as people write it: a key or a name, with or without its kind.

Keys win over names; accents and capitals do not count in names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jalon.domain.objectives.faults import Fault

COMPANY = "company"
KINDS = {
    "person": "person",
    "personne": "person",
    "team": "team",
    "équipe": "team",
    "equipe": "team",
}
EXAMPLE = '"person:12", "team:central", "company"'


@dataclass(frozen=True, slots=True)
class Owners:
    """The keys of the company's people and teams, and the keys of each name."""

    keys: frozenset[str]
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who was found; `known` is False for a name that fits nobody yet."""

    owner: str
    known: bool = True


def owners(named: Iterable[tuple[str, str]], *, company: str) -> Owners:
    """Return the owners of (key, name) pairs, the keys as in "person:12"."""
    names: dict[str, tuple[str, ...]] = {folded(company): (COMPANY,)}
    keys = {COMPANY}
    for key, name in named:
        keys.add(key)
        names[folded(name)] = (*names.get(folded(name), ()), key)
    return Owners(frozenset(keys), names)


def resolve(written: str, known: Owners) -> Owner | Fault:
    """Return whom a cell names, or the fault when two fit equally.

    A name that fits nobody makes a person (or team) of that name, not yet known.
    """
    kind, found, bare = written.partition(":")
    kind = KINDS.get(kind.strip().lower(), "") if found else ""
    name = bare.strip() if kind else written.strip()
    if folded(name) in {COMPANY, "entreprise", "société", "societe"} and not kind:
        return Owner(COMPANY)
    fitting = _fitting(kind, name, known)
    if len(fitting) > 1:
        found_keys = ", ".join(fitting)
        return Fault("owner", "fault.owner_twice", written, fitting[0], _of(found_keys))
    if fitting:
        return Owner(fitting[0])
    return Owner(f"{kind or 'person'}:{name}", known=False)


def folded(name: str) -> str:
    """Return a name without accents, capitals and outer spaces."""
    apart = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _fitting(kind: str, name: str, known: Owners) -> tuple[str, ...]:
    kinds = (kind,) if kind else ("person", "team")
    by_key = tuple(f"{k}:{name}" for k in kinds if f"{k}:{name}" in known.keys)
    if by_key:
        return by_key
    named = known.names.get(folded(name), ())
    return tuple(key for key in named if not kind or key.startswith(f"{kind}:"))


def _of(keys: str) -> dict[str, str]:
    return {"keys": keys}
