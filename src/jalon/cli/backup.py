"""`jalon backup FILE` and `jalon restore FILE`: a workspace in one file, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, door, making_door
from jalon.usecases.backup import KEYS, Restored, backup, restore
from jalon.workspace.archive import Manifest

_MEGA = 1_000_000


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--without-keys", is_flag=True, help="Leave the secret keys out.")
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
@door
def save(door: Door, *, file: Path, without_keys: bool, replace: bool) -> int:
    """Save the whole workspace in one file, while it is in use."""
    at = datetime.now().astimezone()
    manifest = backup(
        door.workspace, file, at=at, keys=not without_keys, replace=replace
    )
    if door.json:
        door.emit(_document(manifest, file) | {"keys": not without_keys})
        return 0
    door.echo(
        _("{file}: {count} files of {company}, {size} MB before packing.").format(
            file=file,
            count=len(manifest.parts),
            company=manifest.company,
            size=round(manifest.size / _MEGA),
        )
    )
    door.echo(_without(KEYS) if without_keys else _with_keys())
    return 0


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put by what stands in the folder.")
@making_door
def bring_back(door: Door, *, file: Path, replace: bool) -> int:
    """Bring a saved workspace back into a new folder."""
    at = datetime.now().astimezone()
    done = restore(file, door.workspace.folder, at=at, replace=replace)
    if door.json:
        door.emit(_answer(done, file))
        return 0
    said = _("{company}, saved on {made}, is back in {folder}.")
    door.echo(
        said.format(
            company=done.manifest.company, made=done.manifest.made, folder=done.folder
        )
    )
    if done.former:
        door.echo(_("What stood there is in {folder}.").format(folder=done.former))
    return 0


def _with_keys() -> str:
    return _("The secret keys are in it: keep it where nobody else reads.")


def _without(names: tuple[str, ...]) -> str:
    said = _(
        "The secret keys are not in it: keep {names} elsewhere. Without them people "
        "log in anew and the sources ask for their keys again."
    )
    return said.format(names=", ".join(names))


def _document(manifest: Manifest, file: Path) -> dict[str, object]:
    return {
        "file": str(file),
        "company": manifest.company,
        "made": manifest.made,
        "version": manifest.version,
        "snapshot": manifest.snapshot or None,
        "files": len(manifest.parts),
        "bytes": manifest.size,
    }


def _answer(done: Restored, file: Path) -> dict[str, object]:
    former = str(done.former) if done.former else None
    return _document(done.manifest, file) | {
        "folder": str(done.folder),
        "former": former,
    }
