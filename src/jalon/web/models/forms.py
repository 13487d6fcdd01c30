"""What is typed of a company's own model."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict

from jalon.domain.objectives.own_models import STAGES, Draft


def draft_from(posted: QueryDict, *, better: Mapping[str, str]) -> Draft:
    """Return the draft a form says; the direction is the KPI's own."""

    def said(name: str) -> str:
        return posted.get(name, "").strip()

    return Draft(
        label=said("label"),
        statement=said("statement"),
        kpi=said("kpi"),
        direction=better.get(said("kpi"), "up"),
        target=said("target").replace(",", "."),
        change=said("change"),
        baseline=said("baseline"),
        period=said("period"),
        nature=said("nature"),
        cadence=said("cadence"),
        where=_lines(said("where").replace(";", "\n")),
        stages=tuple(one for one in STAGES if one in posted.getlist("stages")),
        actions=_lines(said("actions")),
        levers=_lines(said("levers")),
        questions=_lines(said("questions")),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
