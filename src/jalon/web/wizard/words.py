"""Words of the models in the first run: where one stands, what one aims at."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from jalon.domain.kpis.conditions import condition
from jalon.domain.objectives.objective import BaselineRule
from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.queries.first_objectives import RATES, Owners, Proposal
from jalon.queries.model_adaptation import Adaptation, where_words
from jalon.web.components.cells import worded
from jalon.web.language import current
from jalon.web.today import workspace

register = template.Library()


@register.filter
def adapted_period(found: Adaptation) -> str:
    """Return `T4 2026` or what the period aimed at is called."""
    return figures.period_name(
        found.period.first,
        found.period.after,
        lang=current(),
        fiscal_first_month=workspace().settings.fiscal_first_month,
    )


@register.filter
def baseline_words(found: Adaptation) -> str:
    """Return where the company stood, or why nobody can say."""
    if found.baseline is None:
        why = worded(found.reason, "") if found.reason else ""
        return _("No figure to start from: {why}").format(why=why or _("no fact yet"))
    value = _figure(found.baseline, found)
    if found.baseline_rule is BaselineRule.LAST_YEAR:
        return _("A year before: {value}").format(value=value)
    return _("The period before: {value}").format(value=value)


@register.filter
def aim_example(one: Proposal) -> str:
    """Return the target proposed, as one would type it."""
    target = one.adaptation.proposal
    if target is None:
        return "+12 %"
    return _figure(target, one.adaptation)


@register.filter
def aim_words(one: Proposal) -> str:
    """Return the target, and the step it is from where the company stood."""
    if one.target is None:
        return _("Type a target.")
    target = figures.figure(
        one.target,
        one.adaptation.unit,
        lang=current(),
        currency=one.adaptation.currency,
    )
    if one.change is None:
        return _("Target: {target}").format(target=target)
    return _("Target: {target}, that is {change}").format(
        target=target, change=_step(one.change, one.adaptation)
    )


@register.filter
def told(refusal: Refusal) -> str:
    """Return a refusal in the reader's language."""
    return refusal.told(_)


@register.filter
def filter_value(text: str) -> str:
    """Return the value of a filter, without its dimension."""
    return ", ".join(condition(text).values)


@register.filter
def filter_words(text: str) -> str:
    """Return a filter in words: "affaires de moins de 10 000 €"."""
    return where_words(text, lang=current()).strip()


@register.filter
def team_choices(owners: Owners) -> list[tuple[str, str]]:
    """Return the teams as owners, with their names."""
    return [(f"team:{key}", name) for key, name in owners.teams]


@register.filter
def people_choices(owners: Owners) -> list[tuple[str, str]]:
    """Return the people as owners, with their names."""
    return [(f"person:{key}", name) for key, name in owners.people]


def _figure(value: Decimal, found: Adaptation) -> str:
    return figures.figure(value, found.unit, lang=current(), currency=found.currency)


def _step(change: Decimal, found: Adaptation) -> str:
    if found.unit in RATES:
        return figures.difference(change, found.unit, lang=current(), signed=True)
    sign = "+" if change > 0 else ""
    return f"{sign}{figures.percent(change, lang=current())}"
