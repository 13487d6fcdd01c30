"""A watched folder as a source: its state is what each file looked like when read.

A file is copied aside before it is read, so that one who is still writing it spoils
nothing that is kept: a longer file is read again at the next refresh. A file that is
taken away takes no row away.
"""

from __future__ import annotations

import fnmatch
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from jalon.connectors.contract import (
    Account,
    Checked,
    File,
    Finding,
    Flat,
    Level,
    Living,
    Payload,
    Piece,
    Reached,
    State,
    UnreachableError,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.files.sources import KINDS, fingerprint
from jalon.connectors.folder.credentials import SETTINGS
from jalon.connectors.folder.mapping import mapping

_ENDINGS = (*KINDS, ".zip", ".gz")
_NO_FOLDER = (
    "{path} is not a folder that can be read. Expected a folder of this machine, "
    "e.g. /srv/jalon/inbox."
)
_SEEN = "{count} files to read in {path}."
_EMPTY = "No file to read in {path} yet: what is put there will be read."


class Folder:
    """The source."""

    kind = "folder"
    title = "Folder of files"
    settings = SETTINGS

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return how many files there are to read."""
        del at
        mapping(account)
        count, path = len(_files(account)), account.setting("path")
        if not count:
            return Checked((Finding(Level.WARNING, _EMPTY, {"path": path}),))
        seen = Finding(Level.FINE, _SEEN, {"count": count, "path": path})
        return Checked((seen,))

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield the files that are not as they were."""
        del at
        known: Mapping[str, str] = state.get("files", {})
        reached = dict(known)
        mapped = bool(account.setting("mapping"))
        root = _root(account)
        for rank, path in enumerate(_files(account)):
            name = path.relative_to(root).as_posix()
            aside = room / f"{rank}"
            try:
                shutil.copyfile(path, aside)
            except OSError:
                continue  # taken away or closed to us meanwhile: the next run sees
            mark = fingerprint(aside)
            if known.get(name) == mark:
                aside.unlink()
                continue
            reached[name] = mark
            yield File(stream=name, path=aside, name=name, mapped=mapped)
        yield Reached({"files": reached})

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield nothing: files do not tell what is deleted."""
        del account, at
        yield from ()

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return a payload as it is; files bring none."""
        del stream, account
        return payload

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping named at set-up."""
        return mapping(account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return nothing: a file has no page of its own."""
        del account
        return {}


SOURCE = Folder()


def _root(account: Account) -> Path:
    root = Path(account.setting("path")).expanduser()
    if not root.is_dir():
        raise UnreachableError(_NO_FOLDER, path=account.setting("path"))
    return root


def _files(account: Account) -> list[Path]:
    """Return the files to read, in order of name; hidden and unfinished ones left."""
    root, pattern = _root(account), account.setting("pattern") or "*"
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and path.stat().st_size
        and path.name.lower().endswith(_ENDINGS)
        and fnmatch.fnmatch(path.name, pattern)
        and not any(
            part.startswith((".", "~$")) for part in path.relative_to(root).parts
        )
    ]
