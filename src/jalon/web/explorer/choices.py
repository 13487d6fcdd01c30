"""What each control of the explorer offers for the KPI asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jalon.domain.kpis.conditions import OPERATORS
from jalon.domain.periods.presets import CUSTOM, PRESETS
from jalon.domain.refusals import Refusal
from jalon.queries.filters import folded
from jalon.queries.kpi_values import catalogue
from jalon.queries.suggestions import Dimensions, dimensions
from jalon.web.explorer.asking import GRAINS, Asked
from jalon.web.explorer.table import dimension_name
from jalon.web.language import current
from jalon.workspace.folder import Workspace

Options = list[tuple[str, str]]


def choices(workspace: Workspace, asked: Asked) -> dict[str, object]:
    """Return the options of each control; a cut asked is offered even if unknown."""
    known = catalogue(workspace)
    kpi = known[asked.exploration.kpi]
    try:
        ways = dimensions(workspace, kpi, basis=asked.exploration.basis)
    except Refusal:
        ways = Dimensions((), (), ())
    by: Options = [(name, dimension_name(name)) for name in ways.all]
    by += [(n, dimension_name(n)) for n in asked.exploration.by if n not in ways.all]
    return {
        "kpi": _kpis(workspace),
        "by": by,
        "filter": _filters(ways),
        "grain": [(g, _(f"grain.{g or 'none'}")) for g in GRAINS],  # noqa: INT001
        "period": [(p, _(f"preset.{p}")) for p in (*PRESETS, CUSTOM)],  # noqa: INT001
        "operator": OPERATORS,
        "basis": [("deals", _("Signed deals")), ("orders", _("Orders"))]
        if kpi.by_basis
        else [],
        "against": [
            ("", _("Nothing")),
            ("N-1", _("A year earlier (N-1)")),
            ("previous", _("The period before")),
        ],
    }


def _kpis(workspace: Workspace) -> Options:
    kpis = catalogue(workspace).values()
    found = [(kpi.key, kpi.label[current()]) for kpi in kpis]
    return sorted(found, key=lambda pair: folded(pair[1]))


def _filters(ways: Dimensions) -> Options:
    names = (*ways.known, "amount", *ways.attributes, *ways.parameters)
    return [(name, dimension_name(name)) for name in names]
