"""What set-up asks of Odoo: its address, its database, a user and their API key."""

from __future__ import annotations

from jalon.connectors.contract import Setting

EXAMPLE = "https://acme.odoo.com"
SETTINGS = (
    Setting(name="url", label="Address of your Odoo", example=EXAMPLE),
    Setting(name="database", label="Name of the database", example="acme"),
    Setting(
        name="login",
        label="Login of the user whose key it is",
        help="One who sees all documents of sales; settings administrator for history.",
        example="jalon@acme.fr",
    ),
    Setting(
        name="key",
        label="API key",
        help="My profile → Account security → New API key.",
        secret=True,
    ),
    Setting(
        name="protocol",
        label="Protocol",
        help="JSON-2 from version 19, XML-RPC before; asked of the server if empty.",
        options=("", "json2", "xmlrpc"),
        required=False,
    ),
)
