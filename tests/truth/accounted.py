"""Nothing of a truth is passed over: each key is asked, or named with why it is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tests.truth.desk import Desk


def accounted(desk: Desk, asked: Collection[str], left_out: Mapping[str, str]) -> None:
    """Assert that asked and left out are exactly the keys of the truth, once each."""
    assert set(asked) | set(left_out) == set(desk.truth)
    assert not set(asked) & set(left_out)
    assert all(left_out.values())
