"""A KPI's formula and reference in the language that is active."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.explain import formula_text

FUNCTION = re.compile(r"[a-z_]+(?=\()")
NAME = re.compile(r"[a-z]\w*(?!\w*\()")


def formula_said(kpi: Kpi, known: Mapping[str, Kpi]) -> str:
    """Return the formula as a sentence: terms by their words, KPIs by their labels."""
    language = "fr" if (get_language() or "fr").startswith("fr") else "en"

    def told(found: re.Match[str]) -> str:
        name = found[0]
        own = {*kpi.components, *(n for part in kpi.by_basis.values() for n in part)}
        if name in own or name not in known:
            return term(name)
        return _lower_first(known[name].label[language])

    text = NAME.sub(told, formula_text(kpi.formula))
    text = FUNCTION.sub(lambda met: worded(f"function.{met[0]}", met[0]), text)
    return f"{kpi.label[language]} = {text}"


def reference_said(kpi: Kpi) -> str:
    """Return where the definition comes from; a company's own says it in its words."""
    return kpi.reference if kpi.own else worded(f"reference.{kpi.key}", kpi.reference)


def term(name: str) -> str:
    """Return what a component is called; its own name where nobody gave it words."""
    return worded(f"term.{name}", name.replace("_", " "))


def worded(code: str, otherwise: str) -> str:
    """Return the words of a code; `otherwise` where it has none."""
    said = _(code)
    return otherwise if said == code else said


def _lower_first(label: str) -> str:
    """Return the label as it stands inside a sentence; acronyms keep their letters."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
