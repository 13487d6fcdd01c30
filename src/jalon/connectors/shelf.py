"""The kinds of sources there are: every folder of `connectors/` with a `source.py`.

Adding a source is adding a folder; nothing is listed anywhere.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module, resources

from jalon.connectors.contract import Source
from jalon.domain.refusals import Refusal


class UnknownKindError(Refusal):
    """No source is of that kind."""


@lru_cache(maxsize=1)
def kinds() -> tuple[str, ...]:
    """Return the kinds of sources, in order of name."""
    folders = resources.files("jalon.connectors").iterdir()
    return tuple(
        sorted(one.name for one in folders if one.joinpath("source.py").is_file())
    )


def source_of(kind: str) -> Source:
    """Return the source of a kind.

    Raises:
        UnknownKindError: If there is none; it names those there are.
    """
    if kind not in kinds():
        raise UnknownKindError(
            "There is no source of kind {kind}. Expected one of: {kinds}.",
            kind=kind,
            kinds=", ".join(kinds()),
        )
    found: Source = import_module(f"jalon.connectors.{kind}.source").SOURCE
    return found
