"""Good inputs made bad: bytes, cells, parts of archives, words of configuration files."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

from jalon.workspace import damage

HOSTILE = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xf0\x9f\x98\x80", b"\r", b'"', b'""',
    b";", b",", b"\t", b"|", b"\n\n", b"=1+1", b"@SUM(A1)", b"-2+3", b"'; DROP TABLE x;--",
    b"9" * 400, b"-0", b"1e999", b"NaN", b"Infinity", b"1.234,56", b"1 234,50 \xe2\x82\xac",
    b"31/02/2025", b"2025-13-45", b"0000-00-00", b"99999-01-01", b"../../../etc/passwd",
    b"<script>alert(1)</script>", b"{{7*7}}", b"%s%n", b"${x}", b"\\", b"\x1b[31m",
    b"\xe2\x80\xae", b"A" * 5000, b"[", b"]", b"{", b"}", b"=", b"#", b"null", b"true",
]  # fmt: skip

_VALUE = re.compile(rb'"[^"\n]*"|-?\d[\d.:-]*|true|false|null')
VALUES = [
    b"-1", b"0", b"1", b"0.5", b"-0.0", b"1e400", b"9" * 30, b"0.1e-300", b"true", b"null",
    b'""', b'"x"', b'"company"', b'"revenue"', b'"win_rate"', b'"person:1"', b'"5 %"', b'"+15 %"',
    b"[]", b"{}", b"[1]", b'["a"]', b"[[1, 2], [1, 2]]", b"2025-01-01", b"1999-12-31", b"12:00:00",
    b'"2025-02-30"', b'"NaN"', b"nan", b"inf", b'"\\u0000"', '"é€"'.encode(), b'"{x}"', b'"%s"',
]  # fmt: skip


def flipped(held: bytes, dice: random.Random) -> bytes:
    """Change some bytes to any other."""
    out = bytearray(held)
    for _ in range(dice.randint(1, 12)):
        if out:
            out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def cut(held: bytes, dice: random.Random) -> bytes:
    """Keep the beginning only, or lose a piece of the middle."""
    start = dice.randrange(len(held) + 1)
    end = len(held) if dice.random() < 0.5 else dice.randrange(start, len(held) + 1)
    return held[:start] + held[end:]


def repeated(held: bytes, dice: random.Random) -> bytes:
    """Say a piece again, at its place or elsewhere."""
    start = dice.randrange(len(held) + 1)
    piece = held[start : start + dice.randint(1, 400)]
    at = dice.randrange(len(held) + 1)
    return held[:at] + piece * dice.randint(1, 4) + held[at:]


def salted(held: bytes, dice: random.Random) -> bytes:
    """Put hostile words anywhere."""
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(held) + 1)
        held = held[:at] + dice.choice(HOSTILE) + held[at:]
    return held


def celled(held: bytes, dice: random.Random) -> bytes:
    """Replace whole cells of a delimited text by hostile words."""
    lines = held.split(b"\n")
    for _ in range(dice.randint(1, 6)):
        row = dice.randrange(len(lines))
        mark = max((b";", b",", b"\t"), key=lines[row].count)
        cells = lines[row].split(mark)
        cells[dice.randrange(len(cells))] = dice.choice(HOSTILE)
        lines[row] = mark.join(cells)
    return b"\n".join(lines)


def recoded(held: bytes, dice: random.Random) -> bytes:
    """Write the text in another encoding, half of it in one and half in another."""
    text = held.decode("utf-8", "replace")
    half = dice.randrange(len(text) + 1)
    first, second = (
        dice.choice(["utf-8", "utf-16", "utf-16-le", "cp1252", "latin-1", "utf-7"])
        for _ in range(2)
    )
    told = text[:half].encode(first, "replace")
    return told + text[half:].encode(
        first if dice.random() < 0.5 else second, "replace"
    )


def valued(held: bytes, dice: random.Random) -> bytes:
    """Give another value, of any type, where one stands: the file stays well formed."""
    for _ in range(dice.randint(1, 3)):
        found = list(_VALUE.finditer(held))
        if found:
            one = dice.choice(found)
            held = held[: one.start()] + dice.choice(VALUES) + held[one.end() :]
    return held


def shuffled(held: bytes, dice: random.Random) -> bytes:
    """Give the lines another order, some of them none."""
    lines = held.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines[: dice.randint(0, len(lines))])


def rezipped(held: bytes, dice: random.Random) -> bytes:
    """Change a part of an archive, or its name, and close it again."""
    out = io.BytesIO()
    try:
        parts = {
            name: source.read(name)
            for source in [zipfile.ZipFile(io.BytesIO(held))]
            for name in source.namelist()
        }
    except damage.ZIP:
        return flipped(held, dice)
    touched = dice.choice(list(parts)) if parts else ""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            told = name
            if name == touched:
                part = dice.choice(ANY)(part, dice)  # noqa: PLW2901 -- the part in hand
                if dice.random() < 0.2:
                    told = dice.choice(
                        ["../../evil.csv", "/abs.csv", "a\\b.csv", "x" * 300]
                    )
            if not (name == touched and dice.random() < 0.1):
                target.writestr(told, part)
    return out.getvalue()


ANY: list[Callable[[bytes, random.Random], bytes]] = [flipped, cut, repeated, salted]
TEXT = [*ANY, celled, recoded, shuffled, valued, valued, valued, valued]
ARCHIVE = [flipped, cut, rezipped, rezipped, rezipped]


def mutated(held: bytes, dice: random.Random, *, archive: bool = False) -> bytes:
    """Return an input made bad in one to three ways."""
    for _ in range(dice.choice([1, 1, 2, 3])):
        held = dice.choice(ARCHIVE if archive else TEXT)(held, dice)
    return held
