"""What the site does beyond Markdown: its first page, its menu, pictures, commands.

A page names a picture by `<!-- picture team -->`; the pictures are taken by
`docs/site/pictures.py` from the sample company each time the site is made: they
never grow old. Links to files of the project that are no page become plain text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "pictures"
REFERENCE = ROOT / "build" / "reference"  # by `python -m jalon.cli.reference`
_PICTURE = re.compile(r"<!-- picture ([a-z-]+) -->")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+[^)]*|[^):]*/)\)")
_FIRST = (
    ("docs/guide/en", "guide/en"),
    ("docs/guide/fr", "guide/fr"),
    ("docs/", ""),
)
FOLDERS = ("guide/fr", "guide/en", "method", "decisions")


def on_config(config: Any) -> Any:
    """Write the menu out: every page of a folder, by its title."""
    nav = []
    for entry in config["nav"]:
        ((title, place),) = entry.items()
        if place in FOLDERS:
            folder = ROOT / "docs" / place
            pages = sorted(folder.glob("*.md"), key=_rank)
            listed = [page.relative_to(ROOT / "docs").as_posix() for page in pages]
            nav.append({title: [*listed, *_commands(place)]})
        else:
            nav.append(entry)
    config["nav"] = nav
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the first page, which is the README, and the pictures."""
    text = (ROOT / "README.md").read_text("utf-8")
    for written, place in _FIRST:
        text = text.replace(f"]({written}", f"]({place}")
    files.append(File.generated(config, "index.md", content=text))
    for place in ("guide/fr", "guide/en"):
        for name in _commands(place):
            source = REFERENCE / name.removeprefix("guide/")
            files.append(File.generated(config, name, abs_src_path=str(source)))
    for picture in sorted(PICTURES.rglob("*.png")):
        name = f"pictures/{picture.relative_to(PICTURES).as_posix()}"
        files.append(File.generated(config, name, abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:  # noqa: ARG001
    """Put the pictures in, and leave no link that leads out of the site."""
    here = posixpath.dirname(page.file.src_uri)
    language = "en" if here.endswith("/en") else "fr"

    def picture(found: re.Match[str]) -> str:
        name = f"pictures/{language}/{found[1]}.png"
        if files.get_file_from_path(name) is None:
            return ""
        return f"![{found[1]}]({posixpath.relpath(name, here)})"

    def link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(here, found[2].partition("#")[0]))
        inside = files.get_file_from_path(target) is not None
        return found[0] if inside else f"{found[1]} (`{target.removeprefix('../')}`)"

    return _LINK.sub(link, _PICTURE.sub(picture, markdown))


def _commands(place: str) -> list[str]:
    """Return the page of the commands of a guide, where it was written."""
    lang = place.removeprefix("guide/")
    return [f"{place}/{one.name}" for one in sorted((REFERENCE / lang).glob("*.md"))]


def _rank(page: Path) -> tuple[int, str]:
    """Put the pages of a role first, then the first steps, then the rest by name."""
    order = ("for-", "pour-", "first-steps", "premiers-pas")
    rank = next(
        (at for at, start in enumerate(order) if page.name.startswith(start)), 9
    )
    return rank, page.name
