"""The order of the company's stages, read from how deals went through them.

A stage comes before another when more deals entered it first; the stage where deals
are won comes last, the one where they are lost has no rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jalon.domain.kpis.algebra import Component
from jalon.domain.refusals import Refusal
from jalon.queries.filters import folded
from jalon.queries.snapshots import Snapshot

_PAIRS = """
WITH firsts AS (
  SELECT deal_id, stage, min("at") AS entered FROM stage_changes
  WHERE stage IS NOT NULL GROUP BY 1, 2
)
SELECT a.stage, b.stage, count(*) FROM firsts a JOIN firsts b USING (deal_id)
WHERE a.entered < b.entered GROUP BY 1, 2
"""
_ENDS = """
SELECT stage, count(*) FILTER (WHERE outcome = 'won'),
       count(*) FILTER (WHERE outcome = 'lost'), count(*)
FROM deals WHERE stage IS NOT NULL GROUP BY 1
"""
_STAGES = "SELECT DISTINCT stage FROM stage_changes WHERE stage IS NOT NULL"
_kept: dict[tuple[str, str], Mapping[str, int]] = {}


class UnknownStageError(Refusal, ValueError):
    """No deal went through a stage of that name."""

    def __init__(self, stage: str, known: tuple[str, ...]) -> None:
        sentence = (
            'No stage is called "{stage}". Expected one of: {known}.'
            if known
            else 'No stage is called "{stage}": the history of deals names none.'
        )
        super().__init__(sentence, stage=stage, known=", ".join(known))


def with_stages(found: Snapshot) -> Snapshot:
    """Return the snapshot knowing the order of its stages."""
    key = (found.folder, found.name)
    if key not in _kept:
        _kept[key] = _ranks(found)
    return replace(found, world=replace(found.world, stage_ranks=_kept[key]))


def staged(
    components: Mapping[str, Component], ranks: Mapping[str, int]
) -> dict[str, Component]:
    """Return components whose stages are spelled as the data spell them.

    Raises:
        UnknownStageError: If a stage is not met, or comes after the one to reach.
    """
    return {name: _spelled(one, ranks) for name, one in components.items()}


def _spelled(component: Component, ranks: Mapping[str, int]) -> Component:
    source = component.source
    if source is None or not source.stages:
        return component
    ordered = tuple(ranks)
    ends = (ordered[:1] or ("",))[0], (ordered[-1:] or ("",))[0]
    stages = tuple(
        _known(stage or end, ordered)
        for stage, end in zip(source.stages, ends, strict=True)
    )
    return replace(component, source=replace(source, stages=stages))


def _known(stage: str, ordered: tuple[str, ...]) -> str:
    if stage in ordered or not (stage or ordered):
        return stage
    like = [name for name in ordered if folded(name) == folded(stage)]
    if len(like) != 1:
        raise UnknownStageError(stage, ordered)
    return like[0]


def _ranks(found: Snapshot) -> Mapping[str, int]:
    cursor = found.cursor()
    ends = {row[0]: row[1:] for row in cursor.execute(_ENDS).fetchall()}
    won = {stage for stage, (w, _, total) in ends.items() if 2 * w > total}
    lost = {stage for stage, (_, gone, total) in ends.items() if 2 * gone > total}
    met = {row[0] for row in cursor.execute(_STAGES).fetchall()} - lost
    before = {(row[0], row[1]): row[2] for row in cursor.execute(_PAIRS).fetchall()}
    ahead = {
        stage: sum(
            before.get((stage, other), 0) > before.get((other, stage), 0)
            for other in met
        )
        for stage in met
    }
    ordered = sorted(met, key=lambda stage: (stage in won, -ahead[stage], stage))
    return {stage: rank for rank, stage in enumerate(ordered)}
