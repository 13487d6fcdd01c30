"""The cascade on a sheet: nothing overlaps, everything is inside, words beside colour."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from jalon.charts.cascade_tree import TALL, WIDE, Box, block, cascade_tree, packed

LEAF = st.builds(Box, st.just("Bob"), st.just("1"), st.just("watch"), st.just("◐"))
TREES = st.recursive(
    LEAF,
    lambda inner: st.builds(
        Box,
        st.just("Équipe"),
        st.just("2"),
        st.just("on_track"),
        st.just("✓"),
        st.lists(inner, max_size=13).map(tuple),
    ),
    max_leaves=40,
)


def count(box: Box) -> int:
    return 1 + sum(map(count, box.children))


@given(st.lists(TREES, min_size=1, max_size=5))
def test_every_box_is_drawn_once_inside_the_sheet_and_over_no_other(
    roots: list[Box],
) -> None:
    sheet = packed([block(root) for root in roots])

    assert len(sheet.boxes) == sum(map(count, roots))
    for x, y, _ in sheet.boxes:
        assert x >= 0 <= y
        assert x + WIDE <= sheet.width + 0.001
        assert y + TALL <= sheet.height + 0.001
    for (x, y, _), (a, b, _) in itertools.combinations(sheet.boxes, 2):
        assert abs(x - a) >= WIDE or abs(y - b) >= TALL


def test_a_parent_stands_over_its_children() -> None:
    people = (Box("Bob", "", "", ""), Box("Inès", "", "", ""))
    drawn = block(Box("Équipe", "", "", "", people))
    heights = {box.name: y for _, y, box in drawn.boxes}

    assert heights["Équipe"] < heights["Bob"] < heights["Inès"]


def test_the_state_is_written_and_a_name_cannot_break_out() -> None:
    svg = cascade_tree(
        [Box("<b>Bob</b>", "45 000 €", "off_track", "! En danger")],
        title="Schéma",
        description="Les objectifs",
    )
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own text
    texts = [one.text for one in root.iter("text")]

    assert texts == ["<b>Bob</b>", "45 000 €", "! En danger"]
    assert root.findtext("title") == "Schéma"
    assert "style=" not in svg


def test_nothing_to_draw_is_an_empty_sheet() -> None:
    assert "<rect" not in cascade_tree([], title="Schéma", description="Rien")
