"""The path of an objective: what was done, where it should be, where it must arrive.

Actual stops at the day of reading; the expected path runs on to the end. Values are in
the KPI's unit; `say` turns one into words, `say_day` a day. The landing is a fan from
the last value to where the period ends eight times in ten. A flow starts at zero; a
level (a rate, a stock) shows the part of the axis where it lives.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.charts.scale import Scale, month_starts, spread, ticks
from jalon.charts.svg import element, label, polyline

Point = tuple[datetime.date, Decimal]
LINE = 15.0
TOP = 34.0
NAMES_WIDE = 150.0
SMALL = 480
MONTHS_WIDE, MONTHS_NARROW = 7, 4
DOTS_MOST = 30
REST_LEAST = 2.0
TODAY_BELOW = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every text of the drawing, already in the reader's language."""

    title: str
    actual: str
    expected: str
    target: str
    minimum: str
    excellent: str
    today: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChart:
    """What to draw; `first` and `last` are the first and last day of the period.

    `targets` are the targets, each with the day from which it holds; a re-target is
    a step. `rests` are runs of days nobody works: the first, the day after, whether a
    holiday (a weekend otherwise).
    """

    first: datetime.date
    last: datetime.date
    today: datetime.date
    actual: tuple[Point, ...]
    expected: tuple[Point, ...]
    words: Words
    say: Callable[[Decimal], str]
    say_day: Callable[[datetime.date], str]
    targets: tuple[Point, ...] = ()
    minimum: Decimal | None = None
    excellent: Decimal | None = None
    landing: tuple[Decimal, Decimal, Decimal] | None = None  # P10, P50, P90
    from_zero: bool = True
    status: str = ""
    rests: tuple[tuple[datetime.date, datetime.date, bool], ...] = ()

    @property
    def target(self) -> Decimal | None:
        """Return the last target."""
        return self.targets[-1][1] if self.targets else None


@dataclass(frozen=True, slots=True)
class _Frame:
    chart: PathChart
    width: int
    height: int
    across: Scale
    up: Scale
    values: tuple[float, ...]

    def at(self, point: Point) -> tuple[float, float]:
        return self.across.place(point[0].toordinal()), self.up.place(point[1])


def path_chart(chart: PathChart, *, width: int = 720, height: int = 330) -> str:
    """Return the SVG of the path, drawn for a width in pixels."""
    frame = _frame(chart, width, height)
    inside = [
        element("title", _escaped(chart.words.title)),
        *_rests(frame),
        *_grid(frame),
        *_days(frame),
        *_levels(frame),
        *_today(frame),
        *_fan(frame),
        *_expected(frame),
        *_actual(frame),
        *_labels(frame),
    ]
    return element(
        "svg",
        *inside,
        class_="path-chart",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=chart.words.title,
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _frame(chart: PathChart, width: int, height: int) -> _Frame:
    numbers = [float(value) for _, value in chart.actual + chart.expected]
    numbers += [float(value) for _, value in chart.targets]
    bands = (chart.minimum, chart.excellent)
    numbers += [float(value) for value in bands if value is not None]
    numbers += [float(value) for value in chart.landing or ()]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if chart.from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    else:
        room = (high - low) * 0.12
        low, high = max(low - room, min(low, 0.0)), high + room
    values = ticks(low, high)
    room = 14.0 + 7.0 * max(len(chart.say(_decimal(v))) for v in values)
    across = Scale(chart.first.toordinal(), chart.last.toordinal(), room, width - 12.0)
    up = Scale(values[0], values[-1], height - 30.0, 22.0)
    return _Frame(chart, width, height, across, up, values)


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))


def _grid(frame: _Frame) -> list[str]:
    shapes = []
    for value in frame.values:
        y = frame.up.place(value)
        shapes.append(
            element(
                "line",
                class_="grid",
                stroke="#e4e7ec",
                x1=frame.across.start,
                x2=frame.across.end,
                y1=y,
                y2=y,
            )
        )
        shapes.append(
            label(
                frame.chart.say(_decimal(value)),
                x=frame.across.start - 8,
                y=y + 4,
                class_="axis",
                fill="#566073",
                text_anchor="end",
            )
        )
    return shapes


