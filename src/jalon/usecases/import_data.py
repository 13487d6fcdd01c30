"""Import files as somebody: `import_file` for whoever may, with its line in the audit.

Facts are published in the warehouse first; the line follows when something was.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from jalon.connectors.files.reading import Progress
from jalon.domain.people.permission import Act
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.import_file import ImportReport, import_file
from jalon.usecases.join_people import follow_people
from jalon.workspace.folder import Workspace


def import_data(  # noqa: PLR0913 - what `import_file` takes, and who
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    actor: Actor,
    at: datetime.datetime,
    mapping: Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files and return the report; `at` is aware, as the audit keeps it.

    Raises:
        ForbiddenError: If the actor may not import data.
        ImportRefusedError: If a file or the mapping cannot be used.
    """
    authorise(actor, Act.IMPORT_DATA)
    report = import_file(
        workspace,
        paths,
        mapping=mapping,
        at=at.replace(tzinfo=None),
        dry_run=dry_run,
        progress=progress,
    )
    follow_people(workspace, report.joins, actor=actor, at=at)
    if report.generation:
        note(
            actor,
            "import",
            "data",
            report.import_id,
            at=at,
            after=report.generation,
            files=[path.name for path in paths],
            accepted=report.accepted,
            rejected=report.rejected,
        )
    return report
