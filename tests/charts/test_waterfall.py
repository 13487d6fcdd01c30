"""The waterfall: parts touch one another, and end where the last total ends."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

from jalon.charts.waterfall import Part, Waterfall, waterfall

D = Decimal


def bars(start: int, amounts: list[int], end: int) -> list[tuple[str, float, float]]:
    chart = Waterfall(
        title="Écart",
        description="Par équipe",
        start=Part("Attendu", D(start)),
        parts=[Part(f"<{rank}>", D(amount)) for rank, amount in enumerate(amounts)],
        end=Part("Réalisé", D(end)),
        say=str,
        say_signed=lambda value: f"{value:+}",
    )
    text = waterfall(chart, width=600, names=100, figures=80)
    svg = ElementTree.fromstring(text)  # noqa: S314 - our own text
    found = []
    for box in svg.iter("rect"):
        left, width = float(box.get("x", "")), float(box.get("width", ""))
        found.append(((box.get("class") or "").split()[-1], left, left + width))
    return found


def test_each_part_begins_where_the_former_ended() -> None:
    total, gain, loss, end = bars(100, [30, -50], 80)

    assert (gain[0], loss[0]) == ("fall-bar-gain", "fall-bar-loss")
    assert gain[1] == total[2]
    assert loss[2] == gain[2]
    assert abs(loss[1] - end[2]) < 0.2


def test_equal_amounts_have_equal_lengths() -> None:
    _, gain, loss, _ = bars(1000, [40, -40], 1000)

    assert abs((gain[2] - gain[1]) - (loss[2] - loss[1])) < 0.2


def test_bars_stay_between_names_and_figures() -> None:
    for _, left, right in bars(5, [-300, 20], -275):
        assert left >= 100
        assert right <= 520


def test_nothing_at_all_is_still_a_drawing() -> None:
    assert len(bars(0, [0], 0)) == 3
