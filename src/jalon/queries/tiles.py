"""The tiles of a page, as somebody arranged them."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.records.views import Tiles

HOME = "my_objectives"
TILES_OF: dict[str, tuple[str, ...]] = {
    HOME: ("alert", "cards", "tree", "due", "actions"),
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The whole order of the tiles, and those put away."""

    order: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the tiles to show, in their order."""
        return tuple(name for name in self.order if name not in self.hidden)


def arrangement(screen: str, *, account: int) -> Arrangement | None:
    """Return somebody's arrangement, None where they made none; one query.

    A tile that came with a later version stands at the end.
    """
    row = Tiles.objects.filter(user=account, screen=screen).first()
    if row is None:
        return None
    known = TILES_OF[screen]
    order = [name for name in row.order if name in known]
    order += [name for name in known if name not in order]
    return Arrangement(tuple(order), tuple(set(row.hidden) & set(known)))
