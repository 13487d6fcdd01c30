"""Names compared as people read them: without case, accents or stray spaces."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Return a name for comparison: "  Éloïse  D’ARC" is "eloise d'arc"."""
    apart = unicodedata.normalize("NFKD", name.replace("’", "'"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())
