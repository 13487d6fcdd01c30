"""Make the application database ready: apply the migrations that wait, if any do."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jalon.workspace.folder import Workspace


def prepare_database(workspace: Workspace) -> None:
    """Bring the database to today's shape; nothing happens where it is already."""
    workspace.folder.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