def _rests(frame: _Frame) -> list[str]:
    """Shade weekends where they are wide enough to be seen; mark every holiday."""
    shapes = []
    for first, after, holiday in frame.chart.rests:
        start, end = (
            min(frame.across.place(day.toordinal()), frame.across.end)
            for day in (first, after)
        )
        if end - start < REST_LEAST and not holiday:
            continue
        shapes.append(
            element(
                "rect",
                class_="holiday" if holiday else "weekend",
                fill="#fdf0d9" if holiday else "#f2f4f7",
                x=start,
                y=TOP - 12,
                width=max(end - start, REST_LEAST),
                height=frame.up.start - TOP + 12,
            )
        )
    return shapes


def _days(frame: _Frame) -> list[str]:
    chart = frame.chart
    most = MONTHS_NARROW if frame.width < SMALL else MONTHS_WIDE
    shown = list(month_starts(chart.first, chart.last, most=most))
    if chart.first not in shown:
        shown = [chart.first, *shown[1:]] if len(shown) > 1 else [chart.first]
    far = frame.across.end - (58 if frame.width < SMALL else 64)
    shown = [day for day in shown if frame.across.place(day.toordinal()) < far]
    marks = [
        _day(frame, day, "start" if day == chart.first else "middle") for day in shown
    ]
    return [*marks, _day(frame, chart.last, "end")]


def _day(frame: _Frame, day: datetime.date, anchor: str) -> str:
    return label(
        frame.chart.say_day(day),
        x=frame.across.place(day.toordinal()),
        y=frame.height - 8.0,
        class_="axis",
        fill="#566073",
        text_anchor=anchor,
    )


def _levels(frame: _Frame) -> list[str]:
    """Draw the bands dotted, the target as one line with a step at each re-target."""
    chart = frame.chart
    bands = [value for value in (chart.minimum, chart.excellent) if value is not None]
    shapes = [_band(frame, value) for value in bands]
    if chart.targets:
        shapes.append(
            element(
                "path",
                class_="target-line",
                d=polyline(_steps(frame)),
                fill="none",
                stroke="#101828",
            )
        )
    return shapes


def _band(frame: _Frame, value: Decimal) -> str:
    y = frame.up.place(value)
    return element(
        "line",
        class_="band-line",
        stroke="#566073",
        stroke_dasharray="2 4",
        x1=frame.across.start,
        x2=frame.across.end,
        y1=y,
        y2=y,
    )


def _steps(frame: _Frame) -> list[tuple[float, float]]:
    """Return the corners of the target's line, from the first day to the last."""
    chart = frame.chart
    ends = [day for day, _ in chart.targets[1:]] + [chart.last]
    corners = []
    for (day, value), end in zip(chart.targets, ends, strict=True):
        corners += [(max(day, chart.first), value), (max(end, chart.first), value)]
    return [frame.at(corner) for corner in corners]


def _today(frame: _Frame) -> list[str]:
    chart = frame.chart
    if not chart.first <= chart.today <= chart.last:
        return []
    x = frame.across.place(chart.today.toordinal())
    line = element(
        "line",
        class_="today",
        stroke="#98a6ee",
        x1=x,
        x2=x,
        y1=22,
        y2=frame.height - 28,
    )
    anchor = "end" if x > frame.width - 60 else "start" if x < 80 else "middle"  # noqa: PLR2004
    word = label(
        chart.words.today,
        x=x,
        y=13,
        class_="axis today-word",
        fill="#3b4fc4",
        text_anchor=anchor,
    )
    return [line, word]


def _fan(frame: _Frame) -> list[str]:
    """Draw the landing: what is likely, eight times in ten, and its middle."""
    chart = frame.chart
    if chart.landing is None or not chart.actual or chart.actual[-1][0] >= chart.last:
        return []
    start = frame.at(chart.actual[-1])
    low, middle, high = (frame.at((chart.last, value)) for value in chart.landing)
    return [
        element(
            "path",
            class_="fan",
            d=polyline([start, low, high]) + "Z",
            fill="#98a6ee",
            fill_opacity=0.45,
        ),
        element(
            "path",
            class_="fan-middle",
            d=polyline([start, middle]),
            fill="none",
            stroke="#3b4fc4",
            stroke_width=1.5,
            stroke_dasharray="1 3",
        ),
    ]


def _expected(frame: _Frame) -> list[str]:
    if len(frame.chart.expected) < 2:  # noqa: PLR2004 - a line needs two ends
        return []
    points = [frame.at(point) for point in frame.chart.expected]
    return [
        element(
            "path",
            class_="expected",
            d=polyline(points),
            fill="none",
            stroke="#566073",
            stroke_width=1.75,
            stroke_dasharray="5 4",
        )
    ]


