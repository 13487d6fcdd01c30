"""Little companies, made once, for every question asked of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jalon.workspace.folder import Workspace
from tests.worlds import small
from tests.worlds.loaded import workspace as loaded

Company = Callable[..., Workspace]


@pytest.fixture(scope="session")
def small_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Return the small company under the given settings, holding only some tables."""
    made: dict[tuple[str, tuple[str, ...]], Workspace] = {}

    def company(
        settings: str = "", only: tuple[str, ...] = tuple(small.ROWS)
    ) -> Workspace:
        if (settings, only) not in made:
            rows = {name: small.ROWS[name] for name in only}
            folder = tmp_path_factory.mktemp("small")
            made[settings, only] = loaded(folder, rows, settings=settings)
        return made[settings, only]

    return company
