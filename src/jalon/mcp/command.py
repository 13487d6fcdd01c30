"""`jalon mcp`: the server of an assistant, over standard input and output."""

from __future__ import annotations

import os

import click
from django.utils import translation

from jalon.domain.refusals import Refusal
from jalon.mcp.server import server
from jalon.mcp.whose import LANGUAGES, TOKEN, asked_by
from jalon.usecases.prepare_database import prepare_database
from jalon.workspace.folder import current

_NOBODY = (
    "An assistant acts as somebody: give a token of theirs in {variable}. Make one on "
    "the page of your tokens, or with: jalon tokens make."
)


@click.command("mcp")
@click.option("--workspace", metavar="DIR", help="Folder of the company.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of texts.")
def command(workspace: str | None, lang: str | None) -> None:  # noqa: ARG001 - read before
    """Let an assistant ask what its user may ask (Model Context Protocol, stdio).

    The token is read from JALON_TOKEN. Nothing is written: every tool reads.
    """
    token = os.environ.get(TOKEN, "")
    if not token:
        raise Refusal(_NOBODY, variable=TOKEN)
    here = current()
    prepare_database(here)
    translation.activate(lang or here.settings.language)
    asked_by(here, token, lang=lang)
    server(here, token, lang=lang).run("stdio")
