"""A whole workspace in one file: a ZIP whose manifest names each part and its sum.

The parts are named as in the folder: `jalon.toml`, `jalon.sqlite3`, `warehouse/…`.
`manifest.json` is written last, so that a file cut short is known as such.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from jalon.domain.refusals import Refusal

MANIFEST = "manifest.json"
FORMAT = 1
OWNER_ONLY = 0o600
_BLOCK = 1 << 20
_FASTEST = 1
_NO_BACKUP = (
    "{file} is no backup of Jalon, or it was cut short. "
    "Expected a file made by jalon backup FILE."
)
_NEWER = (
    "{file} was made by a newer Jalon. Update Jalon, then restore it: "
    "expected format {known}, found {found}."
)
_DAMAGED = (
    "{file} is damaged: {part} is not what was saved. Expected another backup; "
    "nothing was written."
)


class BadArchiveError(Refusal):
    """The file is no backup, or is damaged."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive: its name in the folder, its bytes, SHA-256 in hex."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself; `made` is an ISO moment with its offset."""

    company: str
    made: str
    version: str
    snapshot: str
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all parts, unpacked."""
        return sum(part.size for part in self.parts)


class Writing:
    """An archive being written: parts one by one, then its manifest."""

    def __init__(self, path: Path) -> None:
        """Start the archive at a path nobody else may read."""
        path.touch(mode=OWNER_ONLY)
        path.chmod(OWNER_ONLY)
        self._file = zipfile.ZipFile(
            path, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST
        )
        self._parts: list[Part] = []

    def add(self, name: str, source: IO[bytes]) -> None:
        """Add what can be read from `source` under a name of the folder."""
        told = hashlib.sha256()
        size = 0
        with self._file.open(name, "w", force_zip64=True) as held:
            while block := source.read(_BLOCK):
                told.update(block)
                held.write(block)
                size += len(block)
        self._parts.append(Part(name, size, told.hexdigest()))

    def close(
        self, *, company: str, made: str, version: str, snapshot: str
    ) -> Manifest:
        """Write the manifest; the archive is whole from here on."""
        parts = [
            {"name": part.name, "size": part.size, "sha256": part.digest}
            for part in self._parts
        ]
        said = {
            "format": FORMAT,
            "company": company,
            "made": made,
            "version": version,
            "snapshot": snapshot,
            "parts": parts,
        }
        self._file.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
        self._file.close()
        return Manifest(company, made, version, snapshot, tuple(self._parts))


def described(path: Path) -> Manifest:
    """Return the manifest of an archive.

    Raises:
        BadArchiveError: If the file is no backup, or a newer one.
    """
    try:
        with zipfile.ZipFile(path) as file:
            said = json.loads(file.read(MANIFEST))
        if said["format"] > FORMAT:
            raise BadArchiveError(
                _NEWER, file=path.name, known=FORMAT, found=said["format"]
            )
        return Manifest(
            company=str(said["company"]),
            made=str(said["made"]),
            version=str(said["version"]),
            snapshot=str(said["snapshot"]),
            parts=tuple(
                Part(_inside(part["name"]), int(part["size"]), str(part["sha256"]))
                for part in said["parts"]
            ),
        )
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise BadArchiveError(_NO_BACKUP, file=path.name) from error


def unpack(path: Path, manifest: Manifest, folder: Path) -> None:
    """Write every part of an archive below a folder, each checked by its sum.

    Raises:
        BadArchiveError: If a part is absent, longer or other than what was saved.
    """
    with zipfile.ZipFile(path) as file:
        for part in manifest.parts:
            place = folder / part.name
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                with file.open(part.name) as held, place.open("xb") as out:
                    same = _copied(held, out, part)
            except (KeyError, zipfile.BadZipFile, EOFError, ValueError) as error:
                raise BadArchiveError(
                    _DAMAGED, file=path.name, part=part.name
                ) from error
            if not same:
                raise BadArchiveError(_DAMAGED, file=path.name, part=part.name)


def files_of(folder: Path, left_out: Iterable[str]) -> Iterator[Path]:
    """Return the files below a folder, save those whose first name is left out."""
    kept = frozenset(left_out)
    for path in sorted(folder.rglob("*")):
        first = path.relative_to(folder).parts[0]
        if first not in kept and path.is_file() and not path.is_symlink():
            yield path


def _copied(held: IO[bytes], out: IO[bytes], part: Part) -> bool:
    """Copy no more than what was promised; tell whether it is what was saved."""
    told, size = hashlib.sha256(), 0
    while block := held.read(_BLOCK):
        size += len(block)
        if size > part.size:
            return False
        told.update(block)
        out.write(block)
    return size == part.size and told.hexdigest() == part.digest


def _inside(name: str) -> str:
    """Return a name that stays in the folder it is unpacked to.

    Raises:
        ValueError: If the name leads elsewhere.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise ValueError(name)
    return name


def discard(folder: Path) -> None:
    """Remove a folder and all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
