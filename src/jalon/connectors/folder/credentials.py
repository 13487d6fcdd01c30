"""What set-up asks of a watched folder; it has no secret."""

from __future__ import annotations

from jalon.connectors.contract import Setting

SETTINGS = (
    Setting(
        name="path",
        label="Folder to watch",
        help="A folder of this machine, e.g. the workspace's inbox.",
        example="/srv/jalon/inbox",
    ),
    Setting(
        name="pattern",
        label="Files to read",
        help="All of a known kind if left empty.",
        example="*.csv",
        required=False,
    ),
    Setting(
        name="mapping",
        label="Mapping file (TOML)",
        help="Tables and columns are recognised if left empty.",
        example="/srv/jalon/mappings/crm.toml",
        required=False,
    ),
)
