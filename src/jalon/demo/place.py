"""The folder of the sample company: free, taken by something else, or already it.

`demo.json` marks the folder as a sample: only such a folder is ever emptied. It says
`"complete": false` until the last step, so that a sample cut short is made again.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from jalon.domain.refusals import Refusal

MARK = "demo.json"
SEED = 2


class FolderTakenError(Refusal):
    """The folder holds something that is not a sample company."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "{folder} holds something else than the sample company. "
            "Expected a new or empty folder, e.g. jalon demo demo-workspace.",
            folder=folder,
        )


class Found(StrEnum):
    """What a folder holds."""

    NOTHING = "nothing"
    THIS = "this"  # the very sample asked for, complete
    OTHER = "other"  # a sample of another day, size or chance, or one cut short


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes two samples the same."""

    on: date
    scale: int = 1
    seed: int = SEED


def found(folder: Path, recipe: Recipe) -> Found:
    """Return what the folder holds.

    Raises:
        FolderTakenError: If it holds something else than a sample.
    """
    if not folder.exists():
        return Found.NOTHING
    if not folder.is_dir():
        raise FolderTakenError(folder)
    if not (folder / MARK).exists():
        if any(folder.iterdir()):
            raise FolderTakenError(folder)
        return Found.NOTHING
    same = _read(folder) == _told(recipe, complete=True)
    return Found.THIS if same else Found.OTHER


def cleared(folder: Path, recipe: Recipe) -> Found:
    """Return what the folder held; make it ready for the sample unless it is there.

    Raises:
        FolderTakenError: If it holds something else than a sample.
    """
    held = found(folder, recipe)
    if held is Found.OTHER:
        shutil.rmtree(folder)
    if held is not Found.THIS:
        folder.mkdir(parents=True, exist_ok=True)
        mark(folder, recipe, complete=False)
    return held


def mark(folder: Path, recipe: Recipe, *, complete: bool) -> None:
    """Say in the folder which sample it holds, and whether it is whole."""
    text = json.dumps(_told(recipe, complete=complete), indent=1)
    (folder / MARK).write_text(text, "utf-8")


def _read(folder: Path) -> object:
    try:
        return json.loads((folder / MARK).read_text("utf-8"))
    except ValueError:
        return None


def _told(recipe: Recipe, *, complete: bool) -> dict[str, object]:
    return {**asdict(recipe), "on": recipe.on.isoformat(), "complete": complete}
