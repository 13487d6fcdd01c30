"""`jalon mcp`: the server of assistants, over standard input and output or HTTP."""

from __future__ import annotations

import os

import click
from django.utils import translation

from jalon.domain.refusals import Refusal
from jalon.mcp.server import open_server, server
from jalon.mcp.whose import LANGUAGES, TOKEN, asked_by
from jalon.usecases.prepare_database import prepare_database
from jalon.workspace.folder import Workspace, current

_NOBODY = (
    "An assistant acts as somebody: give a token of theirs in {variable}. Make one on "
    "the page of your tokens, or with: jalon tokens make."
)
_NO_PLACE = "{found} is no place to listen. Expected HOST:PORT, e.g. 127.0.0.1:8765."
LAST_PORT = 65_535


@click.command("mcp")
@click.option("--workspace", metavar="DIR", help="Folder of the company.")
@click.option("--http", metavar="HOST:PORT", help="Serve many, each by a token.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of texts.")
def command(
    workspace: str | None,  # noqa: ARG001 - read before
    http: str | None,
    lang: str | None,
) -> None:
    """Let an assistant ask what its user may ask (Model Context Protocol).

    Over standard input and output, the token is read from JALON_TOKEN; with --http,
    each question carries its own. Nothing is written: every tool reads.
    """
    place = _place(http) if http else None
    token = os.environ.get(TOKEN, "")
    if not token and place is None:
        raise Refusal(_NOBODY, variable=TOKEN)
    here = current()
    prepare_database(here)
    translation.activate(lang or here.settings.language)
    if place is not None:
        serve(here, *place, lang=lang)
        return
    asked_by(here, token, lang=lang)
    server(here, token, lang=lang).run("stdio")


def serve(workspace: Workspace, host: str, port: int, *, lang: str | None) -> None:
    """Serve the tools over HTTP until stopped."""
    address = f"http://{host}:{port}/mcp"
    made = open_server(workspace, address, lang=lang)
    click.echo(f"Jalon MCP: {address}", err=True)
    made.run(
        "streamable-http",
        host=host,
        port=port,
        stateless_http=True,
        json_response=True,
    )


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= LAST_PORT:
        raise Refusal(_NO_PLACE, found=text)
    return host, int(port)