def _actual(frame: _Frame) -> list[str]:
    points = [frame.at(point) for point in frame.chart.actual]
    if not points:
        return []
    shapes = []
    if len(points) > 1 and frame.chart.from_zero:
        floor = frame.up.start
        ends = [(points[-1][0], floor), (points[0][0], floor)]
        area = polyline([*points, *ends]) + "Z"
        shapes.append(element("path", class_="area", d=area, fill="#dfe4fb"))
    if len(points) > 1:
        shapes.append(
            element(
                "path",
                class_="actual",
                d=polyline(points),
                fill="none",
                stroke="#3b4fc4",
                stroke_width=2.5,
                stroke_linejoin="round",
            )
        )
    shapes += _gap(frame, points[-1])
    dots = points if len(points) <= DOTS_MOST else points[-1:]
    return shapes + [_dot(x, y, big=(x, y) == points[-1]) for x, y in dots]


def _dot(x: float, y: float, *, big: bool) -> str:
    return element(
        "circle", class_="dot", cx=x, cy=y, r=5 if big else 3, fill="#3b4fc4"
    )


def _gap(frame: _Frame, last: tuple[float, float]) -> list[str]:
    """Join the last value to the path of the same day: the gap, as a length."""
    chart = frame.chart
    path = [value for day, value in chart.expected if day <= chart.actual[-1][0]]
    if not path or not chart.status:
        return []
    x, y = last
    return [
        element(
            "line",
            class_=f"gap-{chart.status}",
            stroke="#b3261e",
            stroke_width=3,
            x1=x,
            x2=x,
            y1=y,
            y2=frame.up.place(path[-1]),
        )
    ]


def _labels(frame: _Frame) -> list[str]:
    """Write the levels' names at the right edge, one under the other."""
    chart = frame.chart
    named = [
        (chart.words.excellent, chart.excellent, "band-name"),
        (chart.words.target, chart.target, "target-name"),
        (chart.words.minimum, chart.minimum, "band-name"),
    ]
    kept = [(word, value, class_) for word, value, class_ in named if value is not None]
    highest = _below_today(frame)
    wished = [max(frame.up.place(value) - 6, highest) for _, value, _ in kept]
    places = spread(wished, least=LINE)
    shapes = [
        label(
            f"{word} {chart.say(value)}",
            x=frame.across.end,
            y=y,
            class_=f"level {class_}",
            fill="#566073",
            text_anchor="end",
        )
        for (word, value, class_), y in zip(kept, places, strict=True)
    ]
    return shapes + _last_value(frame, places)


def _below_today(frame: _Frame) -> float:
    """Return the height under which names stay clear of the word at today's line."""
    x = frame.across.place(frame.chart.today.toordinal())
    inside = frame.chart.first <= frame.chart.today <= frame.chart.last
    return TODAY_BELOW if inside and x > frame.across.end - NAMES_WIDE else 0.0


def _last_value(frame: _Frame, taken: list[float]) -> list[str]:
    """Write the last value beside its dot, clear of the names at the right edge."""
    if not frame.chart.actual:
        return []
    x, y = frame.at(frame.chart.actual[-1])
    left = x > frame.across.start + 90
    beside_names = x > frame.across.end - NAMES_WIDE
    return [
        label(
            frame.chart.say(frame.chart.actual[-1][1]),
            x=x - 10 if left else x + 10,
            y=_free_height(y, taken if beside_names else [], bottom=frame.up.start),
            class_="level actual-name",
            fill="#3b4fc4",
            text_anchor="end" if left else "start",
        )
    ]


def _free_height(y: float, taken: list[float], *, bottom: float) -> float:
    """Return the height of a label near `y`: above it, else below, else further."""
    wishes = (y - 9, y + 20, y - 26, y + 36)
    free = [
        wish
        for wish in wishes
        if TOP < wish < bottom and all(abs(wish - other) >= LINE for other in taken)
    ]
    return free[0] if free else wishes[0]


def narrow(chart: PathChart) -> PathChart:
    """Return the same chart with fewer points, for a phone."""
    every = -(-len(chart.actual) // 14) or 1
    kept = tuple(reversed(chart.actual[::-1][::every]))
    return replace(chart, actual=kept)
