"""The Vega-Lite specification of an exploration: lines in time, else bars.

It is drawn by the browser with `ast: true`; colours follow the page's light or dark
scheme by themselves. Texts come already in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass

SERIES_MOST, BARS_MOST = 8, 25
ACCENT = "light-dark(#3b4fc4, #93a4ff)"
MUTED = "light-dark(#566073, #a3adc2)"
GRID = "light-dark(#e4e7ec, #2a3347)"
INK = "light-dark(#101828, #eef1f7)"
PALETTE = (
    ACCENT,
    "light-dark(#0b6b5d, #4fd1b5)",
    "light-dark(#b4530a, #f5b544)",
    "light-dark(#9d2a6f, #ff8ac7)",
    "light-dark(#1d6fa5, #6cc4f5)",
    "light-dark(#6b4fa0, #c3a6ff)",
    "light-dark(#5c6b16, #c6dc6a)",
    "light-dark(#7a4a34, #e0a98c)",
)
FONT = (
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif'
)
SHARES = frozenset({"share", "percent"})
ROW = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """One mark: where it stands, how high, how it is said; `now` or what it is against.

    `value` is None where there is none: a line breaks there.
    """

    place: str
    series: str
    when: str
    value: float | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What to draw; `order` gives the places in their order."""

    bits: tuple[Bit, ...]
    order: tuple[str, ...]
    over_time: bool
    unit: str
    value_title: str
    whens: tuple[str, ...]

    @property
    def series(self) -> tuple[str, ...]:
        """Return the names of the series, in the order met."""
        return tuple(dict.fromkeys(bit.series for bit in self.bits))


def spec(drawing: Drawing) -> dict[str, object]:
    """Return the specification, ready for JSON."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": 320 if drawing.over_time else _height(drawing),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": "transparent",
        "data": {"values": [_datum(bit) for bit in _in_order(drawing)]},
        "mark": _mark(drawing),
        "encoding": _encoding(drawing),
        "config": _config(),
    }


def _in_order(drawing: Drawing) -> list[Bit]:
    """Return every mark in the order of its place: a line joins them as they come."""
    rank = {place: at for at, place in enumerate(drawing.order)}
    marks = (*drawing.bits, *holes(drawing))
    return sorted(marks, key=lambda bit: rank.get(bit.place, len(rank)))


def holes(drawing: Drawing) -> tuple[Bit, ...]:
    """Return a mark without value for each step of time a series does not tell."""
    if not drawing.over_time:
        return ()
    met = {(bit.place, bit.series, bit.when) for bit in drawing.bits}
    lines = {(bit.series, bit.when) for bit in drawing.bits}
    return tuple(
        Bit(place=place, series=series, when=when, value=None, said="–")
        for series, when in sorted(lines)
        for place in drawing.order
        if (place, series, when) not in met
    )


def _datum(bit: Bit) -> dict[str, object]:
    return {
        "place": bit.place,
        "series": bit.series,
        "when": bit.when,
        "value": bit.value,
        "said": bit.said,
    }


def _height(drawing: Drawing) -> int:
    bars = max(1, len(drawing.order)) * max(1, len(drawing.whens))
    return ROW * bars if len(drawing.whens) == 1 else ROW * bars * 3 // 4


def _mark(drawing: Drawing) -> dict[str, object]:
    if drawing.over_time:
        return {
            "type": "line",
            "point": {"size": 34},
            "strokeWidth": 2.5,
            "invalid": "break-paths-show-domains",
        }
    return {"type": "bar", "cornerRadiusEnd": 3}


def _encoding(drawing: Drawing) -> dict[str, object]:
    place, value = _place(drawing), _value(drawing)
    found: dict[str, object] = {
        "x": place if drawing.over_time else value,
        "y": value if drawing.over_time else place,
        "tooltip": [
            {"field": "place", "type": "nominal", "title": " "},
            *(
                [{"field": "series", "type": "nominal", "title": "  "}]
                if len(drawing.series) > 1
                else []
            ),
            {"field": "when", "type": "nominal", "title": "   "},
            {"field": "said", "type": "nominal", "title": drawing.value_title},
        ],
    }
    split = "series" if len(drawing.series) > 1 else "when"
    known = drawing.series if split == "series" else drawing.whens
    found["color"] = {
        "field": split,
        "type": "nominal",
        "sort": list(known),
        "scale": {"domain": list(known), "range": list(PALETTE[: len(known)])},
        "legend": None
        if len(known) == 1
        else {"orient": "top", "title": None, "columns": 3, "labelLimit": 220},
    }
    if drawing.over_time:
        found["order"] = None
    if len(drawing.whens) > 1:
        _apart(found, drawing)
    return found


def _apart(found: dict[str, object], drawing: Drawing) -> None:
    """Set the compared figures apart: dashed lines, or bars beside."""
    if drawing.over_time:
        found["strokeDash"] = {
            "field": "when",
            "type": "nominal",
            "scale": {"domain": list(drawing.whens), "range": [[1, 0], [5, 4]]},
            "legend": None
            if len(drawing.series) == 1
            else {
                "orient": "top",
                "title": None,
                "symbolType": "stroke",
                "symbolSize": 300,
                "symbolStrokeColor": INK,
                "symbolStrokeWidth": 2,
            },
        }
    else:
        found["yOffset"] = {"field": "when", "sort": list(drawing.whens)}


def _place(drawing: Drawing) -> dict[str, object]:
    axis: dict[str, object] = {"title": None, "labelLimit": 180}
    if drawing.over_time:
        axis |= {"labelAngle": 0, "labelOverlap": "greedy", "ticks": False}
    return {
        "field": "place",
        "type": "nominal",
        "sort": list(drawing.order),
        "axis": axis,
    }


def _value(drawing: Drawing) -> dict[str, object]:
    shown = ".0~%" if drawing.unit in SHARES else "~s"
    return {
        "field": "value",
        "type": "quantitative",
        "stack": None,
        "axis": {"title": drawing.value_title, "format": shown, "tickCount": 6},
    }


def _config() -> dict[str, object]:
    return {
        "aria": False,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED,
            "titleColor": MUTED,
            "domainColor": GRID,
            "gridColor": GRID,
            "tickColor": GRID,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": 500,
        },
        "axisBand": {"grid": False},
        "legend": {"labelColor": INK, "labelFontSize": 12.5},
    }
