"""Formulas and phrases with columns and codes in them, said with people's words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.explain import formula_text
from jalon.web.components.cells import worded
from jalon.web.language import current

TECHNICAL = re.compile(
    r"(?<![\w.])(?:[a-z]+(?:_[a-z]+)+|deals|leads|activities|subscriptions|answers"
    r"|tickets|spend|markets|people|amount|cost|mrr|quantity|score|size|scale|kind"
    r"|survey|outcome|held|won|lost|open|call|meeting|demo|email|proposal|complaint"
    r"|upsell|nps|csat|engagement|renewed|role|manager|director|true|false|∅)"
    r"(?![\w.])"
)
PREFIX = re.compile(r"\b(?:product|deal|person|account|activities)\.(?=[a-z])")
OTHERWISE = re.compile(r"coalesce\(([\w.]+), ([\w.]+)\)")
SIDE = re.compile(
    r"\b(?:start|end|before)\b(?=\s*[=<>≠≤≥−,)])"
    r"|(?:(?<=[=<>−,] )|(?<=somme de )|(?<=sum of ))(?:start|end)\b"
)
DATED = re.compile(r", on (?=dans|within)")
FUNCTION = re.compile(r"[a-z_]+(?=\()")
NAME = re.compile(r"[a-z]\w*(?!\w*\()")
FAMILIES = ("phrase", "table", "column", "value")
ONE_WORD = {"∅": "phrase.nothing"}


def plainly(phrase: str) -> str:
    """Return the phrase, each technical word replaced by people's where known."""
    plain = PREFIX.sub("", DATED.sub(f", {_('phrase.on')} ", phrase))
    plain = OTHERWISE.sub(_("phrase.otherwise").format(one=r"\1", other=r"\2"), plain)
    plain = SIDE.sub(lambda found: _(f"phrase.{found[0]}"), plain)  # noqa: INT001
    return TECHNICAL.sub(_plain_word, plain)


def formula_said(kpi: Kpi, known: Mapping[str, Kpi]) -> str:
    """Return the formula as a sentence: terms by their words, KPIs by their labels."""

    def told(found: re.Match[str]) -> str:
        name = found[0]
        own = {*kpi.components, *(n for part in kpi.by_basis.values() for n in part)}
        if name in own or name not in known:
            return term(name)
        return _lower_first(known[name].label[current()])

    text = NAME.sub(told, formula_text(kpi.formula))
    text = FUNCTION.sub(lambda met: worded(f"function.{met[0]}", met[0]), text)
    return f"{kpi.label[current()]} = {text}"


def term(name: str) -> str:
    """Return what a component is called; its own name where nobody gave it words."""
    return worded(f"term.{name}", name.replace("_", " "))


def _lower_first(label: str) -> str:
    """Return the label as it stands inside a sentence; acronyms keep their letters."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _plain_word(found: re.Match[str]) -> str:
    name = found[0]
    if name in ONE_WORD:
        return worded(ONE_WORD[name], name)
    for family in FAMILIES:
        told = worded(f"{family}.{name}", "")
        if told:
            return told
    return name
