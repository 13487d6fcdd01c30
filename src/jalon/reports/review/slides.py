"""A review as slides: charts are the presentation's own, edited where it is read.

Sizes are in inches on a 13.33 x 7.5 page. The library is read when slides are asked
for: nothing else needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from jalon.reports.review.words import Telling, objection

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.7
INK, MUTED, ACCENT, SOFT = "101828", "566073", "3B4FC4", "B9C2F0"
GAIN, LOSS = "1F7A4D", "B4232A"
ROWS = 9  # lines of a table on a slide


def slides(told: Telling, labels: dict[str, str]) -> bytes:
    """Return the presentation; `labels` are the names of KPIs."""
    from pptx import Presentation  # noqa: PLC0415 - heavy, and slides are rare
    from pptx.util import Inches  # noqa: PLC0415

    deck = _Deck(Presentation())
    deck.shown.slide_width, deck.shown.slide_height = Inches(WIDTH), Inches(HEIGHT)
    deck.shown.core_properties.title = told.title
    deck.shown.core_properties.author = told.document.company
    _opening(deck, told)
    _results(deck, told)
    _attainments(deck, told)
    for rank in range(len(told.document.causes)):
        _cause(deck, told, rank)
    _field(deck, told)
    _deeds(deck, told, labels)
    _decisions(deck, told, labels)
    out = BytesIO()
    deck.shown.save(out)
    return out.getvalue()


class _Deck:
    """A presentation being written."""

    def __init__(self, shown: Any) -> None:  # noqa: ANN401 - python-pptx has no types
        self.shown = shown

    def slide(self, title: str, note: str = "") -> Any:  # noqa: ANN401
        """Return a new page under its title, with a note for who speaks."""
        page = self.shown.slides.add_slide(self.shown.slide_layouts[5])
        held = page.shapes.title
        held.left, held.top = _inches(MARGIN), _inches(0.4)
        held.width, held.height = _inches(WIDTH - 2 * MARGIN), _inches(0.9)
        held.text_frame.text = title
        held.text_frame.word_wrap = True
        _dress(held.text_frame, size=28, bold=True)
        if note:
            page.notes_slide.notes_text_frame.text = note
        return page

    def lines(
        self,
        page: Any,  # noqa: ANN401
        told: Sequence[str],
        *,
        place: tuple[float, float, float, float],
        size: int = 16,
        muted: bool = False,
    ) -> None:
        """Write lines in a box: left, top, width, height."""
        box = page.shapes.add_textbox(*(_inches(one) for one in place))
        frame = box.text_frame
        frame.word_wrap = True
        for rank, text in enumerate(told):
            line = frame.paragraphs[0] if not rank else frame.add_paragraph()
            line.text = text
        _dress(frame, size=size, colour=MUTED if muted else INK, after=6)

    def table(
        self,
        page: Any,  # noqa: ANN401
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float],
        top: float = 1.5,
    ) -> None:
        """Write a table of texts, figures to the right; the first column is wide."""
        shape = page.shapes.add_table(
            len(rows) + 1,
            len(head),
            _inches(MARGIN),
            _inches(top),
            _inches(sum(widths)),
            _inches(0.4 * (len(rows) + 1)),
        )
        for column, width in enumerate(widths):
            shape.table.columns[column].width = _inches(width)
        for rank, row in enumerate((head, *rows)):
            for column, text in enumerate(row):
                _cell(
                    shape.table.cell(rank, column),
                    text,
                    head=not rank,
                    right=column >= len(head) - 4 and column > 1,
                )


def _opening(deck: _Deck, told: Telling) -> None:
    page = deck.slide(told.title)
    deck.lines(page, told.summary, place=(MARGIN, 1.7, 11.5, 3), size=22)
    source = _("Figures of {day}, snapshot {snapshot}").format(
        day=told.document.on.isoformat(), snapshot=told.document.snapshot
    )
    deck.lines(
        page,
        [told.document.company, source],
        place=(MARGIN, 6.4, 11.5, 0.8),
        size=12,
        muted=True,
    )


def _results(deck: _Deck, told: Telling) -> None:
    results = told.document.results
    for start in range(0, len(results), ROWS):
        page = deck.slide(
            _("Results against both targets"),
            note=told.document.notes.get("results", ""),
        )
        rows = [
            (
                told.named(one),
                told.span(one),
                told.status(one),
                told.value(one.actual, one),
                told.value(one.original_target, one),
                told.value(one.target, one),
                told.share(one.attainment),
            )
            for one in results[start : start + ROWS]
        ]
        deck.table(
            page,
            (
                _("Objective"),
                _("Period"),
                _("State"),
                _("Actual"),
                _("First target"),
                _("Target in force"),
                _("Attainment"),
            ),
            rows,
            widths=(3.9, 1.5, 1.5, 1.3, 1.3, 1.3, 1.1),
        )


def _attainments(deck: _Deck, told: Telling) -> None:
    """Draw attainment on both targets, side by side."""
    shown = [one for one in told.document.results if one.attainment is not None][:ROWS]
    if not shown:
        return
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION  # noqa: PLC0415

    page = deck.slide(_("Attainment on the first target and on the one in force"))
    data = CategoryChartData(number_format="0%")
    data.categories = [told.named(one) for one in reversed(shown)]
    data.add_series(
        _("On the first target"),
        [float(one.original_attainment or 0) for one in reversed(shown)],
    )
    data.add_series(
        _("On the target in force"),
        [float(one.attainment or 0) for one in reversed(shown)],
    )
    chart = _chart(page, XL_CHART_TYPE.BAR_CLUSTERED, data)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    for series, colour in zip(chart.plots[0].series, (SOFT, ACCENT), strict=True):
        _paint(series, colour)
    chart.plots[0].gap_width = 60
    chart.value_axis.tick_labels.number_format = "0%"
    chart.value_axis.tick_labels.number_format_is_linked = False
    _axes(chart)


def _cause(deck: _Deck, told: Telling, rank: int) -> None:
    """Draw a gap as a waterfall: stacked columns on an unseen base."""
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415
    from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

    cause = told.document.causes[rank]
    result = told.of(cause.objective)
    if result is None:
        return
    page = deck.slide(told.named(result), note=told.document.notes.get("causes", ""))
    deck.lines(page, [told.cause(cause)], place=(MARGIN, 1.3, 11.9, 0.8), size=16)
    names, base, gain, loss = _falls(
        float(cause.reference),
        [(one.driver, float(one.amount)) for one in cause.drivers],
    )
    scale = 100 if result.unit in {"share", "percent"} else 1
    data = CategoryChartData(number_format='#,##0.0" pt"' if scale > 1 else "#,##0")
    data.categories = [
        _("Target to date"),
        *(told.driver(name) for name in names),
        _("Actual"),
    ]
    reference, actual = float(cause.reference), float(cause.actual)
    series = (
        (_("Base"), [0.0, *base, 0.0], None),
        (_("Figure"), [reference, *([0.0] * len(names)), actual], ACCENT),
        (_("Gain"), [0.0, *gain, 0.0], GAIN),
        (_("Loss"), [0.0, *loss, 0.0], LOSS),
    )
    for name, values, _colour in series:
        data.add_series(name, [value * scale for value in values])
    chart = _chart(page, XL_CHART_TYPE.COLUMN_STACKED, data, top=2.1, height=4.2)
    chart.has_legend = False
    for drawn, (_name, _values, colour) in zip(
        chart.plots[0].series, series, strict=True
    ):
        _paint(drawn, colour)
    chart.plots[0].overlap, chart.plots[0].gap_width = 100, 45
    _axes(chart)
    told_below = [told.compared(cause), told.lever(cause)]
    deck.lines(page, told_below, place=(MARGIN, 6.4, 11.9, 0.9), size=13, muted=True)


def _falls(
    start: float, drivers: Sequence[tuple[str, float]]
) -> tuple[list[str], list[float], list[float], list[float]]:
    """Return names, unseen bases, gains and losses of the columns between both ends."""
    names, base, gain, loss = [], [], [], []
    level = start
    for name, amount in drivers:
        names.append(name)
        base.append(min(level, level + amount))
        gain.append(max(amount, 0.0))
        loss.append(max(-amount, 0.0))
        level += amount
    return names, base, gain, loss


def _field(deck: _Deck, told: Telling) -> None:
    field = told.document.heard
    if not field.classes and not field.rising:
        return
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415
    from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

    page = deck.slide(
        _("What the field says"), note=told.document.notes.get("field", "")
    )
    if field.classes:
        data = CategoryChartData(number_format="0")
        shown = list(reversed(field.classes[:8]))
        data.categories = [objection(one.name) for one in shown]
        data.add_series(_("Voices"), [one.said for one in shown])
        chart = _chart(page, XL_CHART_TYPE.BAR_CLUSTERED, data, width=6.6)
        chart.has_legend = False
        _paint(chart.plots[0].series[0], ACCENT)
        chart.plots[0].has_data_labels = True
        chart.plots[0].gap_width = 50
        _axes(chart)
    rising = [
        _("{word}: {said} voices, {before} before").format(
            word=one.name, said=one.said, before=one.before
        )
        for one in field.rising
    ]
    head = [_("New or rising"), *rising] if rising else []
    deck.lines(page, head, place=(7.7, 1.6, 5, 4.2), size=16)
    deck.lines(page, [told.heard], place=(MARGIN, 6.6, 11.9, 0.5), size=12, muted=True)


def _deeds(deck: _Deck, told: Telling, labels: dict[str, str]) -> None:
    document = told.document
    note = document.notes.get("actions", "")
    page = deck.slide(_("Actions, commitments, forecasts"), note=note)
    done = [
        _("{action} ({who}): {what}").format(
            action=one.text,
            who=one.owner_name,
            what=one.result or (_("done") if one.done else _("to do")),
        )
        for one in document.deeds[:6]
    ]
    kept = [
        _("{decision} ({who}): {what}").format(
            decision=one.text, who=told.carried(one, labels), what=told.kept(one)
        )
        for one in document.commitments[:4]
    ]
    came = [told.forecast(one) for one in document.forecasts[:4]]
    top = 1.5
    for title, found in (
        (_("Actions"), done),
        (_("Commitments of the review before"), kept),
        (_("What was forecast, and what came"), came),
    ):
        if found:
            height = 0.35 * (len(found) + 1) + 0.2
            deck.lines(page, [title], place=(MARGIN, top, 11.9, 0.4), size=16)
            deck.lines(
                page, found, place=(MARGIN + 0.2, top + 0.4, 11.7, height), size=13
            )
            top += height + 0.35


def _decisions(deck: _Deck, told: Telling, labels: dict[str, str]) -> None:
    document = told.document
    if not document.decisions and not document.learnings:
        return
    page = deck.slide(
        _("Decisions and learnings"), note=document.notes.get("decisions", "")
    )
    rows = [(one.text, told.carried(one, labels)) for one in document.decisions[:6]]
    if rows:
        deck.table(page, (_("Decision"), _("Owner")), rows, widths=(7.6, 4.3))
    learnt = [
        _("{tried} → {gave}").format(tried=one.tried, gave=one.gave)
        for one in document.learnings[:4]
    ]
    if learnt:
        top = 1.9 + 0.45 * (len(rows) + 1) if rows else 1.5
        deck.lines(
            page, [_("Learnings"), *learnt], place=(MARGIN, top, 11.9, 2), size=15
        )


def _chart(
    page: Any,  # noqa: ANN401
    kind: Any,  # noqa: ANN401
    data: Any,  # noqa: ANN401
    *,
    top: float = 1.4,
    width: float = WIDTH - 2 * MARGIN,
    height: float = 5.1,
) -> Any:  # noqa: ANN401
    from pptx.util import Pt  # noqa: PLC0415

    place = (_inches(one) for one in (MARGIN, top, width, height))
    chart = page.shapes.add_chart(kind, *place, data).chart
    chart.font.size = Pt(12)
    chart.has_title = False
    return chart


def _axes(chart: Any) -> None:  # noqa: ANN401
    chart.value_axis.major_gridlines.format.line.color.rgb = _colour("E4E7EC")
    chart.value_axis.format.line.fill.background()
    chart.category_axis.format.line.color.rgb = _colour("98A2B3")


def _paint(series: Any, colour: str | None) -> None:  # noqa: ANN401
    if colour is None:
        series.format.fill.background()
        series.format.line.fill.background()
        return
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _colour(colour)


def _cell(cell: Any, text: str, *, head: bool, right: bool) -> None:  # noqa: ANN401
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415

    cell.text_frame.text = text
    _dress(cell.text_frame, size=12, bold=head, colour="FFFFFF" if head else INK)
    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(ACCENT if head else "FFFFFF")


def _dress(
    frame: Any,  # noqa: ANN401
    *,
    size: int,
    bold: bool = False,
    colour: str = INK,
    after: int = 0,
) -> None:
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415
    from pptx.util import Pt  # noqa: PLC0415

    for line in frame.paragraphs:
        line.alignment = PP_ALIGN.LEFT
        line.font.size, line.font.bold = Pt(size), bold
        line.font.color.rgb = _colour(colour)
        line.font.name = "Inter"
        line.space_after = Pt(after)


def _colour(code: str) -> Any:  # noqa: ANN401
    from pptx.dml.color import RGBColor  # noqa: PLC0415

    return RGBColor.from_string(code)


def _inches(number: float) -> Any:  # noqa: ANN401
    from pptx.util import Inches  # noqa: PLC0415

    return Inches(number)
