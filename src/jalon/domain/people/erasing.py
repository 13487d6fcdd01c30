"""A person's name taken out of what was written: one pseudonym, the same everywhere.

A value is theirs where it is their e-mail, their key where keys of people stand, or a
text that holds their e-mail or their whole name. What is only somewhere a number, a day
or somebody else's stays as it is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

PREFIX = "anonyme-"
OF_PEOPLE = frozenset(
    {
        *("person_id", "person", "owner_id", "manager_id", "manager", "people"),
        *("person_ids", "members", "subject", "holder", "to_person", "from_person"),
    }
)
_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """Who is to be forgotten: key, names, e-mails, and what stands for them instead.

    `key_is_plain` says that the key is nothing else's too: it is then taken out
    wherever a value is that key. `has_namesake` keeps the name in what is not theirs.
    """

    key: str
    pseudonym: str
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    key_is_plain: bool = False
    has_namesake: bool = False
    _email: re.Pattern[str] | None = field(init=False, repr=False, default=None)
    _name: re.Pattern[str] | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        """Compile what is looked for."""
        object.__setattr__(self, "_email", _any_of(self.emails))
        object.__setattr__(self, "_name", _any_of(self.names))

    def is_theirs(self, value: object, name: str = "") -> bool:
        """Return whether a value, or one inside it, is their key or their e-mail."""
        if isinstance(value, str):
            of_people = self.key_is_plain or name in OF_PEOPLE
            return (
                value == f"person:{self.key}"
                or (of_people and value == self.key)
                or bool(self._email and self._email.search(value))
            )
        if isinstance(value, Mapping):
            return any(
                self.is_theirs(key, name) or self.is_theirs(one, str(key))
                for key, one in value.items()
            )
        if isinstance(value, (list, tuple)):
            return any(self.is_theirs(one, name) for one in value)
        return False

    def without(self, value: object, name: str = "", *, theirs: bool) -> object:
        """Return a value with the pseudonym in their place; `theirs`: of their row."""
        return _reworded(value, name, partial(self._text, theirs=theirs))

    def row(self, cells: Mapping[str, object]) -> dict[str, object]:
        """Return the cells of a row, by name, as they become."""
        theirs = any(self.is_theirs(value, name) for name, value in cells.items())
        return {
            name: self.without(value, name, theirs=theirs)
            for name, value in cells.items()
        }

    def _text(self, text: str, name: str, *, theirs: bool) -> str:
        if text == self.key and (self.key_is_plain or name in OF_PEOPLE):
            return self.pseudonym
        if text == f"person:{self.key}":
            return f"person:{self.pseudonym}"
        if self._email:
            text = self._email.sub(self.pseudonym, text)
        if self._name and (theirs or not self.has_namesake):
            text = self._name.sub(self.pseudonym, text)
        return text


@dataclass(frozen=True, slots=True)
class NewKeys:
    """Which key stands for which from now on, for any number of people at once."""

    keys: Mapping[str, str]

    def row(self, cells: Mapping[str, object]) -> dict[str, object]:
        """Return the cells of a row, by name, as they become."""
        return {
            name: _reworded(value, name, self._text) for name, value in cells.items()
        }

    def _text(self, text: str, name: str) -> str:
        if name in OF_PEOPLE and text in self.keys:
            return self.keys[text]
        kind, colon, key = text.partition(":")
        owned = kind == "person" and key in self.keys
        return f"{kind}{colon}{self.keys[key]}" if owned else text


def _reworded(value: object, name: str, text: Callable[[str, str], str]) -> object:
    """Return a value with each text in it as `text` makes it, given its name."""
    if isinstance(value, str):
        return text(value, name)
    if isinstance(value, Mapping):
        return {
            _reworded(key, name, text): _reworded(one, str(key), text)
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_reworded(one, name, text) for one in value]
    return value


def pseudonym_of(key: str, secret: str) -> str:
    """Return what stands for somebody: the same each time, and no way back to them."""
    return PREFIX + digest_of(key, secret)[:_LETTERS]


def digest_of(key: str, secret: str) -> str:
    """Return the digest that knows a key again without holding it."""
    return hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest()


def _any_of(texts: tuple[str, ...]) -> re.Pattern[str] | None:
    found = sorted({one for one in texts if one}, key=len, reverse=True)
    if not found:
        return None
    listed = "|".join(re.escape(one) for one in found)
    return re.compile(rf"(?<![\w.@-])(?:{listed})(?![\w@-])", re.IGNORECASE)
