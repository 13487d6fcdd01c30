"""The options of a menu, written at once."""

from __future__ import annotations

from jalon.web.components.menus import options


def test_the_one_chosen_is_marked_and_names_are_escaped() -> None:
    told = options([("a&b", "Léa <Martin>"), ("c", "")], "c", "Société")
    assert told == (
        '<option value="a&amp;b">Léa &lt;Martin&gt;</option>'
        '<option value="c" selected>Société</option>'
    )
