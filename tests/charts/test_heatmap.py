"""The heat map: a figure in every square, a level by the share."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from jalon.charts.heatmap import HeatMap, Square, heat_map, level

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows: tuple[str, list[Square]]) -> ElementTree.Element:
    chart = HeatMap(
        title="Semaines", description="Une ligne par personne", columns=["S1", "S2"], rows=rows
    )  # fmt: skip
    return ElementTree.fromstring(heat_map(chart))  # noqa: S314 - our own text


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (None, "none"),
        ("0", "far-behind"),
        ("0.749", "far-behind"),
        ("0.75", "behind"),
        ("0.9", "nearly"),
        ("0.999", "nearly"),
        ("1", "there"),
        ("1.1", "ahead"),
        ("12", "ahead"),
    ],
)
def test_levels_hold_without_a_hole(share: str | None, expected: str) -> None:
    assert level(None if share is None else Decimal(share)) == expected


def test_every_square_carries_its_figure() -> None:
    svg = drawn(("Bob", [Square(Decimal("0.5"), "50 %"), Square(None)]))
    texts = [text.text for text in svg.iter("text")]

    assert texts == ["S1", "S2", "Bob", "50 %"]
    assert [box.get("class") for box in svg.iter("rect")] == [
        "heat-far-behind",
        "heat-none",
    ]


def test_it_says_what_it_is() -> None:
    svg = drawn(("Bob", []))

    assert svg.findtext("title") == "Semaines"
    assert svg.findtext("desc") == "Une ligne par personne"
    assert svg.get("role") == "img"


def test_a_name_cannot_break_out_of_the_drawing() -> None:
    svg = drawn(("<script>x</script>", []))

    assert svg.find(".//script") is None


def test_a_long_name_is_cut_short_of_the_squares() -> None:
    svg = drawn(("Jean-Baptiste de la Villardière-Montmorency", []))
    name = [text.text or "" for text in svg.iter("text")][-1]

    assert name.startswith("Jean-Baptiste")
    assert name.endswith("…")
    assert len(name) <= 22
