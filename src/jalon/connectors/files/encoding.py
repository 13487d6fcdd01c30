"""Text files as clean UTF-8: a file that is not so already is copied aside.

UTF-8 and UTF-16 are told by their marks or their zeros; bytes that are not UTF-8 are
read as Windows-1252, so a file of mixed origins loses nothing. NUL characters are
dropped and all lines end alike.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PIECE = 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
_KEPT_OF_LONG_LINE = 200


@dataclass(frozen=True, slots=True)
class CleanText:
    """A file readable as UTF-8, and the encoding it came in."""

    path: Path
    encoding: str
    too_long: tuple[int, ...] = ()


def cleaned(path: Path, scratch: Path) -> CleanText:
    """Return the file itself when it is plain UTF-8, else a clean copy of it."""
    with path.open("rb") as stream:
        wide = _wide(stream.read(PIECE))
    source, encoding = path, wide or "utf-8"
    if wide:
        source = _narrowed(path, scratch, wide)
    state = _state(source)
    if state == "clean":
        return CleanText(source, encoding)
    target = scratch / f"text{len(list(scratch.iterdir()))}"
    too_long = _rewritten(source, target)
    if not wide and state == "mixed":
        encoding = "windows-1252"
    return CleanText(target, encoding, too_long)


def _wide(start: bytes) -> str:
    """Return the UTF-16 or 32 encoding of a file, or "" if it has none."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    even, odd = start[0:2000:2].count(0), start[1:2000:2].count(0)
    few, many = len(start[:2000]) // 20, len(start[:2000]) // 5
    if odd > many and even <= few:
        return "utf-16-le"
    return "utf-16-be" if even > many and odd <= few else ""


def _narrowed(path: Path, scratch: Path, encoding: str) -> Path:
    target = scratch / f"wide{len(list(scratch.iterdir()))}"
    with (
        path.open("r", encoding=encoding, errors="replace", newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        while piece := stream.read(PIECE):
            out.write(piece)
    return target


def _state(path: Path) -> str:
    """Return "clean", "mixed" (not UTF-8) or "untidy" (NULs, line ends, long lines)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    untidy, crlf, feeds, returns, since = False, 0, 0, 0, 0
    with path.open("rb") as stream:
        try:
            while piece := stream.read(PIECE):
                decoder.decode(piece)
                crlf += piece.count(b"\r\n") + (piece[:1] == b"\n" and since == -1)
                feeds += piece.count(b"\n")
                returns += piece.count(b"\r")
                untidy = untidy or b"\x00" in piece or _long(piece, since)
                since = _pending(piece, since)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "mixed"
    same_ends = not returns or crlf in {feeds, 0}
    lone_returns = returns > 0 and feeds == 0
    return "clean" if same_ends and not untidy and not lone_returns else "untidy"


def _long(piece: bytes, since: int) -> bool:
    first = piece.find(b"\n")
    return (first if first >= 0 else len(piece)) + max(since, 0) > LONGEST_LINE


def _pending(piece: bytes, since: int) -> int:
    """Return the length of the line left open, or -1 where it ends with a return."""
    if piece.endswith(b"\r"):
        return -1
    last = piece.rfind(b"\n")
    return len(piece) - last - 1 if last >= 0 else max(since, 0) + len(piece)


def _rewritten(source: Path, target: Path) -> tuple[int, ...]:
    """Write the clean copy; return the numbers of the lines that were too long."""
    too_long = []
    with source.open("rb") as stream, target.open("wb") as out:
        for number, (line, cut) in enumerate(_lines(stream), 1):
            if cut:
                too_long.append(number)
            text = line.replace(b"\x00", b"")
            out.write(_decoded(text).encode("utf-8") + b"\n")
    return tuple(too_long)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Return the bytes that are not UTF-8 as Windows writes them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    piece = error.object[error.start : error.end]
    try:
        return piece.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return piece.decode("latin-1"), error.end


codecs.register_error("as_windows", _as_windows)


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", errors="as_windows")


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield each line without its end, and whether it was cut for its length."""
    while line := stream.readline(LONGEST_LINE):
        cut = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        if cut and line.count(b"\r") > 1:
            cut = False
        if cut:
            line = line[:_KEPT_OF_LONG_LINE]
            rest = b"."
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(LONGEST_LINE)
        body = line.removesuffix(b"\n").removesuffix(b"\r")
        for part in body.split(b"\r"):
            yield part, cut
