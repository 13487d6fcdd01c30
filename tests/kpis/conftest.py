"""The small company, once, for every question asked of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jalon.workspace.folder import Workspace
from tests.worlds import small
from tests.worlds.loaded import workspace as loaded


@pytest.fixture(scope="session")
def small_company(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Workspace]:
    """Return the small company's workspace under the given settings, made once each."""
    made: dict[str, Workspace] = {}

    def company(settings: str = "") -> Workspace:
        if settings not in made:
            folder = tmp_path_factory.mktemp("small")
            made[settings] = loaded(folder, small.ROWS, settings=settings)
        return made[settings]

    return company
