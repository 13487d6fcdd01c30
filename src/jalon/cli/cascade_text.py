"""A cascade in words on a terminal: the tree, each figure's way, what is not met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from gettext import gettext as _

from jalon.domain.cascade.outcome import Amount, Cascade, Given, Unmet
from jalon.locale.figures import NARROW, exact, percent

_BLANK = "—"


def how_text(given: Given) -> str:
    """Return how a node came to its figure: rule, weight, what stopped it."""
    code = f"cascade.rule.{given.how.rule}"
    words = [_(code).format(weight=_weight(given.how.weight))]
    if given.how.guessed:
        words.append(_("no history: an average neighbour's"))
    if given.how.bound:
        code = f"cascade.bound.{given.how.bound}"
        words.append(_(code))
    return ", ".join(words)


def unmet_text(unmet: Unmet) -> str:
    """Return what could not be met and why."""
    code = f"cascade.cause.{unmet.cause}"
    return _(code).format(
        node=unmet.id or _("The target"),
        asked=_bare(unmet.asked),
        reached=_bare(unmet.reached),
        missing=_bare(abs(unmet.missing)),
    )


def lines(cascade: Cascade, *, lang: str) -> Iterator[str]:
    """Yield the tree as a table, then what could not be met."""
    rows: list[tuple[str, ...]] = [(_("Node"), _("Target"), _("Proposed"), _("How"))]
    for each, depth in _in_tree_order(cascade):
        rows.append(
            (
                "  " * depth + each.id,
                _figure(each.target, each.unit, lang),
                _BLANK
                if each.proposed is None
                else _figure(each.proposed, each.unit, lang),
                how_text(each),
            )
        )
    if not any(each.proposed is not None for each in cascade.given):
        rows = [(name, target, how) for name, target, _proposed, how in rows]
    yield from _aligned(rows)
    more = cascade.top.cushion
    if more:
        yield _("Cushion: {share}.").format(share=percent(more, lang=lang))
    for unmet in cascade.unmet:
        yield unmet_text(unmet)


def _in_tree_order(cascade: Cascade) -> Iterator[tuple[Given, int]]:
    """Yield each node after its parent, and how deep it is."""
    known = {each.id for each in cascade.given}
    parts: dict[str, list[Given]] = defaultdict(list)
    for each in cascade.given:
        parts[each.parent if each.parent in known else ""].append(each)
    waiting = [(each, 0) for each in reversed(parts[""])]
    while waiting:
        each, depth = waiting.pop()
        yield each, depth
        waiting.extend((part, depth + 1) for part in reversed(parts[each.id]))


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if 0 < rank < len(row) - 1 else cell.ljust(width)
            for rank, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _figure(amount: Amount, unit: str, lang: str) -> str:
    value = Decimal(str(amount))
    if unit == "share":
        return percent(value, lang=lang, digits=2)
    if unit in {"", "number"}:
        return _bare(amount)
    if unit == "money":
        text = exact(value, unit, lang=lang, currency="EUR")
        return text.replace("€", "").strip(NARROW).strip()
    return exact(value.quantize(Decimal("0.01")), unit, lang=lang)


def _weight(weight: float | None) -> str:
    return "" if weight is None else f"{weight:.6g}"


def _bare(amount: Amount) -> str:
    text = f"{Decimal(str(amount)).quantize(Decimal('0.000001')):f}"
    return text.rstrip("0").rstrip(".")
