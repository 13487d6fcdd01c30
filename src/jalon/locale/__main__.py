"""`python -m jalon.locale` compiles the catalogues."""

from __future__ import annotations

from jalon.locale.compile import LANGUAGES, compiled

for language in LANGUAGES:
    compiled(language)
