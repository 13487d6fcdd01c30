"""`jalon`: one group, whose commands are imported only when they are called."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from jalon.cli.door import shared_options

# name: (module:attribute, one line of help)
COMMANDS = {
    "init": ("jalon.cli.init:command", "Create a workspace: the folder of a company."),
    "demo": ("jalon.cli.demo:command", "Create the sample company, then serve it."),
    "import": ("jalon.cli.import_files:command", "Read files into the warehouse."),
    "kpi": ("jalon.cli.kpi:group", "List, show and compute KPIs."),
    "models": ("jalon.cli.models:command", "The ten models of objectives."),
    "objectives": ("jalon.cli.objectives:group", "Import, follow, explain objectives."),
    "serve": ("jalon.cli.serve:command", "Serve the pages."),
    "doctor": ("jalon.cli.doctor:command", "Check the workspace."),
}
WITH_RECORDS = ("objectives", "serve", "doctor")
REFUSED = 2


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
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own shape
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a user's fault is one line and exit 2."""
    name_workspace(sys.argv[1:] if arguments is None else arguments)
    try:
        code = group.main(args=arguments, prog_name="jalon", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(REFUSED)
    except click.ClickException as error:
        refuse(error.format_message())
    except click.Abort:
        refuse("Interrupted.")
    except Exception as error:
        if not type(error).__module__.startswith("jalon."):
            raise
        refuse(str(error))
    sys.exit(code if isinstance(code, int) else 0)


def refuse(message: str) -> None:
    """Write one line on standard error and leave with 2."""
    click.echo(" ".join(message.split()), err=True)
    sys.exit(REFUSED)
