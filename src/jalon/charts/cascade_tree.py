"""The cascade on one sheet: boxes from the top down, teams across, people stacked.

Every box says its state by a sign and a word beside its colour. Branches of the top
fill the sheet in rows, the widths chosen so that everything is printed as large as it
can be on a landscape page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate

from jalon.charts.svg import element, label, polyline

WIDE, TALL, GAP, DROP = 214, 62, 14, 30
STACKED, INDENT = 10, 14
SHEET = 277 / 128  # what is left of A4 in landscape under the title
LETTERS = 32
COLOURS = {
    "on_track": "#0b6b5d",
    "reached": "#0b6b5d",
    "watch": "#92510a",
    "off_track": "#b3261e",
    "missed": "#b3261e",
}
OTHER = "#566073"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """One objective: whose, what and how much, its state in words, those under it."""

    name: str
    what: str
    status: str
    said: str
    children: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Boxes placed from (0, 0), the lines that join them, where one joins the top."""

    width: float
    height: float
    boxes: tuple[tuple[float, float, Box], ...]
    joins: tuple[tuple[Point, ...], ...]
    anchor: float


def cascade_tree(roots: Sequence[Box], *, title: str, description: str) -> str:
    """Return the SVG."""
    sheet = packed([block(root) for root in roots])
    size = f"0 0 {sheet.width:.0f} {sheet.height:.0f}"
    return element(
        "svg",
        element("title", escape(title)),
        element("desc", escape(description)),
        *(
            element(
                "path",
                d=polyline(list(join)),
                class_="tree-join",
                fill="none",
                stroke="#98a2b3",
            )
            for join in sheet.joins
        ),
        *(_box(x, y, box) for x, y, box in sheet.boxes),
        class_="tree-sheet",
        viewBox=size,
        role="img",
        aria_label=title,
    )


def block(box: Box) -> Block:
    """Return a box over its branches: those with branches across, others stacked."""
    branching = [block(child) for child in box.children if child.children]
    single = [child for child in box.children if not child.children]
    under = branching + [
        _stack(single[first : first + STACKED])
        for first in range(0, len(single), STACKED)
    ]
    if not under:
        return Block(WIDE, TALL, ((0, 0, box),), (), WIDE / 2)
    starts = [0, *accumulate(one.width + GAP for one in under)]
    width = max(starts[-1] - GAP, WIDE)
    middle = width / 2
    top = TALL + DROP
    boxes = [(middle - WIDE / 2, 0.0, box)]
    joins: list[tuple[Point, ...]] = []
    for start, one in zip(starts, under, strict=False):
        end = start + one.anchor
        bend = TALL + DROP / 2
        joins.append(((middle, TALL), (middle, bend), (end, bend), (end, top)))
        boxes += _moved(one.boxes, start, top)
        joins += [tuple((x + start, y + top) for x, y in join) for join in one.joins]
    height = top + max(one.height for one in under)
    return Block(width, height, tuple(boxes), tuple(joins), middle)


def packed(blocks: Sequence[Block]) -> Block:
    """Return the blocks in rows, as large as the sheet allows."""
    if not blocks:
        return Block(WIDE, TALL, (), (), 0)
    widest = max(one.width for one in blocks)
    tried = {max(width, widest) for width in accumulate(b.width + GAP for b in blocks)}
    rows = [_rows(blocks, width) for width in sorted(tried)]
    return min(rows, key=lambda one: max(one.width / SHEET, one.height))


def _rows(blocks: Iterable[Block], most: float) -> Block:
    x = y = tall = wide = 0.0
    boxes: list[tuple[float, float, Box]] = []
    joins: list[tuple[Point, ...]] = []
    for one in blocks:
        if x and x + one.width > most:
            x, y, tall = 0.0, y + tall + DROP, 0.0
        boxes += _moved(one.boxes, x, y)
        joins += [tuple((a + x, b + y) for a, b in join) for join in one.joins]
        wide, tall = max(wide, x + one.width), max(tall, one.height)
        x += one.width + 2 * GAP
    return Block(wide, y + tall, tuple(boxes), tuple(joins), 0)


def _stack(children: Sequence[Box]) -> Block:
    """Return boxes one under the other, beside the line that joins them."""
    spine = INDENT / 2
    tops = [rank * (TALL + GAP / 2) for rank in range(len(children))]
    boxes = tuple(
        (float(INDENT), top, child) for top, child in zip(tops, children, strict=True)
    )
    ticks = [((spine, top + TALL / 2), (float(INDENT), top + TALL / 2)) for top in tops]
    joins = (((spine, 0.0), (spine, tops[-1] + TALL / 2)), *ticks)
    return Block(INDENT + WIDE, tops[-1] + TALL, boxes, joins, spine)


def _moved(
    boxes: Iterable[tuple[float, float, Box]], x: float, y: float
) -> list[tuple[float, float, Box]]:
    return [(left + x, top + y, box) for left, top, box in boxes]


def _box(x: float, y: float, box: Box) -> str:
    colour = COLOURS.get(box.status, OTHER)
    return element(
        "g",
        element(
            "rect",
            class_="tree-box",
            fill="#ffffff",
            stroke="#d0d5dd",
            x=x,
            y=y,
            width=WIDE,
            height=TALL,
            rx=8,
        ),
        element("rect", fill=colour, x=x, y=y + 8, width=4, height=TALL - 16, rx=2),
        _text(box.name, x, y + 19, "tree-name", "#101828", size=13, weight=600),
        _text(box.what, x, y + 36, "tree-what", OTHER, size=11.5),
        _text(box.said, x, y + 53, "tree-said", colour, size=11.5, weight=600),
    )


def _text(  # noqa: PLR0913 - what a text is, where, and how it looks
    text: str,
    x: float,
    y: float,
    name: str,
    colour: str,
    *,
    size: float,
    weight: int = 400,
) -> str:
    short = text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
    return label(
        short,
        x=x + 14,
        y=y,
        class_=name,
        fill=colour,
        font_size=size,
        font_weight=weight,
        font_family="Inter, sans-serif",
    )
