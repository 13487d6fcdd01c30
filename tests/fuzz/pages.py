"""Any address with any words: the pages answer, refuse or send away, and never break."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

WORDS = [
    "", "0", "-1", "1", "999999999999999999999", "2025-01-01", "2025-13-45", "None", "null",
    "é", "\u202e", "\x00", "'", '"', "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd",
    "revenue", "win_rate", "company", "team:1", "person:1", "person:", "segment=PME", "=",
    "amount<10000", "fr", "en", "on", "N-1", "+15 %", "1e999", "nan", "inf", "A" * 3000,
    "https://evil.example/", "//evil.example", "javascript:alert(1)", "%00", "%ff", "[]", "a[0]=1",
]  # fmt: skip
NAMES = [
    "kpi", "by", "from", "to", "on", "where", "owner", "team", "person", "period", "page",
    "sort", "q", "next", "lang", "basis", "against", "first", "after", "target", "reason",
    "name", "email", "role", "value", "amount", "text", "week", "state", "format", "compare",
    "statement", "id", "key", "kind", "step", "file", "token", "level", "stage", "days",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to the pages, and the status they gave."""

    method: str
    path: str
    data: dict[str, str]
    status: int


def addresses(resolver: URLResolver | None = None, before: str = "") -> list[str]:
    """Return every address, its parts still to be filled: `objectives/<key>/`."""
    found: list[str] = []
    for one in (resolver or get_resolver()).url_patterns:
        told = before + str(one.pattern)
        if isinstance(one, URLPattern):
            found.append(told)
        else:
            found += addresses(one, told)
    return found


def asked(
    client: Client, known: list[str], keys: list[str], dice: random.Random
) -> Asked:
    """Ask one page something, read or written, with words of any kind."""
    path = "/" + _filled(dice.choice(known), keys, dice)
    data = {
        dice.choice(NAMES): dice.choice([*WORDS, *keys, _letters(dice)])
        for _ in range(dice.randint(0, 5))
    }
    method = dice.choice(["get", "get", "post"])
    headers: dict[str, Any] = {"HX-Request": "true"} if dice.random() < 0.3 else {}
    answer = getattr(client, method)(path, data, headers=headers)
    return Asked(method, path, data, answer.status_code)


def _filled(address: str, keys: list[str], dice: random.Random) -> str:
    out, rest = "", address
    while "<" in rest:
        before, _, rest = rest.partition("<")
        _, _, rest = rest.partition(">")
        word = dice.choice([*keys, *keys, *WORDS[:14], _letters(dice)])
        out += before + word.replace("?", "").replace("#", "")
    return out + rest


def _letters(dice: random.Random) -> str:
    alphabet = string.printable + "éàüœ€’«»漢😀"
    return "".join(dice.choices(alphabet, k=dice.randint(0, 40)))
