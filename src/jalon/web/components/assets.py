"""`{% asset "app.css" %}`: the address of a static file, with a digest of it.

The digest lets browsers keep a file for a year and fetch it anew when it changes.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


class MissingAssetError(LookupError):
    """A template asks for a static file that does not exist."""


@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a static file."""
    return f"{static(path)}?v={digest(path)}"


@lru_cache
def digest(path: str) -> str:
    """Return eight letters that change with the file.

    Raises:
        MissingAssetError: If there is no such file.
    """
    found = finders.find(path)
    if not isinstance(found, str):
        raise MissingAssetError(path)
    return blake2b(Path(found).read_bytes(), digest_size=4).hexdigest()
