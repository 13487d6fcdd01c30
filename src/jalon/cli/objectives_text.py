"""Objectives in words on a terminal: reports, lists, standings, explanations."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.domain.kpis.question import CountedRow, ExplainedComponent, Explanation
from jalon.domain.objectives.focus import Finding, Overload
from jalon.domain.objectives.objective import Objective
from jalon.locale.figures import day, difference, exact, figure, percent
from jalon.queries.formula_words import term
from jalon.queries.objectives import ObjectiveStatus
from jalon.queries.plainly import plainly
from jalon.usecases.import_objectives import ObjectivesReport, RowFault

NONE = "—"
ROWS_SHOWN = 20


def fault_line(found: RowFault) -> str:
    """Return where a fault stands, what is wrong, what was expected, an example."""
    fault = found.fault
    what = _(fault.code).format(
        field=fault.field,
        found=fault.found,
        example=fault.example,
        **fault.details,
    )
    place = _("{file}, row {row}, {field}: ").format(
        file=found.file, row=found.row, field=fault.field
    )
    return place + what


def report_lines(report: ObjectivesReport, *, lang: str) -> list[str]:
    """Return what an import did, then every fault."""
    counted = _(
        "Rows read: {read}; objectives added: {added}, changed: {changed},"
        " re-targeted: {retargeted}, unchanged: {unchanged}; faults: {faults}."
    )
    lines = [
        counted.format(
            read=report.read,
            added=len(report.added),
            changed=len(report.changed),
            retargeted=len(report.retargeted),
            unchanged=len(report.unchanged),
            faults=len(report.faults),
        )
    ]
    lines += [fault_line(found) for found in report.faults]
    lines += [
        _("Nobody in the data is called {owner}: kept under that name.").format(
            owner=owner
        )
        for owner in report.unknown_owners
    ]
    lines += [
        _imbalance(one.parent, one.check.difference, lang) for one in report.imbalances
    ]
    lines += [_overload(one) for one in report.overloads]
    if report.without_plan:
        lines.append(
            ngettext(
                "{number} objective has no plan of actions.",
                "{number} objectives have no plan of actions.",
                len(report.without_plan),
            ).format(number=len(report.without_plan))
        )
    return lines


def _overload(found: Overload) -> str:
    """Return the focus guard's word on one owner."""
    if found.finding is Finding.TOO_MANY_OBJECTIVES:
        text = _(
            "{owner} carries {count} objectives at once; {most} at most keep a "
            "person's focus."
        )
    else:
        text = _(
            "{owner} follows {count} KPIs at once; {most} at most keep a team's focus."
        )
    return text.format(owner=found.owner, count=found.count, most=found.most)


def _imbalance(parent: str, difference: Decimal, lang: str) -> str:
    told = exact(abs(difference), "count", lang=lang)
    if difference > 0:
        text = _("The objectives under {parent} ask for {amount} more than it does.")
    else:
        text = _("The objectives under {parent} ask for {amount} less than it does.")
    return text.format(parent=parent, amount=told)


def list_lines(objectives: Sequence[Objective]) -> list[str]:
    """Return one line an objective: id, KPI, owner, period, target, state."""
    if not objectives:
        return [_("No objective yet: jalon objectives import FILE.")]
    return table(
        [
            (
                one.id,
                one.kpi,
                one.owner,
                f"{one.period.first} → {one.period.after}",
                NONE if one.target is None else _plain(one.target),
                _said("state", one.state),
            )
            for one in objectives
        ]
    )


def status_lines(lines: Sequence[ObjectiveStatus], *, lang: str) -> list[str]:
    """Return one line an objective: where it stands, in the words of the trade."""
    if not lines:
        return [_("No objective is followed: jalon objectives import FILE.")]
    heads = (
        _("objective"),
        _("owner"),
        _("actual"),
        _("target"),
        _("attainment"),
        _("expected to date"),
        _("gap"),
        _("status"),
        _("since"),
    )
    return table([heads, *(_standing(line, lang) for line in lines)])


def _standing(line: ObjectiveStatus, lang: str) -> tuple[str, ...]:
    attained = line.attainment
    return (
        line.id,
        line.owner_name,
        _amount(line, line.actual, lang) + _margin(line, lang),
        _amount(line, line.target, lang),
        NONE if attained is None else percent(attained, lang=lang),
        _amount(line, line.expected_to_date, lang),
        _difference(line, line.gap, lang),
        _said("status", line.status),
        day(line.since, lang=lang),
    )


def _margin(line: ObjectiveStatus, lang: str) -> str:
    """Return " ± 6" where the figure is a survey's."""
    if line.margin is None:
        return ""
    return f" ± {difference(line.margin, line.unit, lang=lang)}"


def _said(kind: str, code: str) -> str:
    whole = f"{kind}.{code}"
    return _(whole)


def _amount(line: ObjectiveStatus, value: Decimal | None, lang: str) -> str:
    if value is None:
        return NONE
    return figure(value, line.unit, lang=lang, currency=line.currency or "EUR")


def _difference(line: ObjectiveStatus, value: Decimal | None, lang: str) -> str:
    if value is None:
        return NONE
    return difference(value, line.unit, lang=lang, currency=line.currency or "EUR")


def explanation_lines(
    line: ObjectiveStatus, found: Explanation, *, formula: str, lang: str
) -> list[str]:
    """Return the formula, each component's value, and the rows that entered it."""
    head = _("{objective}: {actual} for a target of {target}.").format(
        objective=line.id,
        actual=_amount(line, line.actual, lang),
        target=_amount(line, line.target, lang),
    )
    lines = [head]
    if line.reason:
        lines.append(_(line.reason))
    lines.append(formula or found.formula_words.get(lang, ""))
    for component in found.components:
        lines += ["", *_component(component, lang)]
    return [*lines, "", _("Snapshot {name}.").format(name=found.snapshot or NONE)]


def _component(component: ExplainedComponent, lang: str) -> list[str]:
    value = NONE if component.value is None else _plain(component.value)
    title = _("{name} = {value} ({words}); rows: {count}").format(
        name=term(component.name),
        value=value,
        words=plainly(component.words.get(lang, "")),
        count=component.total_rows,
    )
    shown = component.rows[:ROWS_SHOWN]
    lines = [title, *table([_counted(row) for row in shown])]
    hidden = component.total_rows - len(shown)
    if hidden > 0:
        lines.append(_("… and {count} more (--json gives them).").format(count=hidden))
    return lines


def _counted(row: CountedRow) -> tuple[str, ...]:
    facts = [
        f"{name}={value}" for name, value in row.facts.items() if value is not None
    ]
    counted = NONE if row.counted is None else _plain(row.counted)
    share = "" if row.share == 1 else f"× {_plain(row.share)}"
    return (f"  {counted}", share, " ".join(facts))


def _plain(number: Decimal) -> str:
    """Return a number without the zeros that end its decimals."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as aligned columns, two spaces apart."""
    if not rows:
        return []
    widths = [max(len(row[rank]) for row in rows) for rank in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
