"""A pay statement as one document: amounts, rules, arithmetic in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jalon.domain.incentives.sentences import Figure, Kind
from jalon.locale.figures import exact, percent
from jalon.queries.pay_statements import StatementPage

CENT = Decimal("0.01")


def told_statement(
    page: StatementPage, *, lang: str, translated: Callable[[str], str]
) -> dict[str, Any]:
    """Return the statement, its sentences in the language asked."""

    def written(figure: Figure) -> str:
        if figure.kind is Kind.MONEY:
            return exact(figure.number, "money", lang=lang, currency=page.currency)
        if figure.kind is Kind.SHARE:
            return percent(figure.number, lang=lang, digits=2)
        return exact(figure.number, "number", lang=lang)

    return {
        "person": page.person,
        "name": page.name,
        "plan": page.plan,
        "version": page.number,
        "period": page.period,
        "state": page.state,
        "currency": page.currency,
        "target": page.variable,
        "total": page.total.quantize(CENT),
        "lines": [
            {
                "rule": one.line.rule,
                "label": one.line.label,
                "amount": one.line.amount,
                "actual": one.line.actual,
                "target": one.line.target,
                "attainment": one.line.attainment,
                "objectives": list(one.objectives),
                "explanation": [
                    step.told(translated, written) for step in one.line.steps
                ],
            }
            for one in page.lines
        ],
        "missing": [
            {"measure": one.measure, "reason": one.reason} for one in page.missing
        ],
    }


def in_lines(document: dict[str, Any]) -> list[str]:
    """Return the same as lines to read."""
    lines = []
    for one in document["lines"]:
        lines.append(f"{one['label']}  {one['amount']:f}")
        lines += [f"    {sentence}" for sentence in one["explanation"]]
    total = f"{document['total']} {document['currency']}"
    return [*lines, f"{document['name']}  {document['period']}  {total}"]
