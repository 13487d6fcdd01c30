"""The specification of an exploration: lines in time, bars else, nothing hidden."""

from __future__ import annotations

from typing import Any

from jalon.charts.exploring import Bit, Drawing, spec


def drawing(*, over_time: bool, whens: tuple[str, ...] = ("now",)) -> Drawing:
    bits = tuple(
        Bit(place=place, series=series, when=when, value=1.0, said="1")
        for place in ("a", "b")
        for series in ("x", "y")
        for when in whens
    )
    return Drawing(
        bits=bits,
        order=("b", "a"),
        over_time=over_time,
        unit="share",
        value_title="Win rate",
        whens=whens,
    )


def encoding(found: dict[str, Any]) -> dict[str, Any]:
    encodings: dict[str, Any] = found["encoding"]
    return encodings


def test_time_runs_along_the_line() -> None:
    found = spec(drawing(over_time=True))

    assert found["mark"]["type"] == "line"  # type: ignore[index]
    assert encoding(found)["x"]["sort"] == ["b", "a"]


def test_groups_are_bars_from_zero_in_their_order() -> None:
    found = spec(drawing(over_time=False))

    assert found["mark"]["type"] == "bar"  # type: ignore[index]
    assert encoding(found)["y"]["sort"] == ["b", "a"]
    assert "scale" not in encoding(found)["x"]


def test_a_share_is_read_in_percent() -> None:
    assert encoding(spec(drawing(over_time=True)))["y"]["axis"]["format"] == ".0~%"


def test_what_is_compared_is_apart_by_more_than_colour() -> None:
    lines = spec(drawing(over_time=True, whens=("now", "before")))
    bars = spec(drawing(over_time=False, whens=("now", "before")))

    assert "strokeDash" in encoding(lines)
    assert "yOffset" in encoding(bars)


def test_a_line_breaks_where_a_step_tells_nothing() -> None:
    told = Drawing(
        bits=(
            Bit(place="a", series="x", when="now", value=1.0, said="1"),
            Bit(place="c", series="x", when="now", value=2.0, said="2"),
        ),
        order=("a", "b", "c"),
        over_time=True,
        unit="count",
        value_title="Deals",
        whens=("now",),
    )

    values: Any = spec(told)["data"]
    assert [(one["place"], one["value"]) for one in values["values"]] == [
        ("a", 1.0),
        ("b", None),
        ("c", 2.0),
    ]
