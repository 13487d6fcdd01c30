"""A review ready for a template: rows of texts, in the order they are read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.waterfall import Part, Waterfall, waterfall
from jalon.domain.reviews.review import HIGHEST, LOWEST
from jalon.queries.review_document import Cause, Decided, Result
from jalon.reports.review.words import Telling, objection

SIGNS = {
    "on_track": "✓",
    "watch": "◐",
    "off_track": "!",
    "reached": "★",
    "missed": "✕",
    "not_started": "○",
    "no_data": "?",
}


def laid(told: Telling, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the review as its template shows it."""
    document = told.document
    return {
        "title": told.title,
        "period": told.period,
        "summary": told.summary,
        "ended": [_result(one, told) for one in document.results if one.ended],
        "running": [_result(one, told) for one in document.results if not one.ended],
        "causes": [_cause(one, told) for one in document.causes],
        "heard": told.heard if document.heard.said else "",
        "classes": [
            {"name": objection(one.name), "said": one.said, "authors": one.authors}
            for one in document.heard.classes
        ],
        "rising": document.heard.rising,
        "deeds": [
            {
                "text": one.text,
                "who": one.owner_name,
                "objective": one.objective,
                "due": one.due,
                "done": one.done,
                "done_on": one.done_on,
                "result": one.result,
            }
            for one in document.deeds
        ],
        "commitments": [_decided(one, told, labels) for one in document.commitments],
        "forecasts": [told.forecast(one) for one in document.forecasts],
        "inside": _(
            "{inside} of {number} forecasts made half-way held what came; 80 in 100"
            " should."
        ).format(inside=document.inside, number=len(document.forecasts))
        if document.forecasts
        else "",
        "words": [
            {
                "side": one.side,
                "level": one.level,
                "marks": range(LOWEST, HIGHEST + 1),
                "proud": one.proud,
                "harder": one.harder,
                "needs": one.needs,
                "lang": one.lang,
                "by": one.by,
            }
            for one in document.words
        ],
        "decisions": [_decided(one, told, labels) for one in document.decisions],
        "learnings": [
            {
                "id": one.id,
                "kpi": labels.get(one.kpi, one.kpi),
                "tried": one.tried,
                "gave": one.gave,
                "lang": one.lang,
            }
            for one in document.learnings
        ],
        "notes": dict(document.notes),
    }


def _result(one: Result, told: Telling) -> dict[str, Any]:
    return {
        "id": one.id,
        "owner": one.owner_name,
        "kpi": told.label(one),
        "statement": one.statement or one.id,
        "lang": one.lang,
        "span": told.span(one),
        "status": one.status,
        "sign": SIGNS.get(one.status, "?"),
        "state": told.status(one),
        "actual": told.value(one.actual, one),
        "original": told.value(one.original_target, one),
        "target": told.value(one.target, one),
        "retargeted": one.retargeted,
        "on_original": told.share(one.original_attainment),
        "on_target": told.share(one.attainment),
        "landing": told.landing(one),
        "revised": told.revised(one),
    }


def _cause(one: Cause, told: Telling) -> dict[str, Any]:
    result = told.of(one.objective)
    return {
        "objective": one.objective,
        "sentence": told.cause(one),
        "compared": told.compared(one),
        "lever": told.lever(one),
        "where": one.where,
        "drawn": _drawn(one, result, told) if result else "",
        "drivers": [
            {
                "name": told.driver(each.driver),
                "amount": told.apart(each.amount, result) if result else "",
            }
            for each in one.drivers
        ],
    }


def _drawn(one: Cause, result: Result, told: Telling) -> SafeString:
    """Return the gap as a waterfall, wide and narrow."""
    chart = Waterfall(
        title=_("What the gap is made of"),
        description=told.cause(one),
        start=Part(_("Target to date"), one.reference),
        parts=[Part(told.driver(each.driver), each.amount) for each in one.drivers],
        end=Part(_("Actual"), one.actual),
        say=lambda value: told.value(_short(value), result),
        say_signed=lambda value: told.apart(value, result),
    )
    wide = waterfall(chart, width=760, names=230, figures=110)
    small = waterfall(chart, width=350, names=150, figures=86)
    both = f'<div class="path-wide">{wide}</div><div class="path-narrow">{small}</div>'
    return mark_safe(both)  # noqa: S308 - escaped by charts.svg


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))


def _decided(one: Decided, told: Telling, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "lang": one.lang,
        "carried": told.carried(one, labels),
        "owner": one.owner,
        "kept": one.kept,
        "kept_words": told.kept(one),
        "answer": one.answer,
    }
