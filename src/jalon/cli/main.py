"""`jalon`: one group, whose commands are imported only when they are called."""

from __future__ import annotations

import gettext
import itertools
import os
import sys
from collections.abc import Sequence
from importlib import import_module, resources
from typing import Any

import click

from jalon.cli.door import LANGUAGES, reason, shared_options
from jalon.cli.helping import spoken
from jalon.domain.refusals import Refusal
from jalon.workspace import machine
from jalon.workspace.folder import current
from jalon.workspace.machine import MachineError

# name: (module:attribute, one line of help)
COMMANDS = {
    "init": ("jalon.cli.init:command", "Create a workspace: the folder of a company."),
    "demo": ("jalon.cli.demo:command", "Create the sample company, then serve it."),
    "import": ("jalon.cli.import_files:command", "Read files into the warehouse."),
    "sources": ("jalon.cli.sources:group", "Connect CRMs, databases, folders."),
    "kpi": ("jalon.cli.kpi:group", "List, show and compute KPIs."),
    "smart": ("jalon.cli.smart:command", "Read sentences as objectives, judge them."),
    "models": ("jalon.cli.models:command", "The ten models of objectives."),
    "objectives": ("jalon.cli.objectives:group", "Import, follow, explain objectives."),
    "forecast": ("jalon.cli.forecast:group", "Where a KPI will land, how sure."),
    "gap": ("jalon.cli.gap:command", "Why a figure is off: drivers and levers."),
    "drift": ("jalon.cli.drift:command", "What left its path: since when, how sure."),
    "alerts": ("jalon.cli.alerts:command", "What changed state; tell people of it."),
    "points": ("jalon.cli.points:command", "Ask for the week's points by mail."),
    "surveys": ("jalon.cli.surveys:group", "Ask customers and the team by mail."),
    "payout": ("jalon.cli.payout:command", "What a pay plan pays on results."),
    "cascade": ("jalon.cli.cascade:command", "Share a target out along a tree."),
    "territories": (
        "jalon.cli.territories:group",
        "Share accounts out among people.",
    ),
    "report": ("jalon.cli.report:group", "Files: evidence, the weekly reading."),
    "invite": ("jalon.cli.accounts:invite", "Invite somebody: the link to come in."),
    "accounts": (
        "jalon.cli.accounts:group",
        "List accounts, import a list, erase somebody.",
    ),
    "tokens": ("jalon.cli.tokens:group", "Keys to the API for programs."),
    "mcp": ("jalon.mcp.command:command", "Let an assistant ask, as somebody."),
    "serve": ("jalon.cli.serve:command", "Serve the pages."),
    "worker": ("jalon.cli.worker:command", "Refresh the sources when they are due."),
    "backup": ("jalon.cli.backup:save", "Save the whole workspace in one file."),
    "restore": ("jalon.cli.backup:bring_back", "Bring a saved workspace back."),
    "doctor": ("jalon.cli.doctor:command", "Check the workspace."),
}
WITH_RECORDS = (
    "import",
    "forecast",
    "gap",
    "drift",
    "alerts",
    "points",
    "surveys",
    "objectives",
    "territories",
    "report",
    "serve",
    "sources",
    "worker",
    "backup",
    "restore",
    "doctor",
    "invite",
    "accounts",
    "tokens",
    "mcp",
)
REFUSED = 2
CATALOGUE = "django"


class LazyGroup(click.Group):
    """A group that knows its commands by name before their modules are imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order of a first day with Jalon."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own shape
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in WITH_RECORDS:
            django_ready()
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return spoken(command)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own shape
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list without importing anything."""
        lines = [(one, gettext.gettext(text)) for one, (_, text) in COMMANDS.items()]
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl(lines)


@click.command(cls=LazyGroup, no_args_is_help=True)
@shared_options
@click.version_option(package_name="jalon")
@click.pass_context
def group(ctx: click.Context, /, **shared: Any) -> None:  # noqa: ANN401 - options vary
    """Sales objectives from CRM facts to people."""
    ctx.obj = {name: value for name, value in shared.items() if value is not None}


def django_ready() -> None:
    """Load the models that some commands are made of, for the workspace named."""
    import django  # noqa: PLC0415 - only commands that need it pay for it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    django.setup()


def name_workspace(arguments: Sequence[str]) -> None:
    """Tell the settings the workspace before they are read, wherever it is written."""
    for word, following in itertools.pairwise([*arguments, ""]):
        if word == "--workspace" and following:
            os.environ["JALON_WORKSPACE"] = following
        elif word.startswith("--workspace="):
            os.environ["JALON_WORKSPACE"] = word.partition("=")[2]


def language(arguments: Sequence[str]) -> str:
    """Return the language asked, else the workspace's, else French.

    It is known before click reads the arguments: click's refusals speak it too.
    """
    for word, following in itertools.pairwise([*arguments, ""]):
        asked = word.partition("=")[2] if word.startswith("--lang=") else following
        if word.partition("=")[0] == "--lang" and asked in LANGUAGES:
            return asked
    try:
        found = current().settings.language
    except (Refusal, OSError):
        return LANGUAGES[0]
    return found if found in LANGUAGES else LANGUAGES[0]


def speak(lang: str) -> None:
    """Give click's sentences and our refusals one language, Django ready or not."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(CATALOGUE, str(resources.files("jalon.locale")))
    gettext.textdomain(CATALOGUE)


def unusable(error: OSError) -> MachineError:
    """Return the refusal of a file that cannot be read or written."""
    return MachineError(
        "Cannot use {file}: {why}.", file=error.filename, why=reason(error)
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a user's fault is one line and exit 2."""
    given = sys.argv[1:] if arguments is None else arguments
    name_workspace(given)
    speak(language(given))
    spoken(group)
    try:
        code = group.main(args=arguments, prog_name="jalon", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(REFUSED)
    except click.ClickException as error:
        refuse(error.format_message())
    except click.Abort:
        refuse(gettext.gettext("Interrupted."))
    except Refusal as error:
        refuse(error.told(gettext.gettext))
    except Exception as error:
        found = machine.refused(error)
        if found is None and isinstance(error, OSError) and error.filename:
            found = unusable(error)
        if found is None:
            raise
        refuse(found.told(gettext.gettext))
    sys.exit(code if isinstance(code, int) else 0)


def refuse(message: str) -> None:
    """Write one line on standard error and leave with 2."""
    click.echo(" ".join(line.strip() for line in message.splitlines()), err=True)
    sys.exit(REFUSED)
