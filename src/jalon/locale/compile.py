"""Merge `<language>/*.po` into `<language>/LC_MESSAGES/django.mo`."""

from __future__ import annotations

from pathlib import Path

import polib

HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")


def compiled(language: str) -> Path:
    """Write the catalogue of one language; return its path."""
    merged = polib.POFile()
    merged.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n > 1);"
        if language == "fr"
        else "nplurals=2; plural=(n != 1);",
    }
    for part in sorted((HERE / language).glob("*.po")):
        merged.extend(
            entry
            for entry in polib.pofile(str(part))
            if entry.msgstr or entry.msgstr_plural
        )
    target = HERE / language / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    merged.save_as_mofile(str(target))
    return target
